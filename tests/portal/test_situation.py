"""The situation thread: who shares it, what a line tells of who spoke, and that it is told nowhere else."""

import re
from collections.abc import Iterator
from contextlib import AbstractContextManager
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from httpx import Response
from psycopg.sql import SQL, Identifier
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError, ProgrammingError

from forwarding.referrals import WithdrawReason, prepare, withdraw
from pipeline.embedded_postgres import EmbeddedPostgres
from pipeline.key_folder import KeyFolder
from pipeline.retention import forget
from pipeline.store.connection import acting
from pipeline.store.roles import ACTING_ROLES, SERVING_ROLES
from pipeline.store.users import UserRole
from signals.referral import Field, RecipientKind
from signals.situation import CLOSED_MESSAGE_LABELS, MOST_LINES, MOST_OF_ONE, ClosedMessage
from tests.database import fresh
from tests.forwarding.town import ALL_FIELDS, BOOK, NOW, SCHOOL_X, SCHOOL_Y, STATION
from tests.people import add_user
from tests.portal.conftest import House, house_in
from tests.review_ui.world import Browser

SAID_ON_TRAIL = (
    "SELECT payload::jsonb->>6 FROM trail WHERE payload::jsonb->>3 = 'situation_line'"
    " AND payload::jsonb->>5 IN (SELECT signal_id::text FROM referrals)"
)
WITHOUT_THREAD = tuple(field for field in ALL_FIELDS if field is not Field.THREAD)


@pytest.fixture(scope="module")
def built(postgres: EmbeddedPostgres, keys: KeyFolder) -> Iterator[House]:
    """One house for all of this file."""
    with fresh(postgres, keys) as database, house_in(database, keys) as made:
        made.town.add_corridor(STATION, SCHOOL_Y)
        made.world.add_person("school.y", UserRole.RECIPIENT)
        yield made


@pytest.fixture
def house(built: House) -> House:
    """The house without signals and contacts; its people stay, and the trail."""
    with built.town.owner() as owner:
        owner.execute("TRUNCATE seinpost.signals, seinpost.organisations CASCADE")
        owner.execute("UPDATE users SET police = false WHERE username = 'lezer.een'")
    return built


@pytest.fixture
def corridor(house: House) -> dict[str, UUID]:
    """A signal at the station, sent to two schools of its corridor and the police: referral ids by who got it."""
    house.town.add_contact("school.y", RecipientKind.SCHOOL, (SCHOOL_Y,), user=house.world.people["school.y"])
    contacts = {
        "school": house.add_recipient("school", RecipientKind.SCHOOL),
        "school.y": house.town.contacts["school.y-school"],
        "politie": house.add_recipient("politie", RecipientKind.POLICE),
    }
    house.send(*contacts.values())
    return referrals(house, contacts)


def referrals(house: House, contacts: dict[str, UUID]) -> dict[str, UUID]:
    with house.town.owner() as owner:
        found = dict(owner.execute("SELECT contact_id, id FROM referrals").fetchall())
    return {name: found[contact] for name, contact in contacts.items()}


def thread(browser: Browser, referral: UUID) -> str:
    page = browser.get(f"/portaal/{referral}/situatie")
    assert page.status_code == 200, page.text
    return page.text


def key_in(page: str) -> str:
    found = re.search(r'name="sleutel" value="([^"]+)"', page)
    assert found is not None
    return found[1]


def write(browser: Browser, at: str, words: str = "", code: str = "", key: str | None = None) -> Response:
    fields = {"bericht": words} if words else {"gekozen": code} if code else {}
    return browser.post(f"{at}/situatie", sleutel=key or str(uuid4()), **fields)


def stored(house: House) -> list[tuple[str | None, str | None]]:
    with house.town.owner() as owner:
        return owner.execute("SELECT said, body FROM situation_lines ORDER BY number").fetchall()


def test_schools_and_police_of_one_signal_share_one_thread(house: House, corridor: dict[str, UUID]) -> None:
    school, other, police = (house.browser(name) for name in ("school", "school.y", "politie"))
    assert write(school, f"/portaal/{corridor['school']}", "Wij houden de leerlingen binnen.").status_code == 303
    assert write(police, f"/portaal/{corridor['politie']}", code="on_our_way").status_code == 303
    for browser, referral in ((school, "school"), (other, "school.y"), (police, "politie")):
        page = thread(browser, corridor[referral])
        assert "Wij houden de leerlingen binnen." in page
        assert page.index("leerlingen binnen") < page.index(
            f'dir="auto">{CLOSED_MESSAGE_LABELS[ClosedMessage.ON_OUR_WAY]}'
        )
    assert "2 berichten" in other.get(f"/portaal/{corridor['school.y']}").text


def test_a_line_names_no_person_and_no_school_that_the_readers_own_row_does_not_hold(
    house: House, corridor: dict[str, UUID]
) -> None:
    write(house.browser("school"), f"/portaal/{corridor['school']}", "Het is hier stil.")
    write(house.browser("politie"), f"/portaal/{corridor['politie']}", code="found_calm")
    page = thread(house.browser("school.y"), corridor["school.y"])
    assert "Coördinator van een school (1)" in page
    assert "Organisatie politie police" in page, "the police were told of no place that this school does not hear of"
    for hidden in ("Organisatie school school", "rol school", SCHOOL_X.name, "Politie (1)"):
        assert hidden not in page
    own = thread(house.browser("school"), corridor["school"])
    assert "<strong>u</strong>" in own
    body = re.sub(r'class="bar__who">.*?</span>', "", page)  # the reader's own name stands in the bar
    assert not [name for name in ("School", "Politie") if f"<bdi>{name}</bdi>" in body]


def test_police_of_another_area_is_not_named_to_a_school_that_hears_of_no_place_there(house: House) -> None:
    """Two places in one signal: the school hears of the station, the police of the other place too."""
    school = house.add_recipient("school", RecipientKind.SCHOOL)
    police = house.add_recipient("politie", RecipientKind.POLICE)
    signal = house.town.add_signal(STATION, SCHOOL_Y)
    with house.town.expert() as connection:
        prepare(connection, signal, [school, police], house.town.reader, NOW, True, book=BOOK)
    sent = referrals(house, {"school": school, "politie": police})
    write(house.browser("politie"), f"/portaal/{sent['politie']}", code="on_site")
    page = thread(house.browser("school"), sent["school"])
    assert "Politie (1)" in page
    assert "Organisatie politie" not in page


def test_a_school_that_the_signal_names_is_named_to_who_was_told_of_it_and_taken_out_of_words(house: House) -> None:
    school = house.add_recipient("school", RecipientKind.SCHOOL)
    police = house.add_recipient("politie", RecipientKind.POLICE)
    signal = house.town.add_signal(SCHOOL_X)
    with house.town.expert() as connection:
        prepare(connection, signal, [school, police], house.town.reader, NOW, True, book=BOOK)
    sent = referrals(house, {"school": school, "politie": police})
    write(house.browser("school"), f"/portaal/{sent['school']}", "Bij LISDODDE COLLEGE is het stil.")
    assert stored(house) == [(None, "Bij [school] is het stil.")]
    assert "Organisatie school school" in thread(house.browser("politie"), sent["politie"])


def test_the_police_choose_and_cannot_type_by_form_or_by_sql_nor_for_the_team(
    house: House, corridor: dict[str, UUID]
) -> None:
    police = house.browser("politie")
    assert "<textarea" not in thread(police, corridor["politie"])
    assert write(police, f"/portaal/{corridor['politie']}", "uit onze systemen blijkt").status_code == 404
    with pytest.raises(DBAPIError, match="closed messages"), as_recipient(house, "politie") as connection:
        connection.execute(
            text("SELECT seinpost.situation_say(:referral, gen_random_uuid(), NULL, 'uit onze systemen', now())"),
            {"referral": corridor["politie"]},
        )
    with house.town.owner() as owner:
        owner.execute("UPDATE users SET police = true WHERE username = 'lezer.een'")
        signal = owner.execute("SELECT signal_id FROM referrals LIMIT 1").fetchone()
    assert signal is not None
    statement = text("SELECT seinpost.situation_say_as_team(:signal, gen_random_uuid(), NULL, 'vrije woorden', now())")
    with pytest.raises(DBAPIError, match="closed messages"), house.town.expert() as connection:
        connection.execute(statement, {"signal": signal[0]})
    assert stored(house) == []


def as_recipient(house: House, name: str) -> AbstractContextManager[Connection]:
    return acting(house.world.app.state.dependencies.engine, house.town.users[name], "seinpost_recipient")


def test_others_take_part_only_where_their_agreement_says_so(house: House) -> None:
    others = [kind for kind in RecipientKind if kind not in (RecipientKind.SCHOOL, RecipientKind.POLICE)]
    contacts = {f"zonder {kind}": house.add_recipient(f"zonder.{kind}", kind, WITHOUT_THREAD) for kind in others}
    contacts |= {f"met {kind}": house.add_recipient(f"met.{kind}", kind) for kind in others}
    house.send(*contacts.values())
    sent = referrals(house, contacts)
    for kind in others:
        browser, referral = house.browser(f"zonder.{kind}"), sent[f"zonder {kind}"]
        assert browser.get(f"/portaal/{referral}/situatie").status_code == 404
        assert "Naar de situatie" not in browser.get(f"/portaal/{referral}").text
        assert write(browser, f"/portaal/{referral}", code="on_site").status_code == 404
        assert rows_for(house, f"zonder.{kind}", referral) == []
    assert stored(house) == []
    with house.town.owner() as owner:
        signal = owner.execute("SELECT signal_id FROM referrals LIMIT 1").fetchone()
    assert signal is not None
    told = "Doet mee aan het gesprek"
    for name, contact in contacts.items():
        preview = house.browser("anna").get(f"/signaal/{signal[0]}/voorbeeld/{contact}").text
        assert (told in preview) == name.startswith("met"), "the expert sees beforehand who takes part"
    for kind in others:
        browser, referral = house.browser(f"met.{kind}"), sent[f"met {kind}"]
        assert write(browser, f"/portaal/{referral}", "Wij lopen een ronde.").status_code == 303
        assert "Naar de situatie" in browser.get(f"/portaal/{referral}").text
    assert len(stored(house)) == len(others)


def rows_for(house: House, name: str, referral: UUID) -> list[object]:
    """What the database itself gives this recipient of a thread."""
    with as_recipient(house, name) as connection:
        return list(connection.execute(text("SELECT * FROM seinpost.situation_to_me(:r)"), {"r": referral}))


def test_somebody_elses_thread_is_told_like_one_that_never_was(house: House, corridor: dict[str, UUID]) -> None:
    school = house.browser("school")
    for referral in (corridor["politie"], uuid4()):
        assert school.get(f"/portaal/{referral}/situatie").status_code == 404
        assert write(school, f"/portaal/{referral}", code="on_site").status_code == 404
    assert stored(house) == []


def test_a_form_sent_twice_says_it_once_and_going_back_to_say_more_says_more(
    house: House, corridor: dict[str, UUID]
) -> None:
    school, at = house.browser("school"), f"/portaal/{corridor['school']}"
    key = key_in(thread(school, corridor["school"]))
    for expected in ("said", "again"):
        assert f"gedaan={expected}" in write(school, at, "Het is hier stil.", key=key).headers["location"]
    write(school, at, code="please_call", key=key)
    assert stored(house) == [(None, "Het is hier stil."), ("please_call", None)]
    with house.town.owner() as owner:
        lines = owner.execute(SAID_ON_TRAIL).fetchall()
    assert len(lines) == 2


def test_words_are_masked_before_they_are_stored_and_schools_with_them(house: House, corridor: dict[str, UUID]) -> None:
    words = (
        "Bel 0612345678 of @rico op https://voorbeeld.test/x, groep bij het Lisdodde College en"
        " Organisatie school.y school"
    )
    write(house.browser("school"), f"/portaal/{corridor['school']}", words)
    ((_, body),) = stored(house)
    assert body is not None
    for gone in ("0612345678", "rico", "voorbeeld.test", "school.y"):
        assert gone not in body
    assert body.endswith("bij het [school] en [school]")


def test_a_school_is_taken_out_by_nickname_and_with_a_typing_error_whoever_writes(
    house: House, corridor: dict[str, UUID]
) -> None:
    """No directory and no signal here names these schools: the gazetteer does."""
    at = f"/portaal/{corridor['school']}"
    write(house.browser("school"), at, "Groep van over-y loopt naar het Zaanlants, OVER-Y is leeg. Bij IJburg stil.")
    write(house.browser("school"), at, "Bij ons op school is het stil, wij letten op de poort.")
    with house.town.owner() as owner:
        (signal,) = owner.execute("SELECT signal_id FROM referrals LIMIT 1").fetchone() or (None,)
    house.world.people["lezer.een"] = house.town.reader
    write(house.browser("lezer.een"), f"/signaal/{signal}", "Wij bellen de OSB.")
    assert [body for _, body in stored(house)] == [
        "Groep van [school] loopt naar het [school], [school] is leeg. Bij IJburg stil.",
        "Bij ons op school is het stil, wij letten op de poort.",
        "Wij bellen de [school].",
    ]


def test_a_line_that_is_too_long_or_empty_comes_back_with_its_words(house: House, corridor: dict[str, UUID]) -> None:
    school, at = house.browser("school"), f"/portaal/{corridor['school']}"
    long = write(school, at, "stil " * 57)
    assert long.status_code == 422
    assert "hooguit 280 tekens" in long.text
    assert "stil stil" in long.text
    assert write(school, at, "é" * 280).status_code == 303
    empty = write(school, at)
    assert empty.status_code == 422
    assert "Kies een bericht" in empty.text
    assert write(school, at, code="het was Jan").status_code == 422
    assert len(stored(house)) == 1


def test_a_thread_and_one_recipients_part_of_it_are_bounded(house: House, corridor: dict[str, UUID]) -> None:
    fill = (
        "INSERT INTO situation_lines (id, signal_id, referral_id, said, at)"
        " SELECT gen_random_uuid(), r.signal_id, CASE WHEN %s THEN r.id END, 'on_site', now()"
        "   FROM referrals r, generate_series(1, %s) WHERE r.id = %s"
    )
    school, other = (f"/portaal/{corridor[name]}" for name in ("school", "school.y"))
    with house.town.owner() as owner:
        owner.execute(fill, (True, MOST_OF_ONE, corridor["school"]))
    assert "gedaan=full" in write(house.browser("school"), school, "Nog iets.").headers["location"]
    assert "gedaan=said" in write(house.browser("school.y"), other, "Nog iets.").headers["location"]
    with house.town.owner() as owner:
        owner.execute(fill, (False, MOST_LINES - MOST_OF_ONE - 1, corridor["school"]))
    assert "gedaan=full" in write(house.browser("school.y"), other, "Nog iets.").headers["location"]
    assert len(stored(house)) == MOST_LINES


def _withdrawn(house: House) -> None:
    with house.town.owner() as owner:
        (signal,) = owner.execute("SELECT signal_id FROM referrals LIMIT 1").fetchone() or (None,)
    with house.town.expert() as connection:
        withdraw(connection, signal, house.town.reader, NOW, WithdrawReason.FALSE_SIGNAL)


ENDS = {
    "expired": ("expires_at = now() - interval '1 second'", "expires_at = now() + interval '1 day'", "referrals"),
    "agreement ended": ("ends_on = current_date - 1", "ends_on = current_date + 1", "agreements"),
    "contact left": ("active = false", "active = true", "contacts"),
    "sexual harm": ("category = 'sexual'", "category = 'threat'", "signals"),
}


def test_what_ends_the_signal_for_a_recipient_ends_the_thread(house: House, corridor: dict[str, UUID]) -> None:
    school, at = house.browser("school"), f"/portaal/{corridor['school']}"

    def open_to_it() -> list[bool]:
        return [
            school.get(f"{at}/situatie").status_code == 200,
            write(school, at, code="on_site").status_code == 303,
            rows_for(house, "school", corridor["school"]) != [],
        ]

    assert all(open_to_it())
    for what, (ended, back, table) in ENDS.items():
        with house.town.owner() as owner:
            owner.execute(f"UPDATE {table} SET {ended}".encode())
        assert not any(open_to_it()), what
        with house.town.owner() as owner:
            owner.execute(f"UPDATE {table} SET {back}".encode())
    assert all(open_to_it())
    _withdrawn(house)
    assert not any(open_to_it())


def test_a_closed_signal_can_be_read_but_nothing_is_added(house: House, corridor: dict[str, UUID]) -> None:
    school, at = house.browser("school"), f"/portaal/{corridor['school']}"
    write(school, at, "Het is hier stil.")
    with house.town.owner() as owner:
        owner.execute("UPDATE signals SET state = 'closed'")
    page = thread(school, corridor["school"])
    assert "Het is hier stil." in page
    assert "<textarea" not in page
    assert "gedaan=closed" in write(school, at, code="on_site").headers["location"]
    assert len(stored(house)) == 1


def test_only_experts_and_retention_can_touch_the_lines_and_only_by_their_own_road(
    house: House, corridor: dict[str, UUID]
) -> None:
    write(house.browser("school"), f"/portaal/{corridor['school']}", "Het is hier stil.")
    with house.town.owner() as owner:
        roles = (*SERVING_ROLES, *ACTING_ROLES)
        may = {
            role: owner.execute(
                "SELECT has_any_column_privilege(%s, 'seinpost.situation_lines', 'SELECT, INSERT, UPDATE'),"
                "  has_function_privilege(%s, 'seinpost.' || %s, 'EXECUTE')",
                (role, role, "situation_write(uuid, uuid, text, uuid, text, text, timestamptz)"),
            ).fetchone()
            for role in roles
        }
        assert {role for role, (table, _) in may.items() if table} == {"seinpost_expert", "seinpost_retention"}
        assert {role for role, (_, function) in may.items() if function} == set()
        forced = owner.execute("SELECT relforcerowsecurity FROM pg_class WHERE relname = 'situation_lines'").fetchone()
        assert forced == (True,)
    for kind in RecipientKind:
        engine = house.world.app.state.dependencies.engine
        with (
            pytest.raises(ProgrammingError),
            acting(engine, house.town.users["school"], f"seinpost_recipient_{kind}") as c,
        ):
            c.execute(text("SELECT body FROM seinpost.situation_lines"))
    with pytest.raises(ProgrammingError), house.town.expert() as connection:
        connection.execute(text("UPDATE seinpost.situation_lines SET body = 'iets anders'"))


def test_the_team_reads_along_and_writes_but_who_must_still_read_blind_or_works_at_the_school_does_not(
    house: House,
) -> None:
    school = house.add_recipient("school", RecipientKind.SCHOOL)
    signal = house.town.add_signal(SCHOOL_X, readers=1)
    with house.town.expert() as connection:
        prepare(connection, signal, [school], house.town.reader, NOW, place_notice=True, book=BOOK)
    (referral,) = referrals(house, {"school": school}).values()
    write(house.browser("school"), f"/portaal/{referral}", "Het is hier stil.")
    house.world.people["lezer.een"] = house.town.reader
    house.world.people["lezer.twee"] = house.town.second
    house.world.people["eigen"] = add_user(house.town.database, "eigen", "expert", school=SCHOOL_X.id)
    first = house.browser("lezer.een")
    page = first.get(f"/signaal/{signal}/situatie").text
    assert "Het is hier stil." in page
    assert "Organisatie school school" in page
    assert write(first, f"/signaal/{signal}", "Wij bellen de wijkagent.").status_code == 303
    assert "De beoordelaars" in thread(house.browser("school"), referral)
    for other in ("lezer.twee", "eigen"):
        assert house.browser(other).get(f"/signaal/{signal}/situatie").status_code == 404
        assert write(house.browser(other), f"/signaal/{signal}", code="on_site").status_code == 404
    with house.town.expert(house.town.second) as connection:
        seen = connection.execute(text("SELECT count(*) FROM seinpost.situation_lines")).scalar_one()
    assert seen == 0
    assert len(stored(house)) == 2


def test_the_api_has_the_thread_for_the_experts_of_the_signal_by_the_same_rules(
    house: House, corridor: dict[str, UUID]
) -> None:
    write(house.browser("school"), f"/portaal/{corridor['school']}", "Het is hier stil.")
    house.world.people["lezer.een"] = house.town.reader
    house.world.people["eigen.school"] = add_user(house.town.database, "eigen.school", "expert", school=SCHOOL_X.id)
    with house.town.owner() as owner:
        (signal,) = owner.execute("SELECT signal_id FROM referrals LIMIT 1").fetchone() or (None,)
        owner.execute(
            "INSERT INTO signal_places (signal_id, place_id, kind, name) VALUES (%s, %s, 'school', %s)",
            (signal, SCHOOL_X.id, SCHOOL_X.name),
        )
    path, expert = f"/signals/{signal}/situation", house.browser("lezer.een")
    seen = expert.get(f"/api/v1{path}").json()
    assert (seen["goes_on"], seen["chooses"]) == (True, False)
    assert [(line["kind"], line["organisation"], line["body"]) for line in seen["lines"]] == [
        ("school", "Organisatie school school", "Het is hier stil.")
    ]
    question = {"key": str(uuid4()), "words": "Bel 0612345678, wij bellen Damstede."}
    assert [expert.call(path, question).json() for _ in range(2)] == [{"came_of_it": "said"}, {"came_of_it": "again"}]
    expert.call(path, {"key": str(uuid4()), "message": "please_call"})
    assert stored(house)[1:] == [(None, "Bel [telefoon], wij bellen [school]."), ("please_call", None)]
    refused = [expert.call(path, {"key": str(uuid4()), "words": words}) for words in ("  ", "stil " * 57)] + [
        house.browser("eigen.school").call(path, question),
        house.browser("school").call(path, question),
    ]
    assert [(answer.status_code, answer.json()["error"]) for answer in refused] == [
        (422, "nothing_chosen"),
        (422, "line_too_long"),
        (404, "no_such_thread"),
        (403, "not_allowed"),
    ]
    assert house.browser("eigen.school").get(f"/api/v1{path}").status_code == 404
    with house.town.owner() as owner:
        owner.execute("UPDATE users SET police = true WHERE username = 'lezer.een'")
    assert expert.get(f"/api/v1{path}").json()["chooses"]
    assert expert.call(path, {**question, "key": str(uuid4())}).status_code == 404, "the police choose"
    assert len(stored(house)) == 3


def test_the_words_stand_in_no_other_table_and_the_trail_says_only_that_something_was_said(
    house: House, corridor: dict[str, UUID], caplog: pytest.LogCaptureFixture
) -> None:
    sentinel = "kwikstaartje"
    write(house.browser("school"), f"/portaal/{corridor['school']}", f"Het {sentinel} is geland.")
    house.browser("politie").get(f"/portaal/{corridor['politie']}/situatie")
    with house.town.owner() as owner:
        tables = [row[0] for row in owner.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'seinpost'")]
        holding = {
            table
            for table in tables
            if owner.execute(
                SQL("SELECT 1 FROM seinpost.{} t WHERE t::text ILIKE %s LIMIT 1").format(Identifier(table)),
                (f"%{sentinel}%",),
            ).fetchone()
        }
        said = owner.execute(SAID_ON_TRAIL).fetchall()
    assert holding == {"situation_lines"}
    assert said == [('{"by": "school", "closed_message": false}',)]
    assert sentinel not in caplog.text


def test_what_was_said_goes_when_nobody_can_see_the_signal_any_more_or_it_is_withdrawn(
    house: House, corridor: dict[str, UUID], tmp_path: Path
) -> None:
    school, at = house.browser("school"), f"/portaal/{corridor['school']}"
    retention, road = (house.town.database.engine_for(role) for role in ("seinpost_retention", "seinpost_road"))
    keys = KeyFolder(tmp_path / "keys")
    write(school, at, "Het is hier stil.")
    assert forget(retention, road, keys, NOW + timedelta(days=27))["situation"] == 0
    assert forget(retention, road, keys, NOW + timedelta(days=28))["situation"] == 1
    assert stored(house) == []
    write(house.browser("school"), at, "Het is hier stil.")
    _withdrawn(house)
    assert forget(retention, road, keys, NOW)["situation"] == 1
    retention.dispose()
    road.dispose()


def test_hostile_words_stay_words(house: House, corridor: dict[str, UUID]) -> None:
    write(house.browser("school"), f"/portaal/{corridor['school']}", "<script>alert(1)</script> \u202eomgekeerd")
    page = thread(house.browser("school.y"), corridor["school.y"])
    assert "<script>alert" not in page
    assert "\u202e" not in page


def test_a_tip_is_brought_without_anything_of_the_signal(house: House, corridor: dict[str, UUID]) -> None:
    school = house.browser("school")
    for page in ("/portaal", f"/portaal/{corridor['school']}"):
        assert '<a class="nl-link" href="/melden">Meld het.' in school.get(page).text
    form = school.get("/melden").text
    for content in (str(corridor["school"]), STATION.name, "Confrontatie"):
        assert content not in form
    assert school.get("/melden").headers["referrer-policy"] == "no-referrer"
