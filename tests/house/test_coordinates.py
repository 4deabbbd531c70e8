"""No decision about a recipient rests on a coordinate: the rooms that decide and show do not even look at one."""

import ast
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]
DECIDING = ("forwarding", "pipeline", "review_ui", "seinpost", "signals")
COORDINATES = {"lat", "lon", "latitude", "longitude", "coordinate", "coordinate_exact"}


def names_in(file: Path) -> set[str]:
    """Every name and attribute that a module uses."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Attribute):
            found.add(node.attr)
        elif isinstance(node, ast.Name):
            found.add(node.id)
        elif isinstance(node, ast.keyword | ast.arg) and node.arg:
            found.add(node.arg)
    return found


@pytest.mark.parametrize("room", DECIDING)
def test_a_room_that_decides_uses_no_coordinate(room: str) -> None:
    files = [file for file in (REPOSITORY / room).rglob("*.py") if "node_modules" not in file.parts]
    assert files
    assert {file.name: used for file in files if (used := names_in(file) & COORDINATES)} == {}


def test_detection_carries_coordinates_along_and_only_the_build_uses_them() -> None:
    detecting = [file for file in (REPOSITORY / "nlp").rglob("*.py") if "build" not in file.parts]
    users = {file.stem for file in detecting if {"lat", "lon"} & names_in(file)}
    assert users <= {"entry", "gazetteer_file", "importing", "importing_areas"}
