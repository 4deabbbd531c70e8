"""Handing a signal to another region's team: a person does, who takes it over accepts, and nobody sees less for it."""

import re
from uuid import UUID

import pytest
from httpx import Response
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from forwarding.regions import MUNICIPALITIES
from pipeline.store.connection import acting
from pipeline.store.region_handover import standing
from pipeline.store.users import UserRole
from signals.place import PlaceKind
from signals.region import REGION_NAMES, Region
from tests.review_ui.world import SCHOOL, Browser, World

WAITS = "Overgedragen aan Rotterdam, wacht op aanvaarding"
OTHERS = "overgedragen aan Rotterdam, wacht op aanvaarding"


@pytest.fixture
def teams(world: World) -> World:
    """Anna reads in the Zaanstreek, Bram in Rotterdam, Eva in Amsterdam; Chris is of no team in particular."""
    world.add_person("eva", UserRole.EXPERT)
    with world.owner() as owner:
        for name, region in (("anna", "zaanstreek"), ("bram", "rotterdam"), ("eva", "amsterdam")):
            owner.execute("UPDATE users SET region = %s WHERE username = %s", (region, name))
    return world


def hand_over(browser: Browser, signal: UUID, to: str = "rotterdam", why: str = "most_is_there") -> Response:
    return browser.post(f"/signaal/{signal}/regio", naar=to, reden=why)


def team_of(world: World, signal: UUID) -> Region | None:
    with acting(world.app.state.dependencies.engine, world.people["anna"], "seinpost_expert") as connection:
        return standing(connection, signal).team


def trail_of(world: World, signal: UUID) -> list[str]:
    with world.owner() as owner:
        rows = owner.execute(
            "SELECT payload::jsonb->>3 FROM trail WHERE payload::jsonb->>5 = %s"
            " AND payload::jsonb->>3 LIKE 'region%%' ORDER BY seq",
            (str(signal),),
        )
        return [row[0] for row in rows]


def test_until_somebody_there_accepts_the_first_team_keeps_it(teams: World) -> None:
    signal = teams.add_signal()
    anna, bram = teams.signed_in("anna"), teams.signed_in("bram")
    assert "Het team dat het leest." in anna.get(f"/signaal/{signal}").text
    assert "gedaan=region_offered" in hand_over(anna, signal).headers["location"]
    for browser in (anna, bram):
        page = browser.get(f"/signaal/{signal}").text
        assert WAITS in page
        assert "Tot dan is team Zaanstreek aan zet." in page
    assert team_of(teams, signal) is Region.ZAANSTREEK
    assert "gedaan=region_taken" in bram.post(f"/signaal/{signal}/regio/aanvaarden").headers["location"]
    page = anna.get(f"/signaal/{signal}").text
    assert WAITS not in page
    assert re.search(r"<strong>Rotterdam</strong>: overgenomen door <bdi>Bram</bdi>", page)
    assert team_of(teams, signal) is Region.ROTTERDAM
    assert trail_of(teams, signal) == ["region_offered", "region_taken"]


def test_the_other_team_gives_it_back_with_a_reason_from_the_list_and_it_can_be_handed_over_again(teams: World) -> None:
    signal = teams.add_signal()
    anna, bram = teams.signed_in("anna"), teams.signed_in("bram")
    hand_over(anna, signal)
    assert bram.post(f"/signaal/{signal}/regio/teruggeven", reden="geen zin").status_code == 422
    bram.post(f"/signaal/{signal}/regio/teruggeven", reden="talk_first")
    page = anna.get(f"/signaal/{signal}").text
    assert "Rotterdam nam het niet over: bel ons eerst." in " ".join(page.split())
    assert team_of(teams, signal) is None, "the team that reads it, as before"
    hand_over(anna, signal)
    anna.post(f"/signaal/{signal}/regio/terugnemen")
    hand_over(anna, signal, "amsterdam")
    assert "Overgedragen aan Amsterdam" in bram.get(f"/signaal/{signal}").text
    assert trail_of(teams, signal) == [
        "region_offered",
        "region_given_back",
        "region_offered",
        "region_taken_back",
        "region_offered",
    ]


@pytest.mark.parametrize("answer", ["aanvaarden", "teruggeven"])
def test_only_the_other_team_answers_and_who_is_of_no_team_may_answer_for_any(teams: World, answer: str) -> None:
    signal = teams.add_signal()
    hand_over(teams.signed_in("anna"), signal)
    path, fields = f"/signaal/{signal}/regio/{answer}", {"reden": "talk_first"}
    for name in ("anna", "eva"):
        refused = teams.signed_in(name).post(path, **fields)
        assert refused.status_code == 409, name
        assert "een ander team moet antwoorden" in refused.text
        assert "Niet overnemen" not in teams.signed_in(name).get(f"/signaal/{signal}").text
    assert teams.signed_in("bram").post(f"/signaal/{signal}/regio/terugnemen").status_code == 409
    assert teams.signed_in("chris").post(path, **fields).status_code == 303
    assert teams.signed_in("bram").post(path, **fields).status_code == 409, "it was answered"


def test_a_signal_is_not_handed_over_twice_at_once_nor_to_who_has_it_nor_when_it_is_over(teams: World) -> None:
    signal = teams.add_signal()
    anna, bram = teams.signed_in("anna"), teams.signed_in("bram")
    assert hand_over(anna, signal, "zaanstreek").status_code == 409
    hand_over(anna, signal)
    assert hand_over(bram, signal, "amsterdam").status_code == 409
    bram.post(f"/signaal/{signal}/regio/aanvaarden")
    assert hand_over(anna, signal, "rotterdam").status_code == 409, "Rotterdam has it, whoever asks"
    hand_over(anna, signal, "haaglanden")
    assert team_of(teams, signal) is Region.ROTTERDAM
    over = teams.add_signal("een ander bericht")
    with teams.owner() as owner:
        owner.execute("UPDATE signals SET state = 'rejected' WHERE id = %s", (over,))
    assert hand_over(anna, over).status_code == 409
    assert "Overdragen aan een andere regio" not in anna.get(f"/signaal/{over}").text


def test_nobody_sees_less_or_more_for_it_and_the_queue_says_that_it_waits(teams: World) -> None:
    signal = teams.add_signal()

    def shown(name: str, view: str = "all") -> bool:
        return str(signal) in teams.signed_in(name).get(f"/werkvoorraad?lijst={view}").text

    before = {name: shown(name) for name in ("anna", "bram", "eva", "chris")}
    assert not any(shown(name, "mine") for name in before)
    hand_over(teams.signed_in("anna"), signal)
    assert {name: shown(name) for name in before} == before
    assert [name for name in before if shown(name, "mine")] == ["bram"], "it waits for Rotterdam"
    assert OTHERS in teams.signed_in("eva").get("/werkvoorraad").text
    teams.signed_in("bram").post(f"/signaal/{signal}/regio/aanvaarden")
    assert {name: shown(name) for name in before} == before
    assert not shown("bram", "mine"), "nothing waits any more; taking it up is the next step"
    assert OTHERS not in teams.signed_in("eva").get("/werkvoorraad").text


def test_who_works_at_a_named_school_sees_and_answers_nothing_of_it(teams: World) -> None:
    signal = teams.add_signal(places=((SCHOOL, PlaceKind.SCHOOL, "Lisdodde College"),))
    hand_over(teams.signed_in("anna"), signal)
    dunya = teams.signed_in("dunya")
    assert dunya.post(f"/signaal/{signal}/regio/aanvaarden").status_code in (404, 409)
    assert hand_over(dunya, signal, "amsterdam").status_code in (404, 409)
    with acting(teams.app.state.dependencies.engine, teams.people["dunya"], "seinpost_expert") as connection:
        assert connection.execute(text("SELECT count(*) FROM seinpost.region_handovers")).scalar_one() == 0


def test_what_was_handed_over_can_not_be_rewritten_or_said_in_anothers_name(teams: World) -> None:
    signal = teams.add_signal()
    hand_over(teams.signed_in("anna"), signal)
    engine = teams.app.state.dependencies.engine
    for statement in (
        "UPDATE seinpost.region_handovers SET to_region = 'amsterdam'",
        "UPDATE seinpost.region_handovers SET outcome = 'taken', answered_at = now(),"
        f" answered_by = '{teams.people['chris']}'",
        "DELETE FROM seinpost.region_handovers",
        "INSERT INTO seinpost.region_handovers (signal_id, to_region, why, offered_at, offered_by)"
        f" VALUES ('{teams.add_signal('nog een')}', 'amsterdam', 'most_is_there', now(), '{teams.people['anna']}')",
    ):
        with pytest.raises(DBAPIError), acting(engine, teams.people["bram"], "seinpost_expert") as connection:
            connection.execute(text(statement))
    assert team_of(teams, signal) is Region.ZAANSTREEK


def test_the_regions_of_the_teams_are_those_of_the_municipalities() -> None:
    assert {code: name for code, (name, _) in MUNICIPALITIES.items()} == {
        region.value: name for region, name in REGION_NAMES.items()
    }
