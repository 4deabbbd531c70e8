"""Wat terzijde ligt: who may see it, what it says, and that giving back, opening and discarding are on the trail."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import ProgrammingError

from pipeline.embedded import EmbeddedDeadLetters, EmbeddedSettings, EmbeddedSink
from pipeline.kafka.faults import BrokerAway
from pipeline.key_folder import KeyFolder
from pipeline.letters import letter, letter_id
from pipeline.retry import Stays
from pipeline.store import dead_letters
from pipeline.store.connection import acting
from pipeline.store.dead_letters import Step
from pipeline.store.users import UserRole
from review_ui.dead_letters.words import REASONS, STAYS
from seinpost.letter_desk import LetterDesk
from signals.analysed import ANALYSED_RECORD
from signals.dead_letter import DeadReason
from signals.ports import Cursor
from signals.post import POST_RECORD, Post, PostRemoved
from tests.review_ui.world import SCHOOL, World
from tests.road.invented import SETTINGS, Maker, add_order, analyse, found_in

SECRET = "qzkanarie ik ga je steken"


class Aside:
    """Letters in a world, and a desk that can give them back."""

    def __init__(self, world: World, road: Engine, keys: KeyFolder) -> None:
        self.world, self.road, self.keys = world, road, keys
        world.add_person("toon", UserRole.TUNER)
        self.maker = Maker(keys.id_key(), add_order(world.database))
        sink = EmbeddedSink(road, keys, analyse, EmbeddedSettings(road, SETTINGS), world.clock)
        given = world.app.state.dependencies
        world.app.state.dependencies = replace(given, letters=LetterDesk(road, keys, sink, world.clock))

    def add(self, native: str, reason: DeadReason, step: str, hours_ago: float = 0.1) -> UUID:
        """A post, or an analysed record, set aside."""
        post = self.maker.post(native, f"{SECRET} {native}")
        raw = POST_RECORD.dump_json(post) if step != "intake" else ANALYSED_RECORD.dump_json(found_in(post))
        made = letter(raw, reason, step, "export", self.world.clock() - timedelta(hours=hours_ago))
        EmbeddedDeadLetters(self.road, self.keys).park(made)
        return letter_id(made)

    def state(self, one: UUID) -> str:
        """As the book has it."""
        return str(self.world.one("SELECT state FROM dead_letters WHERE id = %s", one))

    def trail(self, action: str) -> object:
        """How many lines of the trail tell of it."""
        return self.world.one("SELECT count(*) FROM trail WHERE position(%s in payload) > 0", action)


@pytest.fixture
def aside(world: World, keys: KeyFolder) -> Iterator[Aside]:
    """Three posts on which the analysis failed, an hour-old one included, and a line of a file that is none."""
    road = world.database.engine_for("seinpost_road")
    made = Aside(world, road, keys)
    made.add("a", DeadReason.ANALYSIS_FAILED, "analyse")
    made.add("b", DeadReason.ANALYSIS_FAILED, "analyse")
    made.add("c", DeadReason.ANALYSIS_FAILED, "analyse", hours_ago=3)
    made.add("d", DeadReason.MALFORMED, "import", hours_ago=30)
    yield made
    road.dispose()


def seen(page: str) -> str:
    """The words of a page."""
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def test_it_says_what_lies_aside_why_what_to_do_and_how_fast_it_grows(aside: Aside) -> None:
    page = seen(aside.world.signed_in("toon").get("/terzijde").text)
    assert f"{REASONS[DeadReason.ANALYSIS_FAILED][0]} 3 berichten" in page
    assert "2 erbij in het laatste uur, 3 in de laatste 24 uur" in page
    assert REASONS[DeadReason.ANALYSIS_FAILED][1] in page
    assert "Niets erbij in het laatste uur, 0 in de laatste 24 uur" in page
    assert page.index(REASONS[DeadReason.ANALYSIS_FAILED][0]) < page.index(REASONS[DeadReason.MALFORMED][0])
    assert "qzkanarie" not in page


@pytest.mark.parametrize("role", [UserRole.TUNER, UserRole.ADMIN])
def test_who_tunes_or_manages_finds_it_in_the_bar(aside: Aside, role: UserRole) -> None:
    aside.world.add_person("iemand", role)
    answer = aside.world.signed_in("iemand").get("/terzijde")
    assert answer.status_code == 200
    assert 'href="/terzijde" aria-current="page"' in answer.text


@pytest.mark.parametrize("role", [role for role in UserRole if role not in (UserRole.TUNER, UserRole.ADMIN)])
def test_nobody_else_sees_or_touches_it_nor_in_the_database(aside: Aside, role: UserRole) -> None:
    person = aside.world.add_person("iemand", role, school=SCHOOL if role is UserRole.RECIPIENT else None)
    one = aside.add("e", DeadReason.SCHEMA, "analyse")
    browser = aside.world.signed_in("iemand")
    assert browser.get("/terzijde").status_code == 403
    assert browser.get(f"/terzijde/{one}").status_code == 403
    assert browser.post(f"/terzijde/{one}/weg", reden="zomaar weg").status_code == 403
    assert "/terzijde" not in browser.get("/melden").text
    engine = aside.world.app.state.dependencies.engine
    with acting(engine, person, "seinpost_supervisor") as connection:
        assert dead_letters.heaps(connection, aside.world.clock()) == []
    with (
        pytest.raises(ProgrammingError, match="only a tuner"),
        acting(engine, person, "seinpost_supervisor") as connection,
    ):
        dead_letters.step(connection, one, Step.DISCARDED, "zomaar weg", aside.world.clock())
    assert aside.state(one) == "parked"


def test_the_screens_role_reads_no_bytes_and_changes_no_row(aside: Aside) -> None:
    engine = aside.world.app.state.dependencies.engine
    for statement in ("SELECT bytes FROM seinpost.dead_letters", "UPDATE seinpost.dead_letters SET state = 'retried'"):
        with (
            pytest.raises(ProgrammingError, match="permission denied"),
            acting(engine, aside.world.people["toon"], "seinpost_supervisor") as connection,
        ):
            connection.exec_driver_sql(statement)


def test_all_of_a_reason_goes_back_to_the_road_and_stands_in_the_queue_once(aside: Aside) -> None:
    browser = aside.world.signed_in("toon")
    answer = browser.post("/terzijde/alle/analysis_failed/terug")
    assert answer.status_code == 303
    assert "3 berichten zijn teruggezet." in seen(browser.get(answer.headers["location"]).text)
    assert aside.world.one("SELECT count(*) FROM sightings") == 3
    assert aside.trail("dead_letter_retried") == 3
    assert "0 berichten zijn teruggezet." in seen(
        browser.get(browser.post("/terzijde/alle/analysis_failed/terug").headers["location"]).text
    )
    assert aside.world.one("SELECT count(*) FROM sightings") == 3


def test_one_goes_back_also_from_the_queues_side_and_one_that_cannot_says_why(aside: Aside) -> None:
    browser = aside.world.signed_in("toon")
    one = aside.add("e", DeadReason.STORE_REFUSED, "intake")
    assert "Het bericht is teruggezet." in browser.post(f"/terzijde/{one}/terug").text
    assert aside.state(one) == "retried"
    assert aside.world.one("SELECT count(*) FROM sightings") == 1
    foreign = aside.add("f", DeadReason.SCHEMA, "import")
    answer = browser.post(f"/terzijde/{foreign}/terug")
    assert answer.status_code == 409
    assert "Herstel het bij de bron" in answer.text
    assert aside.state(foreign) == "parked"


def test_the_content_is_shown_after_a_reason_that_goes_on_the_trail_and_nowhere_else(aside: Aside) -> None:
    browser = aside.world.signed_in("toon")
    one = aside.add("e", DeadReason.ANALYSIS_FAILED, "analyse")
    assert "qzkanarie" not in browser.get(f"/terzijde/{one}").text
    refused = browser.post(f"/terzijde/{one}/openen", reden="  ab ")
    assert refused.status_code == 422
    assert aside.trail("dead_letter_opened") == 0
    answer = browser.post(f"/terzijde/{one}/openen", reden="fout in de analyse nakijken")
    assert "qzkanarie" in answer.text
    assert answer.headers["cache-control"] == "no-store"
    assert aside.trail("fout in de analyse nakijken") == 1
    assert "qzkanarie" not in browser.get(f"/terzijde/{one}").text


def test_content_whose_hour_is_forgotten_is_gone_and_the_trail_still_knows_who_asked(aside: Aside) -> None:
    one = aside.add("e", DeadReason.ANALYSIS_FAILED, "analyse", hours_ago=50)
    aside.keys.destroy_before(aside.world.clock() - timedelta(hours=48))
    answer = aside.world.signed_in("toon").post(f"/terzijde/{one}/openen", reden="nakijken wat het was")
    assert answer.status_code == 409
    assert "De inhoud is vergeten." in answer.text
    assert aside.trail("dead_letter_opened") == 1


def test_what_is_discarded_with_a_reason_loses_its_bytes_and_stays_discarded(aside: Aside) -> None:
    browser = aside.world.signed_in("toon")
    one = aside.add("e", DeadReason.SCHEMA, "analyse")
    assert browser.post(f"/terzijde/{one}/weg", reden="").status_code == 422
    assert "Het bericht is weggegooid." in browser.post(f"/terzijde/{one}/weg", reden="dubbel ingelezen").text
    assert aside.state(one) == "discarded"
    assert aside.world.one("SELECT bytes IS NULL FROM dead_letters WHERE id = %s", one) is True
    aside.add("e", DeadReason.SCHEMA, "analyse", hours_ago=0)
    assert aside.state(one) == "discarded"
    assert browser.post(f"/terzijde/{one}/terug").status_code == 409
    assert aside.trail("dead_letter_discarded") == 1


def test_a_form_that_is_not_ours_and_a_letter_that_is_not_there_change_nothing(aside: Aside) -> None:
    browser = aside.world.signed_in("toon")
    one = aside.add("e", DeadReason.SCHEMA, "analyse")
    for press in ("terug", "weg", "openen"):
        forged = browser.client.post(f"/terzijde/{one}/{press}", data={"csrf": "x", "reden": "lang genoeg"})
        assert forged.status_code == 403
    assert browser.client.post("/terzijde/alle/schema/terug", data={"csrf": "x"}).status_code == 403
    assert aside.state(one) == "parked"
    assert browser.get("/terzijde/00000000-0000-4000-8000-000000000001").status_code == 404
    assert browser.post("/terzijde/00000000-0000-4000-8000-000000000001/weg", reden="is er niet").status_code == 404


def test_whoever_reloads_or_changes_the_language_after_a_press_is_back_at_the_letter(aside: Aside) -> None:
    browser = aside.world.signed_in("toon")
    one = aside.add("e", DeadReason.SCHEMA, "analyse")
    for press in ("terug", "weg", "openen"):
        answer = browser.get(f"/terzijde/{one}/{press}")
        assert (answer.status_code, answer.headers["location"]) == (303, f"/terzijde/{one}")
    assert aside.state(one) == "parked"
    aside.world.add_person("iemand", UserRole.EXPERT)
    assert aside.world.signed_in("iemand").get(f"/terzijde/{one}/weg").status_code == 403


def test_what_was_given_back_meanwhile_is_not_discarded_and_the_page_says_so(aside: Aside) -> None:
    browser = aside.world.signed_in("toon")
    one = aside.add("e", DeadReason.STORE_REFUSED, "intake")
    browser.post(f"/terzijde/{one}/terug")
    answer = browser.post(f"/terzijde/{one}/weg", reden="dubbel ingelezen")
    assert answer.status_code == 409
    assert "Dit bericht is al teruggezet." in answer.text
    assert aside.state(one) == "retried"


class AwaySink:
    """The road's way in while its broker is away."""

    def accept(self, batch: Sequence[Post | PostRemoved], cursor: Cursor | None) -> None:
        """Take nothing."""
        raise BrokerAway


def test_while_the_road_is_away_nothing_changes_and_the_page_says_to_try_later(aside: Aside) -> None:
    given = aside.world.app.state.dependencies
    desk = replace(given.letters, sink=AwaySink())
    aside.world.app.state.dependencies = replace(given, letters=desk)
    browser = aside.world.signed_in("toon")
    one = aside.add("e", DeadReason.ANALYSIS_FAILED, "analyse")
    answer = browser.post(f"/terzijde/{one}/terug")
    assert answer.status_code == 409
    assert STAYS[Stays.AWAY] in answer.text
    page = seen(browser.get(browser.post("/terzijde/alle/analysis_failed/terug").headers["location"]).text)
    assert "0 berichten zijn teruggezet. 4 berichten bleven liggen." in page
    assert STAYS[Stays.AWAY] in page
    assert aside.trail("dead_letter_retried") == 2, "the first that failed ends the round"
    assert aside.state(one) == "parked"


def test_a_source_is_said_in_words_and_one_that_is_not_known_too(aside: Aside) -> None:
    browser = aside.world.signed_in("toon")
    one = aside.add("e", DeadReason.SCHEMA, "analyse")
    assert "Soort bron Export van een tool" in seen(browser.get(f"/terzijde/{one}").text)
    with aside.world.owner() as owner:
        owner.execute("UPDATE dead_letters SET source_kind = 'unknown' WHERE id = %s", (one,))
    assert "Soort bron niet bekend" in seen(browser.get(f"/terzijde/{one}").text)


def test_every_reason_and_every_refusal_has_short_plain_words() -> None:
    assert set(REASONS) == set(DeadReason)
    sentences = [s for pair in REASONS.values() for s in re.split(r"[.?]", " ".join(pair))]
    sentences += [s for line in STAYS.values() for s in re.split(r"[.?]", line)]
    assert max(len(sentence.split()) for sentence in sentences) <= 13
