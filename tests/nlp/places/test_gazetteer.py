"""The shipped gazetteer keeps what it promises: stable ids, where everything lies, and how exact each coordinate is."""

import csv
import json
from pathlib import Path

import pytest

from nlp.places.build.borders import Borders
from nlp.places.build.draft import Draft
from nlp.places.build.parents import Holders
from nlp.places.entry import Alias, Entry, Exactness
from nlp.places.gazetteer import DATA, Gazetteer, UnknownPlaceError, gazetteer_of, load, overlaid
from nlp.places.gazetteer_file import ALIASES, ENTRIES, GazetteerWrong, aliases_text, entries_text, read
from nlp.places.municipalities import municipality_now
from nlp.places.police_units import UNITS, police_unit
from signals.place import PlaceKind
from tests.nlp.places.official.invented import school, waterstad


@pytest.fixture(scope="module")
def shipped() -> Gazetteer:
    return load()


def around(gazetteer: Gazetteer, identifier: str) -> list[str]:
    found = []
    while identifier:
        found.append(identifier)
        identifier = gazetteer.entry(identifier).parent
    return found


def test_every_entry_says_how_exact_its_coordinate_is(shipped: Gazetteer) -> None:
    for entry in shipped:
        assert (entry.lat is None) == (entry.lon is None) == (entry.coordinate is Exactness.NONE)
        assert entry.coordinate_exact == (entry.coordinate is Exactness.EXACT)


def test_no_town_area_or_primary_school_has_an_exact_coordinate(shipped: Gazetteer) -> None:
    inexact = [e for e in shipped if e.kind in {PlaceKind.CITY, PlaceKind.AREA} or e.type in {"po", "sbo", "mbo"}]
    assert len(inexact) > 9_000
    assert not any(entry.coordinate_exact for entry in inexact)


def test_a_station_with_the_coordinate_of_its_town_says_so(shipped: Gazetteer) -> None:
    trains = [entry for entry in shipped if entry.type == "trein"]
    assert {entry.coordinate for entry in trains} == {Exactness.EXACT, Exactness.PLACE_CENTRE, Exactness.NONE}


def test_parents_are_known_and_lead_to_a_municipality(shipped: Gazetteer) -> None:
    for entry in shipped:
        chain = around(shipped, entry.id)
        assert len(chain) < 8
        if entry.municipality:
            assert shipped.entry(chain[-1]).type == "gemeente", entry.id


def test_every_municipality_of_today_is_there_once_with_its_police_unit(shipped: Gazetteer) -> None:
    municipalities = [entry for entry in shipped if entry.type == "gemeente"]
    assert len(municipalities) == 342
    assert len({entry.municipality for entry in municipalities}) == 342
    assert {entry.municipality for entry in shipped} - {""} == {entry.municipality for entry in municipalities}
    assert {entry.police_unit for entry in municipalities} == UNITS | {""}
    # Not known for sure, so nobody is proposed and a person chooses.
    assert [entry.name for entry in municipalities if not entry.police_unit] == ["Vijfheerenlanden"]


@pytest.mark.parametrize(
    ("municipality", "province", "unit"),
    [
        ("Amsterdam", "Noord-Holland", "Amsterdam"),
        ("Weesp", "Noord-Holland", "Amsterdam"),
        ("Zaanstad", "Noord-Holland", "Noord-Holland"),
        ("Bussum", "Noord-Holland", "Midden-Nederland"),
        ("'s-Gravenhage", "Zuid-Holland", "Den Haag"),
        ("Dordrecht", "Zuid-Holland", "Rotterdam"),
        ("Tilburg", "Noord-Brabant", "Zeeland-West-Brabant"),
        ("Oss", "Noord-Brabant", "Oost-Brabant"),
        ("Emmen", "Drenthe", "Noord-Nederland"),
        ("Nergenshuizen", "", ""),
        ("", "Limburg", ""),
        ("Nergenshuizen", "Noord-Brabant", ""),
    ],
)
def test_a_municipality_has_the_police_unit_of_today(municipality: str, province: str, unit: str) -> None:
    assert police_unit(municipality, province) == unit


def test_a_town_follows_its_municipality_through_mergers() -> None:
    assert municipality_now("Uden", "Noord-Brabant") == "Maashorst"
    assert municipality_now("Bergen", "Limburg") == "Bergen (L.)"
    assert municipality_now("Haaren", "Noord-Brabant", "Helvoirt") == "Vught"
    assert municipality_now("Winsum", "Groningen", "Ezinge") == "Westerkwartier"


def test_a_school_lies_in_its_quarter_where_its_address_was_found(shipped: Gazetteer) -> None:
    assert around(shipped, "brin:03AQ00")[1:] == [
        "area:amsterdam/ganzenhoef-e-o-wijk", "area:amsterdam/zuidoost", "cbs:GM0363"
    ]  # fmt: skip
    assert around(shipped, "brin:20EY07") == ["brin:20EY07", "area:krommenie", "cbs:GM0479"]


NEAR_AN_EDGE, INSIDE = 52.0002, 52.005
"""Degrees north of a border: 22 metres, and half a kilometre."""


@pytest.mark.parametrize(
    ("lat", "exactness", "parent"),
    [
        (INSIDE, Exactness.EXACT, "area:waterstad/kikkerhoek-wijk"),
        (NEAR_AN_EDGE, Exactness.EXACT, "area:waterstad"),
        (INSIDE, Exactness.POSTCODE, "area:waterstad"),
        (INSIDE, Exactness.PLACE_CENTRE, "area:waterstad"),
    ],
)
def test_only_its_own_coordinate_well_inside_a_border_puts_a_school_in_an_area(
    tmp_path: Path, lat: float, exactness: Exactness, parent: str
) -> None:
    square = [[4.0, 52.0], [4.1, 52.0], [4.1, 52.1], [4.0, 52.1], [4.0, 52.0]]
    properties = {"municipality": "Waterstad", "level": "wijk", "name": "Kikkerhoek"}
    feature = {"properties": properties, "geometry": {"type": "Polygon", "coordinates": [square]}}
    (tmp_path / "borders.geojson").write_text(json.dumps({"features": [feature]}))
    area = Entry("area:waterstad/kikkerhoek-wijk", PlaceKind.AREA, "Kikkerhoek", "Waterstad", type="wijk")
    whole = Entry("area:waterstad", PlaceKind.CITY, "Waterstad", "Waterstad", type="gemeente")
    place = Draft(school(lat=lat, lon=4.05, coordinate=exactness), ())
    borders = Borders.load(tmp_path / "borders.geojson")
    assert Holders([area, whole]).parent(place, borders, {area.id: area, whole.id: whole}) == parent


@pytest.mark.parametrize("quarter", ["area:zaanstad/saendelft", "area:amsterdam/bijlmer", "area:rotterdam/crooswijk"])
def test_a_curated_quarter_lies_in_something_smaller_than_its_municipality(shipped: Gazetteer, quarter: str) -> None:
    assert len(around(shipped, quarter)) == 3


def test_schools_that_only_the_exam_file_has_are_not_vouched_for(shipped: Gazetteer) -> None:
    doubtful = [entry for entry in shipped if "perhaps closed" in entry.source]
    assert len(doubtful) == 75
    assert not any(entry.verified or entry.coordinate_exact for entry in doubtful)


def test_an_older_id_still_finds_its_place(shipped: Gazetteer) -> None:
    assert shipped.entry("school:amsterdam/osb").id == "brin:03AQ00"
    assert shipped.entry("area:amsterdam-zuidoost").id == "area:amsterdam/zuidoost"
    with pytest.raises(UnknownPlaceError):
        shipped.entry("school:amsterdam/nergens")


def test_no_id_is_the_former_id_of_another_place(shipped: Gazetteer) -> None:
    former = [old for entry in shipped for old in entry.former]
    assert len(former) == len(set(former))
    assert set(former).isdisjoint(entry.id for entry in shipped)


def test_the_files_come_back_as_they_were_written(shipped: Gazetteer) -> None:
    entries, aliases, _ = read(DATA)
    assert entries_text(entries) == (DATA / ENTRIES).read_text(encoding="utf-8")
    assert aliases_text(aliases) == (DATA / ALIASES).read_text(encoding="utf-8")


def test_the_version_changes_with_every_change_of_a_file(tmp_path: Path) -> None:
    (tmp_path / ENTRIES).write_text(entries_text([school()]))
    versions = set()
    for name in ("lisdodde", "lisdodde college"):
        (tmp_path / ALIASES).write_text(aliases_text([Alias(name, "brin:90AA00", "short", False)]))
        versions.add(read(tmp_path)[2])
    assert len(versions) == 2


@pytest.mark.parametrize("damage", [("exact", "bijna"), ("52.5", "noord"), ("id,", "nummer,"), ("school,", "school,,")])
def test_a_file_that_cannot_be_used_is_refused_with_its_name(tmp_path: Path, damage: tuple[str, str]) -> None:
    (tmp_path / ENTRIES).write_text(entries_text([school()]).replace(*damage))
    (tmp_path / ALIASES).write_text(aliases_text([]))
    with pytest.raises(GazetteerWrong, match=ENTRIES):
        read(tmp_path)


def test_a_place_laid_over_takes_the_children_and_names_of_its_former_id() -> None:
    over = Entry("cbs:BU90010301", PlaceKind.AREA, "Kikkerhoek", "Waterstad", "area:rietdam",
                 former=("area:waterstad/kikkerhoek",))  # fmt: skip
    both = overlaid(waterstad(school()), gazetteer_of([over], []))
    assert both.entry("brin:90AA00").parent == "cbs:BU90010301"
    assert [alias.id for alias in both.aliases["kikkerhoek"]] == ["cbs:BU90010301"]
    assert both.entry("area:waterstad/kikkerhoek") == over


def test_curated_places_are_marked_as_not_verified_and_name_what_exists(shipped: Gazetteer) -> None:
    with (DATA / "nicknames.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["id"] for row in rows if shipped.entry(row["id"]).id != row["id"]] == []
    assert [row["parent"] for row in rows if row["parent"] and shipped.entry(row["parent"]).id != row["parent"]] == []
    assert not any(entry.verified for entry in shipped if entry.source == "curated")
