"""The import commands as a person uses them: changes are said, a wrong file changes nothing, what came in is used."""

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests import command
from tests.nlp.places.official.invented import row, table

Places = Callable[..., subprocess.CompletedProcess[str]]
NEW = {"province": "Noord-Holland", "town": "KROMMENIE", "municipality": "ZAANSTAD"}


@pytest.fixture
def places(tmp_path: Path) -> Places:
    def run(*words: str) -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, "SEINPOST_DATA": str(tmp_path / "data")}
        return command.in_words(["places", *words], environment, folder=tmp_path)

    return run


def test_a_new_school_is_told_and_found_from_then_on(tmp_path: Path, places: Places) -> None:
    file = tmp_path / "vo.csv"
    file.write_bytes(table(row("90AA00", "Lisdoddenstein College", **NEW)))
    dry = places("import-duo", str(file), "--partial", "--dry-run")
    assert dry.returncode == 0, dry.stderr
    assert "Lisdoddenstein College [brin:90AA00]" in dry.stdout
    assert not (tmp_path / "data").exists()
    done = places("import-duo", str(file), "--partial", "--json")
    told = json.loads(done.stdout)
    assert (told["imported"], told["new"]) == (True, [{"id": "brin:90AA00", "name": "Lisdoddenstein College"}])
    found = json.loads(places("find", "morgen bij het Lisdoddenstein College", "--json").stdout)
    assert [place["id"] for place in found["found"]] == ["brin:90AA00"]


def test_a_part_of_the_list_is_refused_and_nothing_is_kept(tmp_path: Path, places: Places) -> None:
    file = tmp_path / "vo.csv"
    file.write_bytes(table(row(**NEW)))
    done = places("import-duo", str(file))
    assert done.returncode == 2
    assert "--partial" in done.stderr
    assert "Nothing was imported." in done.stderr
    assert not (tmp_path / "data" / "places" / "current").exists()


def test_a_bad_row_is_told_with_its_line_and_the_status_says_so(tmp_path: Path, places: Places) -> None:
    file = tmp_path / "vo.csv"
    file.write_bytes(table(row(**NEW), row("??", **NEW), row("90AB00", **NEW)))
    done = places("import-duo", str(file), "--partial")
    assert done.returncode == 1
    assert "vo.csv line 3" in done.stderr


def test_one_wrong_file_of_two_imports_neither(tmp_path: Path, places: Places) -> None:
    good, wrong = tmp_path / "vo.csv", tmp_path / "wrong.csv"
    good.write_bytes(table(row(**NEW)))
    wrong.write_bytes(b"a;b\n1;2\n")
    done = places("import-duo", str(good), str(wrong), "--partial", "--json")
    assert done.returncode == 2
    assert json.loads(done.stdout)["imported"] is False
    assert not (tmp_path / "data" / "places" / "current").exists()


def test_a_file_that_is_not_there_is_one_line(places: Places) -> None:
    done = places("import-cbs", "nergens.csv")
    assert done.returncode == 2
    assert "nergens.csv cannot be read" in done.stderr
    assert "Traceback" not in done.stderr


def test_areas_get_their_official_code(tmp_path: Path, places: Places) -> None:
    file = tmp_path / "kwb.csv"
    file.write_text(
        "gwb_code_10;regio;gm_naam\nGM0479;Zaanstad;Zaanstad\nBU04790199;Poelenburg;Zaanstad\n", encoding="utf-8-sig"
    )
    told = json.loads(places("import-cbs", str(file), "--json").stdout)
    assert {"was": "area:zaanstad/poelenburg", "now": "cbs:BU04790199"} in told["coded"]
    found = json.loads(places("find", "in poelenburg is het druk", "--json").stdout)
    assert [place["id"] for place in found["found"]] == ["cbs:BU04790199"]


def test_a_found_place_says_how_its_name_was_made_and_whether_it_was_closed(tmp_path: Path, places: Places) -> None:
    first, second = tmp_path / "first.csv", tmp_path / "second.csv"
    rows = [row("90AA00", "Lisdoddenstein College", **NEW), row("90AB00", "Waterhoenderlyceum", **NEW)]
    first.write_bytes(table(*rows))
    second.write_bytes(table(rows[1]))
    places("import-duo", str(first), "--partial")
    told = json.loads(places("import-duo", str(second), "--complete", "--json").stdout)
    assert "brin:90AA00" in [school["id"] for school in told["closed"]]
    [found] = json.loads(places("find", "morgen bij het Lisdoddenstein College", "--json").stdout)["found"]
    assert found["how"]
    assert found["closed"]
    assert "not in the official list since" in places("find", "bij het Lisdoddenstein College").stdout
