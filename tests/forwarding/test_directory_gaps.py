"""What the directory lacks: each gap is told once, with whom it is about, and only while it is there."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

import pytest

from forwarding.directory_gaps import Gap, GapKind, gaps
from forwarding.places import shipped_places
from pipeline.store.directory_upkeep import KeptContact, KeptDirectory, KeptList
from tests.forwarding.town import BOOK, CITY, OTHER_CITY, SCHOOL_X, SCHOOL_Y, STATION, TOWN, Spot

TODAY = date(2026, 11, 23)
LONG = (date(2026, 1, 1), date(2027, 12, 31))


def contact(name: str, kind: str, *places: Spot, unit: str | None = None) -> KeptContact:
    """A contact of whom all is in order."""
    return KeptContact(
        id=uuid4(),
        organisation=f"Organisatie {name}",
        kind=kind,
        police_unit=unit,
        role_name="rol",
        display_name=name.title(),
        email=f"{name}@example.org",
        active=True,
        account_open=True,
        review_on=date(2027, 6, 1),
        confirmed_on=date(2026, 10, 1),
        away_until=None,
        replaced=False,
        places=frozenset(place.id for place in places),
    )


COORDINATOR = contact("coordinator", "school", SCHOOL_X)
WIJKAGENT = contact("wijkagent", "police", TOWN, unit="Polderland")
JENV = contact("jenv", "municipality", CITY)
HELP = contact("hulp", "help", CITY)
EVERYBODY = (COORDINATOR, WIJKAGENT, JENV, HELP)
LIST = KeptList(STATION.id, frozenset({SCHOOL_X.id}), "lezer.een", date(2026, 9, 1))


def kept(*contacts: KeptContact, lists: Iterable[KeptList] = (LIST,)) -> KeptDirectory:
    return KeptDirectory(contacts, {one.organisation: (LONG,) for one in contacts}, tuple(lists))


def found(directory: KeptDirectory, within: int = 30) -> list[tuple[GapKind, str]]:
    return [(gap.kind, gap.about) for gap in gaps(directory, BOOK, TODAY, timedelta(days=within))]


def test_a_directory_in_order_has_no_gaps() -> None:
    assert found(kept(*EVERYBODY)) == []


@pytest.mark.parametrize(
    ("missing", "gap"),
    [
        (COORDINATOR, GapKind.NO_COORDINATOR),
        (WIJKAGENT, GapKind.NO_POLICE),
        (JENV, GapKind.NO_MUNICIPALITY),
        (HELP, GapKind.NO_HELP),
    ],
    ids=lambda value: str(getattr(value, "display_name", value)),
)
def test_a_school_that_nobody_of_a_kind_has_is_named(missing: KeptContact, gap: GapKind) -> None:
    assert found(kept(*(one for one in EVERYBODY if one != missing))) == [(gap, SCHOOL_X.id)]


def test_the_sentence_says_which_school_and_whose_police() -> None:
    [gap] = gaps(kept(COORDINATOR, JENV, HELP), BOOK, TODAY)
    assert gap.what == "Lisdodde College, Waterstad: no wijkagent or other officer of unit Polderland for this school"


def test_an_officer_of_another_unit_is_no_wijkagent_for_the_school_and_is_named_himself() -> None:
    stranger = replace(WIJKAGENT, police_unit="Hoogland")
    assert found(kept(COORDINATOR, stranger, JENV, HELP)) == [
        (GapKind.NO_POLICE, SCHOOL_X.id),
        (GapKind.OTHER_UNIT, stranger.email),
    ]


def test_a_school_whose_coordinator_left_is_not_forgotten() -> None:
    left = replace(COORDINATOR, active=False)
    assert found(kept(left, WIJKAGENT, JENV, HELP, lists=())) == [(GapKind.NO_COORDINATOR, SCHOOL_X.id)]


def test_a_school_on_a_list_that_nobody_serves_is_named() -> None:
    wide = replace(LIST, schools=frozenset({SCHOOL_X.id, SCHOOL_Y.id}))
    assert found(kept(*EVERYBODY, lists=[wide])) == [(GapKind.NO_COORDINATOR, SCHOOL_Y.id)]


@pytest.mark.parametrize(
    ("periods", "gap", "due_on"),
    [
        ((), GapKind.NO_AGREEMENT, None),
        (((date(2025, 1, 1), date(2026, 11, 22)),), GapKind.AGREEMENT_ENDED, date(2026, 11, 22)),
        (((date(2026, 11, 24), date(2027, 1, 1)),), GapKind.AGREEMENT_AHEAD, date(2026, 11, 24)),
        (((date(2026, 1, 1), date(2026, 12, 23)),), GapKind.AGREEMENT_ENDS, date(2026, 12, 23)),
        (
            ((date(2026, 1, 1), date(2026, 12, 10)), (date(2026, 12, 12), date(2028, 1, 1))),
            GapKind.AGREEMENT_ENDS,
            date(2026, 12, 10),
        ),
    ],
    ids=["none", "ended yesterday", "begins tomorrow", "ends in thirty days", "a day's hole before the next"],
)
def test_an_agreement_that_does_not_hold_or_soon_will_not_is_named_once_for_its_organisation(
    periods: tuple[tuple[date, date], ...], gap: GapKind, due_on: date | None
) -> None:
    colleague = replace(JENV, id=uuid4(), email="collega@example.org")
    directory = kept(*EVERYBODY, colleague)
    directory.agreements[JENV.organisation] = periods
    [one] = gaps(directory, BOOK, TODAY)
    assert (one.kind, one.about, one.due_on) == (gap, JENV.organisation, due_on)


@pytest.mark.parametrize(
    "periods",
    [
        ((date(2026, 1, 1), date(2026, 12, 24)),),
        ((date(2026, 1, 1), date(2026, 12, 10)), (date(2026, 12, 11), date(2028, 1, 1))),
        ((date(2026, 1, 1), date(2028, 1, 1)), (date(2026, 2, 1), date(2026, 12, 1))),
    ],
    ids=["ends in thirty-one days", "the next follows at once", "a shorter one within a longer"],
)
def test_an_agreement_that_goes_on_is_no_gap(periods: tuple[tuple[date, date], ...]) -> None:
    directory = kept(*EVERYBODY)
    directory.agreements[JENV.organisation] = periods
    assert found(directory) == []


@pytest.mark.parametrize(
    ("change", "gap"),
    [
        ({"account_open": False}, GapKind.NO_ACCOUNT),
        ({"confirmed_on": None}, GapKind.NEVER_CONFIRMED),
        ({"review_on": date(2026, 12, 23)}, GapKind.REVIEW_DUE),
        ({"places": frozenset({CITY.id, "area:weg"})}, GapKind.UNKNOWN_PLACE),
        ({"away_until": date(2026, 11, 30)}, GapKind.AWAY_ALONE),
        ({"not_arriving": ("email",)}, GapKind.NOT_ARRIVING),
        ({"certificate_ends_on": TODAY + timedelta(days=29)}, GapKind.CERTIFICATE_ENDS),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, dict) else str(value),
)
def test_a_contact_that_needs_looking_after_is_named_until_it_leaves(change: dict[str, object], gap: GapKind) -> None:
    changed = replace(HELP, **change)  # type: ignore[arg-type]  # one field of its own type at a time
    assert found(kept(COORDINATOR, WIJKAGENT, JENV, changed)) == [(gap, HELP.email)]
    gone = replace(changed, active=False)
    assert found(kept(COORDINATOR, WIJKAGENT, JENV, HELP, gone)) == []


def test_somebody_away_for_whom_another_stands_in_is_no_gap() -> None:
    away = replace(HELP, away_until=date(2026, 11, 30), replaced=True)
    assert found(kept(COORDINATOR, WIJKAGENT, JENV, away)) == []


def test_a_contact_without_places_is_named_for_no_rule_reaches_it() -> None:
    idle = contact("nergens", "field")
    assert found(kept(*EVERYBODY, idle)) == [(GapKind.NO_PLACES, idle.email)]


def test_a_list_is_due_a_year_after_it_was_looked_at() -> None:
    assert found(kept(*EVERYBODY, lists=[replace(LIST, reviewed_on=date(2025, 12, 24))])) == []
    old = replace(LIST, reviewed_on=date(2025, 12, 23))
    [gap] = gaps(kept(*EVERYBODY, lists=[old]), BOOK, TODAY)
    assert gap == Gap(
        GapKind.LIST_DUE,
        STATION.id,
        "the list of schools of Rietdam-Elsbroek, kept by lezer.een: to be looked at again",
        date(2026, 12, 23),
        name="Rietdam-Elsbroek",
        detail="lezer.een",
        municipality="Waterstad",
    )


def test_who_is_reached_by_nobody_comes_before_dates_to_look_at() -> None:
    late = replace(HELP, review_on=TODAY)
    kinds = [kind for kind, _ in found(kept(WIJKAGENT, JENV, late))]
    assert kinds == [GapKind.NO_COORDINATOR, GapKind.REVIEW_DUE]


def test_a_whole_municipality_can_be_looked_through() -> None:
    """Every secondary school of Zaanstad, none of which this directory knows."""
    directory = KeptDirectory((), {}, ())
    assert gaps(directory, shipped_places(), TODAY) == []
    about = {gap.about for gap in gaps(directory, shipped_places(), TODAY, municipalities=["Zaanstad"])}
    assert {"brin:20EY00", "brin:20EY07", "mbo:regio-college-zaandam"} <= about
    assert all((entry := shipped_places().entry(one)) and entry.municipality == "Zaanstad" for one in about)
    assert OTHER_CITY.id not in about
