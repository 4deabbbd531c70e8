"""What one recipient sees: its row of the table, its agreement and the switches, never more."""

from datetime import timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forwarding.excerpt import excerpt
from forwarding.need_to_know import fields_for
from forwarding.own_places import own_places
from forwarding.views import preview
from pipeline.store.queue import NamedPlace
from signals.label import Category, Level
from signals.referral import ALLOWED, EXCERPT_LENGTH, Field, RecipientKind
from tests.forwarding.town import (
    BOOK,
    CITY,
    NOW,
    OTHER_AREA,
    QUARTER,
    SCHOOL_X,
    SCHOOL_Y,
    STATION,
    TEXT,
    TOWN,
    Spot,
    Town,
)

HARM = [category for category in Category if category not in (Category.SEXUAL, Category.NONE)]


def named(*spots: Spot) -> list[NamedPlace]:
    return [NamedPlace(spot.id, spot.kind, spot.name) for spot in spots]


@pytest.mark.parametrize("kind", list(RecipientKind))
@pytest.mark.parametrize(("police_excerpt", "place_notice"), list(product([False, True], repeat=2)))
def test_no_combination_gives_more_than_the_row_and_the_agreement(
    kind: RecipientKind, police_excerpt: bool, place_notice: bool
) -> None:
    for category, level, left_out in product(Category, Level, [None, *Field]):
        agreed = frozenset(Field) - {left_out}
        seen = fields_for(kind, agreed, category, level, police_excerpt=police_excerpt, place_notice=place_notice)
        assert seen <= ALLOWED[kind] & agreed
        if category is Category.SEXUAL:
            assert seen <= {Field.CATEGORY, Field.PLACE}
        if place_notice:
            assert not seen & {Field.EXCERPT, Field.LINK}


@pytest.mark.parametrize("category", HARM)
def test_the_police_switch_opens_excerpt_and_link_and_nothing_else(category: Category) -> None:
    off, on = (
        fields_for(RecipientKind.POLICE, Field, category, Level.ACUUT, police_excerpt=switch, place_notice=False)
        for switch in (False, True)
    )
    assert on - off == {Field.EXCERPT, Field.LINK}


def test_the_police_may_open_the_link_only_when_it_is_concrete_or_acute() -> None:
    for level in Level:
        seen = fields_for(RecipientKind.POLICE, Field, Category.WEAPON, level, police_excerpt=True, place_notice=False)
        assert (Field.LINK in seen) == (level in (Level.CONCREET, Level.ACUUT))


def test_no_agreed_field_is_no_field() -> None:
    for kind in RecipientKind:
        assert not fields_for(kind, (), Category.THREAT, Level.ACUUT, police_excerpt=True, place_notice=False)


def test_a_school_hears_its_own_school_and_places_that_concern_it() -> None:
    here = named(SCHOOL_X, SCHOOL_Y, STATION, QUARTER, OTHER_AREA)
    corridors = {STATION.id: frozenset({SCHOOL_X.id})}
    assert own_places(RecipientKind.SCHOOL, frozenset({SCHOOL_X.id}), here, corridors, BOOK) == (
        "Lisdodde College",
        "Rietdam-Elsbroek",
        "Kikkerhoek",
    )


def test_the_police_hear_places_in_their_own_area_only() -> None:
    here = named(SCHOOL_X, STATION, OTHER_AREA)
    assert own_places(RecipientKind.POLICE, frozenset({TOWN.id}), here, {}, BOOK) == (
        "Lisdodde College",
        "Rietdam-Elsbroek",
    )


def test_the_field_hears_the_area_of_a_school_and_not_the_school() -> None:
    here = named(SCHOOL_X, QUARTER)
    assert own_places(RecipientKind.FIELD, frozenset({CITY.id}), here, {}, BOOK) == ("Rietdam", "Kikkerhoek")


def test_a_help_partner_hears_the_school_when_one_is_named() -> None:
    assert own_places(RecipientKind.HELP, frozenset({CITY.id}), named(SCHOOL_X, STATION), {}, BOOK) == (
        "Lisdodde College",
    )


def test_each_kind_gets_the_reading_in_its_own_length_and_never_a_name(town: Town) -> None:
    signal = town.add_signal(STATION, TOWN)
    seen = {}
    with town.expert() as connection:
        for name in ("coordinator.x", "wijkagent", "jenv", "jongerenwerk", "hulp", "otsv"):
            seen[name] = preview(connection, signal, town.contacts[name], book=BOOK).view
    assert "[naam]" in (seen["coordinator.x"].duiding or "")
    assert seen["jenv"].duiding == "Geen clip, oproep met tijd en plaats."
    assert seen["jongerenwerk"].duiding == "Wees zichtbaar aanwezig en let op groepen die zich verzamelen."
    assert seen["jongerenwerk"].theme == "geweld"
    assert seen["jongerenwerk"].category is None
    assert seen["hulp"].duiding == "Kunt u hulp klaarzetten voor wie hierbij betrokken raakt?"
    assert not any("Sanne" in (view.duiding or "") for view in seen.values())
    assert seen["coordinator.x"].window_start == NOW + timedelta(hours=2)


def test_a_text_whose_source_is_gone_is_in_no_excerpt(town: Town) -> None:
    for signal in (town.add_signal(STATION, removed=True), town.add_signal(STATION, text=None)):
        with town.expert() as connection:
            seen = preview(connection, signal, town.contacts["coordinator.x"], book=BOOK).view
        assert seen.excerpt is None
        assert seen.places == ("Rietdam-Elsbroek",)


def test_the_excerpt_holds_the_reasons_and_says_where_it_was_cut() -> None:
    text = "voor " * 200 + "morgen om vier uur bij de brug " + "na " * 300
    start = text.index("vier uur")
    cut = excerpt(text, [(start, start + 8), (text.index("brug"), text.index("brug") + 4)])
    assert "morgen om vier uur bij de brug" in cut
    assert cut.startswith("…")
    assert cut.endswith("…")


def test_a_short_text_is_its_own_excerpt_and_turning_marks_are_gone() -> None:
    assert excerpt(TEXT, []) == TEXT
    assert excerpt("kom \u202eniet\u202c\nhier\x00heen", []) == "kom niet hier heen"


@given(
    st.text(max_size=1500),
    st.lists(st.tuples(st.integers(0, 1500), st.integers(1, 200)), max_size=8),
)
def test_no_excerpt_is_longer_than_280_code_points(text: str, spans: list[tuple[int, int]]) -> None:
    inside = [(start, min(len(text), start + length)) for start, length in spans if start < len(text)]
    assert len(excerpt(text, inside)) <= EXCERPT_LENGTH
