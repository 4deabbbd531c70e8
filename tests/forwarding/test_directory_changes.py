"""Who is away, who stands in, and who was made sure of: what it does to who is told, and for which days only."""

from datetime import UTC, date, datetime, timedelta

import pytest

from forwarding import directory_changes as changes
from forwarding.directory_changes import DaysWrong, NoSuchStandIn, NotInDirectory
from forwarding.directory_gaps import GapKind, gaps
from forwarding.routing import Proposal, propose
from forwarding.views import preview
from pipeline.store.connection import Database
from pipeline.store.directory_upkeep import KeptContact, kept_directory
from signals.referral import RecipientKind
from tests.database import as_owner
from tests.forwarding.town import BOOK, OTHER_AREA, SCHOOL_X, STATION, Town

NOW = datetime.now(UTC)  # the database asks its own clock which day it is
TODAY = NOW.date()
WEEK = timedelta(days=7)


def change(database: Database, what: str, *args: object) -> int:
    """One of the changes, by its name, as the owner in a transaction of its own."""
    with as_owner(database) as connection:
        done: int = getattr(changes, what)(connection, *args, NOW)
        return done


def proposals(town: Town, *places: object) -> dict[str, Proposal]:
    signal = town.add_signal(*places)  # type: ignore[arg-type]
    with town.expert() as connection:
        return {one.display_name: one for one in propose(connection, signal, book=BOOK)}


def kept(town: Town) -> dict[str, KeptContact]:
    with as_owner(town.database) as connection:
        found = kept_directory(connection)
    return {one.display_name: one for one in found.contacts}


def test_a_stand_in_is_told_for_these_days_and_the_list_says_for_whom(town: Town) -> None:
    change(town.database, "set_away", "coordinator.x@example.org", TODAY, TODAY + WEEK, "coordinator.y@example.org")
    found = proposals(town, SCHOOL_X)
    last = f"{TODAY + WEEK:%d-%m-%Y}"
    assert found["coordinator.y"].why == (
        "Lisdodde College wordt genoemd. Dit is de coördinator van die school. "
        f"Neemt tot en met {last} waar voor coordinator.x."
    )
    assert found["coordinator.x"].why.endswith(f"Afwezig tot en met {last}; coordinator.y neemt waar.")
    assert found["coordinator.y"].sendable


def test_a_stand_in_sees_the_place_that_comes_with_it(town: Town) -> None:
    change(town.database, "set_away", "coordinator.x@example.org", TODAY, TODAY, "coordinator.y@example.org")
    signal = town.add_signal(SCHOOL_X)
    with town.expert() as connection:
        seen = preview(connection, signal, town.contacts["coordinator.y"], book=BOOK)
    assert seen.view.places == ("Lisdodde College",)
    assert seen.hindrance is None


@pytest.mark.parametrize(("first", "last"), [(1, 7), (-7, -1)], ids=["from tomorrow", "until yesterday"])
def test_before_and_after_these_days_nothing_is_different(town: Town, first: int, last: int) -> None:
    days = TODAY + timedelta(days=first), TODAY + timedelta(days=last)
    change(town.database, "set_away", "coordinator.x@example.org", *days, "coordinator.y@example.org")
    found = proposals(town, SCHOOL_X)
    assert "coordinator.y" not in found
    assert "Afwezig" not in found["coordinator.x"].why


def test_who_is_away_without_a_stand_in_is_named_with_the_advice_to_call_and_is_a_gap(town: Town) -> None:
    change(town.database, "set_away", "wijkagent@example.org", TODAY, TODAY + WEEK, None)
    assert proposals(town, STATION)["wijkagent"].why.endswith("niemand neemt waar, dus bel.")
    assert kept(town)["wijkagent"].away_until == TODAY + WEEK
    with as_owner(town.database) as connection:
        found = gaps(kept_directory(connection), BOOK, TODAY)
    assert [gap.about for gap in found if gap.kind is GapKind.AWAY_ALONE] == ["wijkagent@example.org"]


def test_an_officer_of_another_unit_who_stands_in_is_not_told_of_ground_that_is_not_his_units(town: Town) -> None:
    change(town.database, "set_away", "wijkagent@example.org", TODAY, TODAY, "wijkagent.heuvelstad@example.org")
    assert "wijkagent.heuvelstad" not in proposals(town, STATION)
    assert "wijkagent.heuvelstad" in proposals(town, OTHER_AREA)


def test_a_stand_in_who_left_is_not_told(town: Town) -> None:
    change(town.database, "set_away", "coordinator.x@example.org", TODAY, TODAY, "coordinator.y@example.org")
    with town.owner() as owner:
        owner.execute("UPDATE contacts SET active = false WHERE display_name = 'coordinator.y'")
    found = proposals(town, SCHOOL_X)
    assert "coordinator.y" not in found
    assert found["coordinator.x"].why.endswith("niemand neemt waar, dus bel.")


def test_back_before_the_day_that_was_told(town: Town) -> None:
    change(town.database, "set_away", "coordinator.x@example.org", TODAY - WEEK, TODAY + WEEK, None)
    assert change(town.database, "set_back", "coordinator.x@example.org") == 1
    assert "Afwezig" not in proposals(town, SCHOOL_X)["coordinator.x"].why
    assert change(town.database, "set_back", "coordinator.x@example.org") == 0


def test_days_told_again_replace_those_they_overlap(town: Town) -> None:
    change(town.database, "set_away", "coordinator.x@example.org", TODAY, TODAY + WEEK, "coordinator.y@example.org")
    change(town.database, "set_away", "coordinator.x@example.org", TODAY, TODAY, "coordinator.z@example.org")
    found = proposals(town, SCHOOL_X)
    assert "coordinator.z" in found
    assert "coordinator.y" not in found


@pytest.mark.parametrize("stand_in", ["hulp@example.org", "niemand@example.org", "coordinator.x@example.org"])
def test_nobody_stands_in_for_another_kind_or_for_himself(town: Town, stand_in: str) -> None:
    with pytest.raises(NoSuchStandIn, match=f"contact of kind school has the address {stand_in}"):
        change(town.database, "set_away", "coordinator.x@example.org", TODAY, TODAY, stand_in)
    assert kept(town)["coordinator.x"].away_until is None


def test_an_address_that_nobody_has_and_days_that_cannot_be_are_refused(town: Town) -> None:
    for what, args in (
        ("set_away", (TODAY, TODAY, None)),
        ("set_back", ()),
        ("confirm", (TODAY + WEEK,)),
    ):
        with pytest.raises(NotInDirectory, match=r"no active contact has the address wie@example\.org"):
            change(town.database, what, "wie@example.org", *args)
    with pytest.raises(DaysWrong, match="lies before the first"):
        change(town.database, "set_away", "hulp@example.org", TODAY, TODAY - WEEK, None)
    with pytest.raises(DaysWrong, match="must lie ahead"):
        change(town.database, "confirm", "hulp@example.org", TODAY)


def test_a_contact_that_was_made_sure_of_is_no_gap_until_the_day_to_look_again(town: Town) -> None:
    assert kept(town)["hulp"].confirmed_on is None
    change(town.database, "confirm", "hulp@example.org", date(2099, 1, 1))
    assert (kept(town)["hulp"].confirmed_on, kept(town)["hulp"].review_on) == (TODAY, date(2099, 1, 1))


def test_the_trail_has_every_change_and_no_name_or_address(town: Town) -> None:
    change(town.database, "set_away", "coordinator.x@example.org", TODAY, TODAY, "coordinator.y@example.org")
    change(town.database, "set_back", "coordinator.x@example.org")
    change(town.database, "confirm", "coordinator.x@example.org", TODAY + WEEK)
    with town.owner() as owner:
        lines = [line for (line,) in owner.execute("SELECT payload FROM trail ORDER BY seq").fetchall()]
    told = "\n".join(line.decode() if isinstance(line, bytes) else str(line) for line in lines)
    assert [word for word in ("contact_away", "contact_back", "contact_confirmed") if word in told] == [
        "contact_away",
        "contact_back",
        "contact_confirmed",
    ]
    assert "coordinator" not in told
    assert RecipientKind.SCHOOL.value not in told
