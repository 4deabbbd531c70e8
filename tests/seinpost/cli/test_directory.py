"""`seinpost directory` at the prompt: a spreadsheet goes in whole or not at all, and what is missing is told."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import structlog
from openpyxl import Workbook

from forwarding.places import install
from pipeline.key_folder import KeyFolder
from pipeline.store.connection import Database
from seinpost.cli.main import main
from tests.database import owner_connection
from tests.people import add_user

Prompt = Callable[[str], tuple[int, str, str]]
SHEETS: dict[str, list[list[str]]] = {
    "organisaties": [
        ["naam", "soort", "gemeente", "eenheid"],
        ["Trias (verzonnen)", "school", "Zaanstad"],
        ["Basisteam (verzonnen)", "politie", "Zaanstad", "Noord-Holland"],
    ],
    "convenanten": [
        ["organisatie", "doel", "velden", "begint", "eindigt"],
        ["Trias (verzonnen)", "schoolveiligheid", "categorie plaats", "1-1-2026", "31-12-2098"],
    ],
    "contacten": [
        ["organisatie", "soort", "rol", "naam", "e-mail", "gebruiker", "nakijken", "bereikbaar", "plaatsen"],
        [
            "Trias (verzonnen)",
            "school",
            "veico",
            "Aafje Riet",
            "aafje@example.org",
            "aafje",
            "1-1-2098",
            "ma-do 8.30",
            "brin:20EY07",
        ],
        [
            "Basisteam (verzonnen)",
            "politie",
            "wijkagent",
            "Bram Biezen",
            "bram@example.org",
            "aafje",
            "1-1-2098",
            "",
            "area:krommenie",
        ],
    ],
    "lijsten": [["plaats", "scholen", "beheerder", "nagekeken"], ["ns:KMA", "brin:20EY07", "aafje", "1-1-2098"]],
}


@pytest.fixture
def prompt(
    database: Database,
    keys: KeyFolder,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Iterator[Prompt]:
    """The words after `seinpost`, typed on an installation that has this database; exit status, output, errors."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(
        "SEINPOST_DATABASE_URL", database.url.set(drivername="postgresql").render_as_string(hide_password=False)
    )
    for name, value in {"KEYS": keys.path, "DATA": tmp_path, "CONTACT": "x@example.org"}.items():
        monkeypatch.setenv(f"SEINPOST_{name}", str(value))
    add_user(database, "aafje", "recipient")

    def typed(words: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as ended:
            main(words.split())
        out, err = capsys.readouterr()
        return int(ended.value.code or 0), out, err

    yield typed
    install(None)
    structlog.reset_defaults()


def save(to: Path, sheets: dict[str, list[list[str]]]) -> None:
    book = Workbook()
    book.remove(book.worksheets[0])
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    book.save(to)


def test_a_workbook_is_tried_brought_in_and_looked_through(prompt: Prompt, database: Database, tmp_path: Path) -> None:
    save(tmp_path / "adresboek.xlsx", SHEETS)
    assert prompt("directory import adresboek.xlsx --dry-run") == (
        0,
        "organisations: 2 new, 0 updated\nagreements: 1 new, 0 updated\ncontacts: 2 new, 0 updated\ncorridors: 1\n",
        "This was a dry run; nothing was changed.\n",
    )
    with owner_connection(database) as owner:
        assert owner.execute("SELECT count(*) FROM contacts").fetchall() == [(0,)]
    assert prompt("directory import adresboek.xlsx")[0] == 0
    with owner_connection(database) as owner:
        hours = owner.execute("SELECT display_name, hours FROM contacts ORDER BY 1").fetchall()
    assert hours == [("Aafje Riet", "ma-do 8.30"), ("Bram Biezen", None)]

    status, out, _ = prompt("directory gaps --json")
    assert status == 0
    assert [(gap["kind"], gap["about"]) for gap in json.loads(out)] == [
        ("no_municipality", "brin:20EY07"),
        ("no_help", "brin:20EY07"),
        ("no_agreement", "Basisteam (verzonnen)"),
        ("never_confirmed", "aafje@example.org"),
        ("never_confirmed", "bram@example.org"),
    ]

    assert prompt("directory confirm aafje@example.org --review 2098-06-01")[0] == 0
    assert prompt("directory away bram@example.org --until 2098-01-01")[0] == 0
    status, out, err = prompt("directory gaps")
    assert (status, err) == (0, "5 to mend.\n")
    assert "Aafje Riet" not in out
    assert "Bram Biezen, wijkagent, Basisteam (verzonnen): away, and nobody stands in (01-01-2098)\n" in out


def test_one_wrong_row_stops_the_whole_workbook(prompt: Prompt, database: Database, tmp_path: Path) -> None:
    wrong = {**SHEETS, "lijsten": [*SHEETS["lijsten"], ["ns:KMA", "area:krommenie", "niemand", "1-9-2026"]]}
    save(tmp_path / "adresboek.xlsx", wrong)
    status, out, err = prompt("directory import adresboek.xlsx")
    assert (status, out) == (2, "")
    assert err.splitlines() == [
        "lijsten row 3, kept_by: nobody has the user name niemand; add it with seinpost users add",
        "lijsten row 3, schools: area:krommenie is no school",
        "Nothing was imported.",
    ]
    with owner_connection(database) as owner:
        assert owner.execute("SELECT count(*) FROM organisations").fetchall() == [(0,)]


@pytest.mark.parametrize(
    ("words", "line"),
    [
        ("directory import geen.xlsx", "geen.xlsx cannot be read; check its name and who may read it"),
        ("directory import geen.json", "geen.json: the file cannot be read; check its name and who may read it"),
        ("directory away wie@example.org --until 2098-01-01", "seinpost: no active contact has the address wie@"),
        ("directory gaps --municipality Zaandorp", "The gazetteer has no municipality Zaandorp; write it as it does."),
    ],
)
def test_what_cannot_be_done_is_one_line_that_says_what_to_do(prompt: Prompt, words: str, line: str) -> None:
    status, out, err = prompt(words)
    assert (status, out) == (2, "")
    assert err.splitlines()[0].startswith(line)
