"""The directory from a spreadsheet: the same as from the file format, and every fault by sheet and row."""

import io
import json
import zipfile
from datetime import date

import pytest
from openpyxl import Workbook

from forwarding.directory_file import DirectoryWrong, read_directory
from forwarding.directory_tables import MOST_ROWS, read_tables

SHEETS: dict[str, list[list[object]]] = {
    "organisations": [
        ["name", "kind", "municipality", "police_unit"],
        ["Lisdodde College", "school", "Waterstad"],
        ["Basisteam Polder", "police", "Waterstad", "Polderland"],
    ],
    "agreements": [
        ["organisation", "purpose", "fields", "starts_on", "ends_on"],
        ["Lisdodde College", "schoolveiligheid", "category, place", date(2026, 1, 1), date(2027, 1, 1)],
        ["Basisteam Polder", "schoolveiligheid", "place", date(2026, 1, 1), date(2027, 1, 1)],
        ["Lisdodde College", "schoolveiligheid", "category;level", date(2027, 1, 2), date(2028, 1, 1)],
    ],
    "contacts": [
        ["organisation", "kind", "role", "name", "email", "phone", "user", "review_on", "active", "places"],
        ["Lisdodde College", "school", "veico", "Verzonnen Persoon", "veico@example.org"],
    ],
    "corridors": [
        ["place", "schools", "kept_by", "reviewed_on"],
        ["ns:RDE", "brin:90XX01", "lezer.een", date(2026, 9, 1)],
    ],
}
SHEETS["contacts"][1] += [612345678, "lezer.een", date(2027, 2, 1), True, "brin:90XX01 brin:90XX02"]
IN_DUTCH = {
    "organisaties.csv": "naam;soort;gemeente;eenheid\nLisdodde College;school;Waterstad;\n"
    "Basisteam Polder;politie;Waterstad;Polderland\n",
    "convenanten.csv": "organisatie;doel;velden;begint;eindigt\n"
    "Lisdodde College;schoolveiligheid;categorie, plaats;1-1-2026;01-01-2027\n"
    "Basisteam Polder;schoolveiligheid;plaats;1-1-2026;01-01-2027\n"
    "Lisdodde College;schoolveiligheid;categorie, niveau;2-1-2027;1-1-2028\n",
    "contacten.csv": "organisatie;soort;rol;naam;e-mail;telefoon;gebruiker;nakijken;actief;plaatsen\n"
    "Lisdodde College;school;veico;Verzonnen Persoon;veico@example.org;612345678;lezer.een;1-2-2027;ja;"
    '"brin:90XX01, brin:90XX02"\n',
    "lijsten.csv": "plaats;scholen;beheerder;nagekeken\nns:RDE;brin:90XX01;lezer.een;1-9-2026\n",
}
THE_SAME = read_directory(
    json.dumps(
        {
            "organisations": [
                {
                    "name": "Lisdodde College",
                    "kind": "school",
                    "municipality": "Waterstad",
                    "agreements": [
                        {
                            "purpose": "schoolveiligheid",
                            "fields": ["category", "place"],
                            "starts_on": "2026-01-01",
                            "ends_on": "2027-01-01",
                        },
                        {
                            "purpose": "schoolveiligheid",
                            "fields": ["category", "level"],
                            "starts_on": "2027-01-02",
                            "ends_on": "2028-01-01",
                        },
                    ],
                },
                {
                    "name": "Basisteam Polder",
                    "kind": "police",
                    "municipality": "Waterstad",
                    "police_unit": "Polderland",
                    "agreements": [
                        {
                            "purpose": "schoolveiligheid",
                            "fields": ["place"],
                            "starts_on": "2026-01-01",
                            "ends_on": "2027-01-01",
                        }
                    ],
                },
            ],
            "contacts": [
                {
                    "organisation": "Lisdodde College",
                    "kind": "school",
                    "role": "veico",
                    "name": "Verzonnen Persoon",
                    "email": "veico@example.org",
                    "phone": "612345678",
                    "user": "lezer.een",
                    "review_on": "2027-02-01",
                    "places": ["brin:90XX01", "brin:90XX02"],
                }
            ],
            "corridors": [
                {"place": "ns:RDE", "schools": ["brin:90XX01"], "kept_by": "lezer.een", "reviewed_on": "2026-09-01"}
            ],
        }
    )
)


def workbook(sheets: dict[str, list[list[object]]]) -> bytes:
    book = Workbook()
    book.remove(book.active)  # type: ignore[arg-type]  # a new workbook always has a first sheet
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def faults(*files: tuple[str, bytes]) -> list[str]:
    with pytest.raises(DirectoryWrong) as refused:
        read_tables(files)
    return refused.value.faults


def test_a_workbook_says_the_same_as_the_file_format() -> None:
    assert read_tables([("adresboek.xlsx", workbook(SHEETS))]).content == THE_SAME


def test_dutch_csv_files_as_a_dutch_spreadsheet_saves_them_say_the_same() -> None:
    assert read_tables([(name, text.encode("utf-8-sig")) for name, text in IN_DUTCH.items()]).content == THE_SAME


def test_a_fault_is_told_by_sheet_and_row() -> None:
    wrong = {table: [*rows] for table, rows in SHEETS.items()}
    wrong["contacts"] = [wrong["contacts"][0], [None] * 10, ["Lisdodde College", "school", "veico", "P", "geen adres"]]
    found = faults(("adresboek.xlsx", workbook(wrong)))
    assert any(fault.startswith("contacts row 3, email: String should match pattern") for fault in found)
    assert "contacts row 3, review_on: Field required" in found


def test_a_fault_of_an_agreement_is_told_by_its_own_row() -> None:
    wrong = {table: [*rows] for table, rows in SHEETS.items()}
    wrong["agreements"] = [*wrong["agreements"], ["Lisdodde College", "x", "auteur", date(2026, 1, 1), "later"]]
    found = faults(("adresboek.xlsx", workbook(wrong)))
    assert [fault.partition(":")[0] for fault in found] == [
        "agreements row 5, fields[0]",
        "agreements row 5, ends_on",
    ]


def test_a_fault_that_only_the_database_finds_is_told_by_row_too() -> None:
    read = read_tables([("adresboek.xlsx", workbook(SHEETS))])
    told = read.fault(
        "contacts[0].places: the gazetteer has no place brin:90XX01; look it up with seinpost places find"
    )
    assert (
        told == "contacts row 2, places: the gazetteer has no place brin:90XX01; look it up with seinpost places find"
    )


@pytest.mark.parametrize(
    ("name", "data", "fault"),
    [
        ("scholen.csv", b"naam;soort\n", "scholen.csv: this is no table of the directory"),
        ("contacten.csv", b"naam;geboortedatum\nx;y\n", "there is no column geboortedatum; known: organisation, kind"),
        ("contacten.csv", b"naam;name\nx;y\n", "contacten.csv row 1: the column name stands there twice"),
        ("contacten.csv", b"naam;rol\n\xe9;x\n", "byte 9 is not UTF-8; save the file as CSV UTF-8"),
        ("contacten.csv", b'naam;rol\n"x;y\n', "contacten.csv: a quotation mark is not closed"),
        ("contacten.csv", b"naam;rol\n" + b"x;y\n" * MOST_ROWS, f"has more than {MOST_ROWS:,} rows"),
        ("contacten.csv", b"naam;rol\nx;" + b"y" * 10_001, "contacten.csv row 2: a cell is longer than 10,000"),
        ("convenanten.csv", b"organisatie;doel\nNiemand;x\n", "convenanten.csv row 2, organisation: Niemand is not"),
        ("adresboek.xlsx", b"PK\x03\x04 no workbook", "adresboek.xlsx is no XLSX workbook"),
    ],
)
def test_what_cannot_be_read_says_where_and_what_to_do(name: str, data: bytes, fault: str) -> None:
    assert fault in faults((name, data))[0]


def test_a_workbook_that_unpacks_to_far_more_than_a_directory_is_refused() -> None:
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as packed, packed.open("xl/workbook.xml", "w") as member:
        for _ in range(129):
            member.write(bytes(1024 * 1024))
    assert len(bomb.getvalue()) < 1024 * 1024
    assert "unpacks to more than 128 MiB" in faults(("adresboek.xlsx", bomb.getvalue()))[0]
