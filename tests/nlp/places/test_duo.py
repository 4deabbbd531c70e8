"""School lists are read as DUO publishes them, in each encoding and with each header; a bad row spoils itself only."""

import contextlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.places.duo import Location, read_duo
from nlp.places.gazetteer import load
from nlp.places.importing import known_places
from nlp.places.official_csv import OfficialFileWrong
from tests.nlp.places.official.invented import HEADER, OLD_HEADER, row, table

FILE = Path(__file__).parent / "official" / "duo_vo.csv"
NO_PLACES: dict[str, str] = {}


def test_a_published_file_is_read() -> None:
    read = read_duo(FILE.name, FILE.read_bytes(), known_places(load()))
    assert (read.family, read.set_aside, read.provinces) == ("vo", (), {"Noord-Holland", "Zuid-Holland"})
    first, second, third, fourth = read.locations
    assert first == Location(
        code="90AA00", type="vo", name="Lisdodde College voor Vwo Havo Mavo Vbo Lwoo", street="Rietkraag 12",
        postcode="1509ZZ", town="Zaandam", municipality="Zaanstad", province="Noord-Holland",
    )  # fmt: skip
    assert second.name == "Lisdodde College, locatie Café Één"
    assert second.street == "Veerdam 7-A"
    assert (third.type, third.name) == ("pro", "Praktijkschool De Otter & Co")
    assert (fourth.town, fourth.municipality) == ("Den Haag", "Den Haag")


@pytest.mark.parametrize("encoding", ["windows-1252", "utf-8", "utf-8-sig", "utf-16"])
def test_the_encoding_is_seen_and_not_assumed(encoding: str) -> None:
    data = table(row(name="Café Één Lyceum"), encoding=encoding)
    assert read_duo("f.csv", data, NO_PLACES).locations[0].name == "Café Één Lyceum"


def test_commas_and_quotation_marks_are_read_as_well() -> None:
    line = ",".join(f'"{field}"' for field in row(name="Lisdodde College# locatie Noord").split(";")).replace("#", ",")
    data = f"{HEADER.replace(';', ',')}\n{line}\n".encode()
    assert read_duo("f.csv", data, NO_PLACES).locations[0].name == "Lisdodde College, locatie Noord"


@pytest.mark.parametrize("number", ["1", "01", "90AA01"])
def test_the_old_header_says_the_same(number: str) -> None:
    line = row("90AA01").replace(";90AA01;", f";{number};")
    [location] = read_duo("f.csv", table(line, header=OLD_HEADER), NO_PLACES).locations
    assert (location.code, location.name) == ("90AA01", "Lisdodde College")


def test_a_blank_field_is_one_space_and_names_in_capitals_become_readable() -> None:
    data = table(row(street=" ", number=" ", postcode=" ", town="KOOG AAN DEN IJSSEL", municipality="SINT-RIETDAM"))
    [location] = read_duo("f.csv", data, NO_PLACES).locations
    assert (location.street, location.postcode) == ("", "")
    assert (location.town, location.municipality) == ("Koog aan den IJssel", "Sint-Rietdam")


@pytest.mark.parametrize(
    ("column", "value", "family", "kind"),
    [
        ("SOORT PRIMAIR ONDERWIJS", "Vso", "so", "vso"),
        ("SOORT PRIMAIR ONDERWIJS", "Sbo", "sbo", "sbo"),
        ("MBO INSTELLINGSSOORT NAAM", "ROC", "mbo", "mbo"),
        ("ONDERWIJSSTRUCTUUR", "PRO", "vo", "pro"),
    ],
)
def test_the_columns_tell_the_kind_of_school(column: str, value: str, family: str, kind: str) -> None:
    data = table(row(structure=value), header=HEADER.replace("ONDERWIJSSTRUCTUUR", column))
    read = read_duo("f.csv", data, NO_PLACES)
    assert (read.family, read.locations[0].type) == (family, kind)


def test_a_file_that_does_not_say_its_kind_is_asked_for_it() -> None:
    data = table(row(), header=HEADER.replace("ONDERWIJSSTRUCTUUR", "DENOMINATIE"))
    with pytest.raises(OfficialFileWrong, match="give --kind"):
        read_duo("f.csv", data, NO_PLACES)
    assert read_duo("f.csv", data, NO_PLACES, "po").locations[0].type == "po"


@pytest.mark.parametrize("column", ["VESTIGINGSNAAM", "PLAATSNAAM", "GEMEENTENAAM", "PROVINCIE"])
def test_a_file_without_a_needed_column_is_refused_whole(column: str) -> None:
    with pytest.raises(OfficialFileWrong, match=column):
        read_duo("f.csv", table(row(), header=HEADER.replace(column, "IETS")), NO_PLACES)


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (row(code="9AAA00"), "BRIN and location number"),
        (row(name=" "), "the name is blank"),
        (row(name="x" * 400), "longer than 300"),
        (row(name="x" * 200_000), "longer than 20,000"),
        (row(name="Lisdodde\0College"), "control character"),
        (row(name="=HYPERLINK(1)"), "begins like a formula"),
        (row(name="@SUM(1)"), "begins like a formula"),
        (row(name='"Lisdodde'), "quotation mark"),
        (row(postcode="postbus"), "postcode"),
        (row() + ";te veel", "13 fields instead of 12"),
        ("alleen dit", "1 fields instead of 12"),
        (row("90AB00"), "stands on line 2 already"),
    ],
)
def test_a_bad_row_is_set_aside_with_its_line_and_reason(bad: str, reason: str) -> None:
    read = read_duo("f.csv", table(row("90AB00"), bad, row("90AC00")), NO_PLACES)
    assert [location.code for location in read.locations] == ["90AB00", "90AC00"]
    [aside] = read.set_aside
    assert (aside.file, aside.line) == ("f.csv", 3)
    assert reason in aside.reason


@pytest.mark.parametrize(
    "data", [b"", b"\r\n\r\n", b"geen tabel", b"\x00\x01\x02", b"%PDF-1.7", b"a;b\n", b"\x81\x8d\n"]
)
def test_what_is_no_table_is_refused(data: bytes) -> None:
    with pytest.raises(OfficialFileWrong, match=r"f\.csv"):
        read_duo("f.csv", data, NO_PLACES)


def test_a_file_of_which_most_rows_are_wrong_is_another_file() -> None:
    with pytest.raises(OfficialFileWrong, match="most rows cannot be used"):
        read_duo("f.csv", table(row("90AB00"), row("??"), row("??")), NO_PLACES)


@given(st.binary(max_size=400))
def test_no_bytes_break_it(data: bytes) -> None:
    for whole in (data, table(row()) + data):
        with contextlib.suppress(OfficialFileWrong):
            read_duo("f.csv", whole, NO_PLACES)
