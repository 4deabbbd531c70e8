"""Places abroad and those of the whole country: known, never routed on, never before a Dutch place of the same name."""

import csv
from pathlib import Path

import pytest

from nlp.places.build.draft import Draft
from nlp.places.build.foreign import TABLE, foreign
from nlp.places.entry import Entry
from nlp.places.gazetteer import DATA, load
from signals.place import PlaceKind


def test_a_place_abroad_has_no_municipality_and_no_police_unit() -> None:
    for draft in foreign([]):
        entry = draft.entry
        assert (entry.municipality, entry.police_unit, entry.parent) == ("", "", "")
        assert not entry.coordinate_exact


def test_a_dutch_town_comes_before_its_namesake_abroad() -> None:
    dutch = Draft(Entry("area:x", PlaceKind.CITY, "Hoboken", "Veendorp"), (("Hoboken", "official"),))
    names = {name[0] for draft in foreign([dutch]) for name in draft.names}
    assert "Hoboken" not in names
    assert {"Londen", "London", "Parijs", "Casablanca"} <= names


@pytest.mark.parametrize("table", [TABLE, DATA / "regions.csv"])
def test_ids_are_unique(table: Path) -> None:
    with table.open(encoding="utf-8", newline="") as file:
        ids = [row["id"] for row in csv.DictReader(file)]
    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize(
    ("name", "municipality"),
    [
        ("vinkhuizen", "Groningen"),
        ("vathorst", "Amersfoort"),
        ("crabbehof", "Dordrecht"),
        ("stroinkslanden", "Enschede"),
        ("stratum", "Eindhoven"),
        ("meerzicht", "Zoetermeer"),
        ("liendert", "Amersfoort"),
        ("efteling", "Loon op Zand"),
        ("noord-brabant", ""),
        ("achterhoek", ""),
    ],
)
def test_the_shipped_gazetteer_knows_places_of_the_whole_country(name: str, municipality: str) -> None:
    gazetteer = load()
    places = [gazetteer.entry(alias.id) for alias in gazetteer.aliases[name]]
    assert municipality in {place.municipality for place in places if place.kind is PlaceKind.AREA}


@pytest.mark.parametrize(
    ("name", "place"),
    [("brixton", "world:gb/brixton"), ("berlijn", "world:de/berlijn"), ("izmir", "world:tr/izmir")],
)
def test_the_shipped_gazetteer_knows_places_abroad(name: str, place: str) -> None:
    assert place in {alias.id for alias in load().aliases[name]}


@pytest.mark.parametrize("word", ["nice", "essen", "reading", "split", "side", "van", "namen", "schoten", "voerde"])
def test_no_ordinary_word_is_a_city_abroad(word: str) -> None:
    assert not any(alias.id.startswith("world:") for alias in load().aliases.get(word, ()))
