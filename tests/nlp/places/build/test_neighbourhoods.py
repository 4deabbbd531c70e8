"""Which neighbourhoods are new, and which of them go by their bare name."""

import csv
from collections.abc import Iterable
from pathlib import Path

import pytest

from nlp.places.build.draft import Draft
from nlp.places.build.neighbourhoods import TABLE, neighbourhoods
from nlp.places.entry import Entry
from signals.place import PlaceKind

COLUMNS = ("code", "level", "name", "municipality_code", "municipality", "inhabitants", "aliases")
FREQUENT = {"centrum": 5.0, "haven": 4.5, "zonnebloem": 3.1}


def frequency(word: str) -> float:
    return FREQUENT.get(word, 0.0)


def town(name: str) -> Draft:
    return Draft(Entry(f"area:{name.lower()}", PlaceKind.CITY, name, name, type="gemeente"), ((name, "official"),))


def built(tmp_path: Path, rows: Iterable[str], known: Iterable[Draft] = (), nicknames: str = "") -> dict[str, Draft]:
    """The drafts of rows of 'code level name municipality inhabitants', separated by semicolons, by their id."""
    table = tmp_path / "table.csv"
    with table.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for row in rows:
            code, level, name, municipality, inhabitants = row.split(";")
            writer.writerow((code, level, name, "GM0000", municipality, inhabitants, ""))
    curated = [
        {"id": identifier, "kind": "area", "name": name, "municipality": municipality, "aliases": name.lower()}
        for identifier, name, municipality in (line.split(";") for line in nicknames.splitlines())
    ]
    return {draft.entry.id: draft for draft in neighbourhoods(list(known), curated, frequency, table)}


def said(draft: Draft) -> list[str]:
    return [name[0] for name in draft.names]


def test_a_neighbourhood_keeps_its_official_code_and_lies_in_its_district(tmp_path: Path) -> None:
    drafts = built(tmp_path, ["WK999901;wijk;Oosterend;Veendorp;9000", "BU99990101;buurt;Klaverhoek;Veendorp;900"])
    assert drafts["cbs:BU99990101"].within == ("Oosterend",)
    assert drafts["cbs:BU99990101"].entry.verified
    assert said(drafts["cbs:WK999901"]) == ["Oosterend"]


def test_a_name_that_many_towns_have_is_found_only_with_its_town(tmp_path: Path) -> None:
    drafts = built(tmp_path, [f"BU{n}0010101;buurt;Zwanenbuurt;Stad {n};1000" for n in range(1000, 1005)])
    assert said(drafts["cbs:BU10000010101"]) == ["Stad 1000 Zwanenbuurt", "Zwanenbuurt Stad 1000"]


def test_one_that_is_far_larger_than_its_namesakes_keeps_its_name(tmp_path: Path) -> None:
    rows = [f"BU{n}0010101;buurt;Zwanenbuurt;Stad {n};1000" for n in range(1000, 1005)]
    drafts = built(tmp_path, [*rows, "BU20000010101;buurt;Zwanenbuurt;Groteveen;9000"])
    assert said(drafts["cbs:BU20000010101"]) == ["Zwanenbuurt"]
    assert "Zwanenbuurt" not in said(drafts["cbs:BU10000010101"])


def test_points_of_the_compass_are_never_names_by_themselves(tmp_path: Path) -> None:
    drafts = built(tmp_path, ["WK999901;wijk;Centrum;Veendorp;9000", "WK999902;wijk;Veendorp-Noord;Veendorp;9000"])
    assert said(drafts["cbs:WK999901"]) == ["Veendorp Centrum", "Centrum Veendorp"]
    assert said(drafts["cbs:WK999902"]) == ["Veendorp Noord"]


def test_every_large_town_has_its_quarters(tmp_path: Path) -> None:
    drafts = built(tmp_path, ["WK999901;wijk;Oosterend;Groteveen;70000"])
    assert said(drafts["area:groteveen/zuid"]) == ["Groteveen Zuid"]
    assert not drafts["area:groteveen/zuid"].entry.verified


def test_quarters_make_the_neighbourhood_they_are_quarters_of(tmp_path: Path) -> None:
    rows = ["BU99990101;buurt;Vinkhorst-Noord;Veendorp;6000", "BU99990102;buurt;Vinkhorst-Zuid;Veendorp;5000"]
    drafts = built(tmp_path, rows)
    assert said(drafts["area:veendorp/vinkhorst"]) == ["Vinkhorst"]
    assert drafts["area:veendorp/vinkhorst"].entry.source.startswith("derived")


def test_what_other_tables_have_does_not_come_twice(tmp_path: Path) -> None:
    rows = ["WK999901;wijk;Veendorp;Veendorp;9000", "WK999902;wijk;Klaverhoek;Veendorp;9000"]
    drafts = built(tmp_path, rows, [town("Veendorp")], "area:veendorp/klaver;De Klaverhoek;Veendorp")
    assert drafts == {}


def test_a_curated_quarter_keeps_its_id_and_gets_the_code(tmp_path: Path) -> None:
    rows = ["WK999902;wijk;Klaverhoek;Veendorp;9000"]
    drafts = built(tmp_path, rows, nicknames="area:veendorp/klaverhoek;Klaverhoek;Veendorp")
    assert drafts["area:veendorp/klaverhoek"].entry.former == ("cbs:WK999902",)


def test_the_name_of_another_town_means_that_town(tmp_path: Path) -> None:
    drafts = built(tmp_path, ["WK999901;wijk;Appelveen;Veendorp;9000"], [town("Veendorp"), town("Appelveen")])
    assert said(drafts["cbs:WK999901"]) == ["Veendorp Appelveen", "Appelveen Veendorp"]


def test_everyday_words_need_their_town_and_known_words_support(tmp_path: Path) -> None:
    rows = ["WK999901;wijk;Haven;Veendorp;9000", "WK999902;wijk;Zonnebloem;Veendorp;9000"]
    drafts = built(tmp_path, rows)
    assert "Haven" not in said(drafts["cbs:WK999901"])
    [name] = drafts["cbs:WK999902"].names
    assert name[0] == "Zonnebloem"
    assert name[3:] == (True,)


@pytest.mark.parametrize("municipality", ["Groningen", "Eindhoven", "Enschede", "Amersfoort", "Dordrecht", "Heerlen"])
def test_the_table_has_the_neighbourhoods_of_towns_all_over_the_country(municipality: str) -> None:
    with TABLE.open(encoding="utf-8", newline="") as file:
        names = [row["name"] for row in csv.DictReader(file) if row["municipality"] == municipality]
    assert len(names) >= 40


def test_every_official_row_has_a_code_of_its_level() -> None:
    with TABLE.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["code"]]
    assert len({row["code"] for row in rows}) == len(rows) >= 5_000
    assert all(row["code"].startswith({"wijk": "WK", "buurt": "BU"}[row["level"]]) for row in rows)
