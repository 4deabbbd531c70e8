"""Which places are found in invented sentences, and which words are left alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.normalise import normalise
from nlp.places.gazetteer import UnknownPlaceError, load
from nlp.places.linker import shipped
from signals.place import PlaceKind


def found(text: str) -> list[tuple[str, str]]:
    clean = normalise(text)
    return [(text[slice(*clean.original(p.start, p.end))], p.id) for p in shipped().link(clean.text).found]


@pytest.mark.parametrize(
    ("text", "surface", "identifier"),
    [
        ("kom naar station Krommenie-Assendelft", "station Krommenie-Assendelft", "ns:KMA"),
        ("krommenie assendelft na school", "krommenie assendelft", "ns:KMA"),
        ("iedereen in zaandam weet het", "zaandam", "area:zaandam"),
        ("heel z@@ndam weet het", "z@@ndam", "area:zaandam"),
        ("poelenburg staat klaar", "poelenburg", "area:zaanstad/poelenburg"),
        ("saendelft vs krommenie", "saendelft", "area:zaanstad/saendelft"),
        ("wij komen uit de 075", "075", "area:zaanstreek"),
        ("damsko op zijn kop", "damsko", "cbs:GM0363"),
        ("fittie in b1ms vanavond", "b1ms", "area:amsterdam/bijlmer"),
        ("wapen gezien bij roc zuidoost", "roc zuidoost", "school:amsterdam/roc-zuidoost"),
        ("morgen op de osb", "osb", "brin:03AQ00"),
        ("chillen in Noord vanavond", "Noord", "area:amsterdam/noord"),
        ("we staan bij roffa cs", "roffa cs", "ns:RTD"),
    ],
)
def test_a_place_is_found_as_young_people_write_it(text: str, surface: str, identifier: str) -> None:
    assert (surface, identifier) in found(text)


def test_krommenie_assendelft_is_one_station_and_not_three_places() -> None:
    assert found("om vier uur bij station Krommenie-Assendelft") == [("station Krommenie-Assendelft", "ns:KMA")]


@pytest.mark.parametrize(
    "text",
    [
        "windkracht 6 uit het noorden, wind draait naar west",
        "ik kom best vaak te laat, heel irritant",
        "ajax - feyenoord, 020 tegen 010",
        "het centrum van de aandacht",
        "bel me op 06 020 33",
        "de toekomst is van ons",
        "hij woont in het midden van een bos",
    ],
)
def test_an_ordinary_word_is_no_place(text: str) -> None:
    assert found(text) == []


def test_the_names_that_lost_come_with_the_reason() -> None:
    links = shipped().link("ajax - feyenoord, 020 tegen 010")
    assert {lost.why for lost in links.lost} == {"football"}


def test_every_alias_leads_to_an_entry() -> None:
    gazetteer = load()
    for aliases in gazetteer.aliases.values():
        for alias in aliases:
            gazetteer.entry(alias.id)


def test_an_unknown_id_is_named_in_the_error() -> None:
    with pytest.raises(UnknownPlaceError, match="brin:nothing"):
        load().entry("brin:nothing")


def test_the_station_of_the_acceptance_story_belongs_to_the_right_police_unit() -> None:
    station = load().entry("ns:KMA")
    assert (station.kind, station.municipality, station.police_unit) == (PlaceKind.STATION, "Zaanstad", "Noord-Holland")


def test_no_coordinate_of_a_postcode_or_town_centre_is_called_exact() -> None:
    assert not any(entry.coordinate_exact and entry.lat is None for entry in load())
    assert not any(entry.coordinate_exact for entry in load() if entry.kind is PlaceKind.CITY)


@given(st.text(max_size=200))
def test_no_text_breaks_it_and_spans_lie_inside(text: str) -> None:
    clean = normalise(text)
    for place in shipped().link(clean.text).found:
        assert 0 <= place.start < place.end <= len(clean.text)
