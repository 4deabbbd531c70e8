"""What an official list changes: new, renamed, moved, closed and reopened schools; areas that get their code."""

from datetime import date

import pytest

from nlp.places.cbs import Area
from nlp.places.duo import DuoFile, read_duo
from nlp.places.entry import Entry, Exactness
from nlp.places.gazetteer import Gazetteer, gazetteer_of, overlaid
from nlp.places.importing import SchoolChanges, TooManyClosed, compare, known_places
from nlp.places.importing_areas import compare_areas
from tests.nlp.places.official.invented import row, school, table, waterstad

DAY = date(2026, 11, 22)


def duo(*rows: str) -> DuoFile:
    return read_duo("vo.csv", table(*rows), known_places(waterstad()))


def after(gazetteer: Gazetteer, changes: SchoolChanges) -> Gazetteer:
    return overlaid(gazetteer, gazetteer_of(changes.entries, changes.aliases))


def ids(changes: SchoolChanges) -> dict[str, list[str]]:
    return {
        label: [change.id for change in each]
        for label in ("new", "renamed", "moved", "closed", "reopened")
        if (each := getattr(changes, label))
    }


def test_the_same_list_changes_nothing() -> None:
    changes = compare(waterstad(school()), [duo(row())], DAY)
    assert ids(changes) == {}


def test_a_new_school_is_found_by_its_town_and_has_no_coordinate() -> None:
    changes = compare(waterstad(), [duo(row(name="Lisdodde College voor Vwo en Havo"))], DAY)
    assert ids(changes) == {"new": ["brin:90AA00"]}
    entry = after(waterstad(), changes).entry("brin:90AA00")
    assert (entry.parent, entry.municipality, entry.verified) == ("area:rietdam", "Waterstad", True)
    assert (entry.coordinate, entry.lat) == (Exactness.NONE, None)
    assert "lisdodde college" in {alias.text for alias in changes.aliases}


def test_a_renamed_school_keeps_its_place_and_its_old_name() -> None:
    known = waterstad(school())
    changes = compare(known, [duo(row(name="Waterhoen Lyceum"))], DAY)
    assert ids(changes) == {"renamed": ["brin:90AA00"]}
    [change] = changes.renamed
    assert (change.was, change.now) == ("Lisdodde College", "Waterhoen Lyceum")
    now = after(known, changes)
    assert now.entry("brin:90AA00").name == "Waterhoen Lyceum"
    assert now.entry("brin:90AA00").coordinate is Exactness.EXACT
    assert {"brin:90AA00"} == {
        alias.id for name in ("lisdodde college", "waterhoen lyceum") for alias in now.aliases[name]
    }


def test_an_everyday_name_outlives_a_change_of_the_official_one() -> None:
    known = waterstad(school(name="De Dodde", official="Lisdodde College"))
    entry = after(known, compare(known, [duo(row(name="Lisdodde College voor Vwo"))], DAY)).entry("brin:90AA00")
    assert (entry.name, entry.official) == ("De Dodde", "Lisdodde College voor Vwo")


def test_a_school_that_moved_loses_its_coordinate_and_its_quarter() -> None:
    known = waterstad(school())
    changes = compare(known, [duo(row(street="Waterhoen", number="3"))], DAY)
    assert ids(changes) == {"moved": ["brin:90AA00"]}
    entry = after(known, changes).entry("brin:90AA00")
    assert (entry.parent, entry.coordinate, entry.lat) == ("area:rietdam", Exactness.NONE, None)


def test_another_way_to_write_an_address_is_no_move() -> None:
    assert ids(compare(waterstad(school()), [duo(row(street="RIETKRAAG", postcode="1509ZZ"))], DAY)) == {}


def test_a_school_that_the_list_lacks_is_closed_but_stays_known() -> None:
    known = waterstad(school(), school("90BB00", "De Otter"))
    changes = compare(known, [duo(row())], DAY)
    assert ids(changes) == {"closed": ["brin:90BB00"]}
    now = after(known, changes)
    assert now.entry("brin:90BB00").closed == DAY
    assert now.aliases["de otter"]
    again = compare(now, [duo(row(), row("90BB00", "De Otter"))], DAY)
    assert ids(again) == {"reopened": ["brin:90BB00"]}
    assert after(now, again).entry("brin:90BB00").closed is None


@pytest.mark.parametrize("elsewhere", [{"province": "Heuvelland"}, {"type": "po"}, {"type": "vso"}])
def test_only_the_kind_and_the_provinces_of_the_list_can_close(elsewhere: dict[str, str]) -> None:
    known = waterstad(school(), school("90BB00", "De Otter", **elsewhere))
    assert ids(compare(known, [duo(row())], DAY)) == {}


def test_a_part_of_a_list_closes_nothing_and_is_not_taken_for_the_whole() -> None:
    known = waterstad(*(school(f"90AA{number:02}", f"School {number}") for number in range(30)))
    file = duo(row("90AA01", "School 1"))
    with pytest.raises(TooManyClosed, match="29 of the 30"):
        compare(known, [file], DAY)
    assert compare(known, [file], DAY, partial=True).closed == ()
    assert len(compare(known, [file], DAY, complete=True).closed) == 29


def test_several_files_of_one_kind_are_one_list() -> None:
    known = waterstad(school(), school("90BB00", "De Otter"))
    assert ids(compare(known, [duo(row()), duo(row("90BB00", "De Otter"))], DAY)) == {}


def test_an_area_gets_its_official_code_and_its_old_id_goes_on_meaning_it() -> None:
    known = waterstad(school())
    changes = compare_areas(
        known, [Area("GM9001", "Waterstad"), Area("WK900103", "Rietdam Zuid"), Area("BU90010301", "Kikkerhoek")]
    )
    assert changes.new == ("cbs:WK900103",)
    assert dict(changes.coded) == {
        "area:waterstad": "cbs:GM9001",
        "area:waterstad/kikkerhoek": "cbs:BU90010301",
    }
    now = overlaid(known, gazetteer_of(changes.entries, changes.aliases))
    assert now.entry("area:waterstad/kikkerhoek").id == "cbs:BU90010301"
    assert now.entry("brin:90AA00").parent == "cbs:BU90010301"
    assert now.entry("area:rietdam").parent == "cbs:GM9001"
    assert now.entry("cbs:BU90010301").parent == "area:rietdam"
    assert {alias.id for alias in now.aliases["kikkerhoek"]} == {"cbs:BU90010301"}
    assert compare_areas(now, [Area("GM9001", "Waterstad"), Area("BU90010301", "Kikkerhoek")]).coded == ()


def test_a_district_with_the_name_of_a_town_is_called_with_its_municipality() -> None:
    changes = compare_areas(waterstad(), [Area("GM9001", "Waterstad"), Area("WK900101", "Rietdam")])
    assert "waterstad rietdam" in {alias.text for alias in changes.aliases}
    assert "rietdam" not in {alias.text for alias in changes.aliases}


def test_a_verified_area_of_another_level_stays_what_it_is() -> None:
    known = waterstad()
    sure = Entry("area:waterstad/noord", known.entry("area:waterstad/kikkerhoek").kind, "Noord", "Waterstad",
                 type="gebied", verified=True)  # fmt: skip
    changes = compare_areas(
        overlaid(known, gazetteer_of([sure], [])), [Area("GM9001", "Waterstad"), Area("WK900102", "Noord")]
    )
    assert changes.new == ("cbs:WK900102",)
