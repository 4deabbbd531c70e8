"""The house keeps its rules: small modules that say what they are for, and names that say what you find in them."""

import ast
import re
import statistics
import subprocess
from functools import cache
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]
ROOMS = ("signals", "nlp", "collectors", "pipeline", "forwarding", "review_ui", "seinpost")
EMPTY_NAMES = {"utils", "util", "helpers", "helper", "common", "manager", "misc", "tools"}
# Split, so that this file does not contain what it forbids.
REGISTRIES = (
    "files.python" + "hosted",
    "pypi" + ".org",
    "registry.npm" + "js",
    "repo.maven" + ".apache",
    "deb.debian" + ".org",
)
WORKPLACE = ("/work" + "/main", "/work" + "/shared", "../" + "shared/")


@cache
def kept() -> tuple[Path, ...]:
    """Every file of the repository that git keeps or would keep."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=REPOSITORY,
        capture_output=True,
        check=True,
    ).stdout.decode()
    return tuple(REPOSITORY / name for name in listed.split("\0") if name and (REPOSITORY / name).is_file())


def modules() -> list[Path]:
    """Every Python module of the rooms."""
    return [file for file in kept() if file.suffix == ".py" and file.relative_to(REPOSITORY).parts[0] in ROOMS]


def lines(file: Path) -> int:
    return len(file.read_text().splitlines())


def name(file: Path) -> str:
    return str(file.relative_to(REPOSITORY))


def test_modules_are_small() -> None:
    sizes = {name(file): lines(file) for file in modules() if lines(file) > 1}
    assert {file: size for file, size in sizes.items() if size > 500} == {}
    assert statistics.median(sizes.values()) <= 120
    large = [size for size in sizes.values() if size > 300]
    assert len(large) <= len(sizes) / 10, sorted(sizes.items(), key=lambda row: -row[1])[:20]


def test_every_module_opens_with_what_it_is_for() -> None:
    silent = [
        name(file)
        for file in modules()
        if file.read_text().strip() and not ast.get_docstring(ast.parse(file.read_text()))
    ]
    assert silent == []


def test_a_name_says_what_you_find() -> None:
    assert [
        name(file) for file in modules() if EMPTY_NAMES & set(file.relative_to(REPOSITORY).with_suffix("").parts)
    ] == []


def test_tests_say_what_they_state() -> None:
    files = [file for file in kept() if file.name.startswith("test_") and file.suffix == ".py"]
    silent = [name(file) for file in files if not ast.get_docstring(ast.parse(file.read_text()))]
    assert silent == []


@pytest.mark.parametrize("forbidden", [*REGISTRIES, *WORKPLACE])
def test_no_file_names_a_registry_or_the_place_where_it_was_written(forbidden: str) -> None:
    texts = [file for file in kept() if file.suffix not in {".png", ".onnx", ".npz", ".jpg", ".mo", ".woff2"}]
    assert [name(file) for file in texts if forbidden in file.read_text(errors="ignore")] == []


def imports(file: Path) -> set[str]:
    """Top-level names that a module imports, wherever in it."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.split(".")[0])
    return found


def test_the_vocabulary_does_no_io() -> None:
    outside = {"socket", "subprocess", "sqlalchemy", "psycopg", "kafka", "requests", "urllib", "httpx", "asyncio", "os"}
    wrong = {name(file): sorted(imports(file) & outside) for file in modules() if name(file).startswith("signals/")}
    assert {file: found for file, found in wrong.items() if found} == {}


def test_analysis_knows_no_database_no_broker_and_no_web() -> None:
    outside = {"sqlalchemy", "psycopg", "kafka", "fastapi", "requests", "httpx", "urllib", "socket"}
    wrong = {name(file): sorted(imports(file) & outside) for file in modules() if name(file).startswith("nlp/")}
    assert {file: found for file, found in wrong.items() if found} == {}


def test_only_training_needs_pytorch() -> None:
    users = [name(file) for file in modules() if "torch" in imports(file)]
    assert [file for file in users if not file.startswith("nlp/train/")] == []


def test_rooms_get_plain_values_and_never_read_the_environment() -> None:
    # The one exception asks where Java is, which is a fact of the machine and no setting of ours.
    readers = [name(file) for file in modules() if re.search(r"\b(environ|getenv)\b", file.read_text())]
    outside = [file for file in readers if not file.startswith("seinpost/")]
    assert outside == ["pipeline/kafka/broker_jars.py"]
