"""An import is kept whole or not at all, also when the process is killed at any step of it."""

import os
import subprocess
import sys
import textwrap
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from nlp.analyse import MODELS, Analyser, Text
from nlp.places import imported
from nlp.places.entry import Alias, Entry
from nlp.places.gazetteer import load
from nlp.places.gazetteer_file import GazetteerWrong
from nlp.settings import default_settings
from tests.nlp.places.official.invented import school

ALIAS = Alias("lisdodde college", "brin:90AA00", "official", False, "as published")


def state(root: Path) -> list[Entry]:
    return imported.before(root)[0]


def test_what_was_imported_comes_back_the_same(tmp_path: Path) -> None:
    folder = imported.add(tmp_path, [school()], [ALIAS])
    assert imported.current(tmp_path) == folder
    assert imported.before(tmp_path) == ([school()], [ALIAS])


def test_a_later_import_adds_to_the_earlier(tmp_path: Path) -> None:
    imported.add(tmp_path, [school()], [ALIAS])
    imported.add(tmp_path, [school("90BB00", "De Otter")], [])
    assert {entry.id for entry in state(tmp_path)} == {"brin:90AA00", "brin:90BB00"}


def test_imported_places_lie_on_top_of_the_shipped_ones_and_change_the_version(tmp_path: Path) -> None:
    folder = imported.add(tmp_path, [school()], [ALIAS])
    both = load(imported=folder)
    assert both.entry("brin:90AA00").name == "Lisdodde College"
    assert len(both) == len(load()) + 1
    assert both.version.startswith(load().version + "+")


def test_nothing_imported_is_no_folder(tmp_path: Path) -> None:
    assert imported.current(tmp_path / "never") is None


def test_a_pointer_to_nothing_is_said_and_not_ignored(tmp_path: Path) -> None:
    imported.add(tmp_path, [school()], [ALIAS])
    (tmp_path / "current").write_text("../../etc\n")
    with pytest.raises(imported.ImportedPlacesWrong, match="import the files again"):
        imported.current(tmp_path)


def test_a_damaged_file_is_said_with_its_line(tmp_path: Path) -> None:
    folder = imported.add(tmp_path, [school()], [ALIAS])
    file = folder / "gazetteer.csv"
    file.write_text(file.read_text().replace("exact", "precies"))
    with pytest.raises(GazetteerWrong, match=r"gazetteer\.csv line 2"):
        load(imported=folder)


def test_two_imports_do_not_run_at_once(tmp_path: Path) -> None:
    with imported.one_at_a_time(tmp_path), pytest.raises(imported.ImportRuns), imported.one_at_a_time(tmp_path):
        pass


KILLED = """
    import os, sys
    from pathlib import Path
    steps = int(sys.argv[2])
    def counted(real):
        def step(*arguments, **named):
            global steps
            if steps == 0:
                os._exit(9)
            steps -= 1
            return real(*arguments, **named)
        return step
    os.fsync, os.replace, os.rename = counted(os.fsync), counted(os.replace), counted(os.rename)
    from nlp.places import imported
    from tests.nlp.places.official.invented import school
    imported.add(Path(sys.argv[1]), [school("90BB00", "De Otter"), school(name="Waterhoen Lyceum")], [])
"""


@pytest.mark.parametrize("steps", range(9))
def test_killed_at_any_step_the_old_state_or_the_new_one_is_there_whole(tmp_path: Path, steps: int) -> None:
    imported.add(tmp_path, [school()], [ALIAS])
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(KILLED), str(tmp_path), str(steps)],
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])},
        check=False,
    )
    names = {entry.id: entry.name for entry in state(tmp_path)}
    old = {"brin:90AA00": "Lisdodde College"}
    new = {"brin:90AA00": "Waterhoen Lyceum", "brin:90BB00": "De Otter"}
    assert done.returncode in {0, 9}
    assert names == new if done.returncode == 0 else names in (old, new)
    imported.add(tmp_path, [school("90BB00", "De Otter"), school(name="Waterhoen Lyceum")], [])
    assert {entry.id: entry.name for entry in state(tmp_path)} == new
    assert not [left for left in tmp_path.iterdir() if left.name.startswith(".new-")]


@pytest.mark.skipif(not (MODELS / "model.onnx").is_file(), reason="the model is not in nlp/models/detector")
def test_an_analysis_names_the_version_of_the_places_it_knew(tmp_path: Path) -> None:
    folder = imported.add(tmp_path, [school(name="Lisdoddenstein College")], [replace(ALIAS, text="lisdoddenstein")])
    text = [Text("morgen bij lisdoddenstein", datetime(2026, 11, 23, tzinfo=UTC))]
    before, after = (Analyser.load(imported=each).analyse(text, default_settings())[0] for each in (None, folder))
    assert before.versions.terms.endswith(f"+places.{load().version}")
    assert after.versions.terms.endswith(f"+places.{load(imported=folder).version}")
    assert before.versions.terms != after.versions.terms
    assert [place.id for place in after.places] == ["brin:90AA00"]
