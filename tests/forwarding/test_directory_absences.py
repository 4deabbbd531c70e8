"""Who is away and who stands in, from a directory file: told by the dry run, refused where it cannot be, kept once."""

import io
import json
from datetime import timedelta

import pytest
from openpyxl import Workbook

from forwarding.directory import Imported, import_directory
from forwarding.directory_file import DirectoryFile, DirectoryWrong, read_directory
from forwarding.directory_tables import read_tables
from pipeline.store.connection import Database
from tests.database import as_owner
from tests.forwarding.town import BOOK, NOW, SCHOOL_X, SCHOOL_Y, Town, empty_town

TODAY = NOW.date()
FIRST, LAST = TODAY + timedelta(days=3), TODAY + timedelta(days=10)
AGAIN = TODAY + timedelta(days=90)


def person(name: str, **more: object) -> dict[str, object]:
    return {
        "organisation": "Lisdodde College",
        "kind": "school",
        "role": "veico",
        "name": name.title(),
        "email": f"{name}@example.org",
        "review_on": AGAIN.isoformat(),
        "places": [SCHOOL_X.id],
        **more,
    }


def away(stand_in: str | None = None, **more: object) -> dict[str, object]:
    days: dict[str, object] = {"away_from": FIRST.isoformat(), "away_until": LAST.isoformat()}
    return person("veico", **days, **({"stand_in": f"{stand_in}@example.org"} if stand_in else {}), **more)


def file(*contacts: dict[str, object]) -> DirectoryFile:
    schools = [
        {"name": name, "kind": "school", "municipality": "Waterstad"}
        for name in ("Lisdodde College", "Meerkoet Lyceum")
    ]
    return read_directory(json.dumps({"organisations": schools, "contacts": contacts}))


def bring_in(town: Town, content: DirectoryFile) -> Imported:
    with as_owner(town.database) as connection:
        return import_directory(connection, content, BOOK, NOW)


def faults(town: Town, content: DirectoryFile) -> list[str]:
    with pytest.raises(DirectoryWrong) as refused:
        bring_in(town, content)
    return refused.value.faults


def stored(town: Town) -> list[tuple[object, ...]]:
    with town.owner() as owner:
        return owner.execute(
            "SELECT c.email, b.from_on, b.until_on, i.email FROM contact_absences b"
            " JOIN contacts c ON c.id = b.contact_id LEFT JOIN contacts i ON i.id = b.stand_in ORDER BY 1"
        ).fetchall()


@pytest.fixture
def quiet_town(database: Database) -> Town:
    return empty_town(database)


def test_an_absence_is_written_down_with_its_stand_in_told_and_not_written_twice(quiet_town: Town) -> None:
    content = file(away("collega"), person("collega"))
    told = [absence.sentence for absence in bring_in(quiet_town, content).absences]
    assert told == [f"veico@example.org is away from {FIRST} until {LAST}; collega@example.org stands in"]
    assert bring_in(quiet_town, content).absences, "it is told again, for it still holds"
    assert stored(quiet_town) == [("veico@example.org", FIRST, LAST, "collega@example.org")]
    with quiet_town.owner() as owner:
        count = owner.execute("SELECT count(*) FROM trail WHERE payload::jsonb->>3 = 'contact_away'").fetchone()
    assert count == (1,)


def test_a_colleague_who_is_in_the_directory_already_need_not_be_in_the_file(quiet_town: Town) -> None:
    bring_in(quiet_town, file(person("veico"), person("collega")))
    bring_in(quiet_town, file(away("Collega")))
    assert stored(quiet_town) == [("veico@example.org", FIRST, LAST, "collega@example.org")]


def test_without_a_stand_in_it_says_so_and_days_that_are_past_are_left(quiet_town: Town) -> None:
    past = {"away_from": (TODAY - timedelta(days=9)).isoformat(), "away_until": (TODAY - timedelta(days=1)).isoformat()}
    done = bring_in(quiet_town, file(away(), person("collega", **past)))
    assert [absence.sentence for absence in done.absences] == [
        f"veico@example.org is away from {FIRST} until {LAST}; nobody stands in"
    ]
    assert stored(quiet_town) == [("veico@example.org", FIRST, LAST, None)]


def test_a_stand_in_of_another_organisation_or_kind_that_left_or_that_nobody_knows_is_refused(quiet_town: Town) -> None:
    stranger = person("vreemd", organisation="Meerkoet Lyceum", places=[SCHOOL_Y.id])
    bring_in(quiet_town, file(stranger, person("helper", kind="help")))
    colleague = "a stand-in in a file is a colleague"
    whose = "is no contact of kind school of Lisdodde College"
    at = "contacts[0].stand_in"
    for stand_in, others, fault in (
        ("vreemd", (), f"{at}: vreemd@example.org {whose}; {colleague}"),
        ("helper", (), f"{at}: helper@example.org {whose}; {colleague}"),
        ("niemand", (), f"{at}: no active contact has the address niemand@example.org; add it to the file"),
        (
            "weg",
            (person("weg", active=False),),
            f"{at}: no active contact has the address weg@example.org; add it to the file",
        ),
        ("veico", (), f"{at}: nobody stands in for himself or herself"),
    ):
        assert faults(quiet_town, file(away(stand_in), *others)) == [fault]
    also_away = person("collega", away_from=LAST.isoformat(), away_until=(LAST + timedelta(days=1)).isoformat())
    assert faults(quiet_town, file(away("collega"), also_away)) == [
        f"{at}: collega@example.org is away too on some of these days, says this file"
    ]
    assert stored(quiet_town) == []


@pytest.mark.parametrize(
    ("part", "fault"),
    [
        ({"away_from": FIRST.isoformat()}, "away_from and away_until stand together"),
        ({"away_from": LAST.isoformat(), "away_until": FIRST.isoformat()}, "away_until lies before away_from"),
        ({"stand_in": "collega@example.org"}, "stand_in stands with away_from and away_until"),
    ],
)
def test_days_that_cannot_be_are_refused_before_anything_is_read(part: dict[str, object], fault: str) -> None:
    with pytest.raises(DirectoryWrong) as refused:
        file(person("veico", **part))
    assert refused.value.faults[0].startswith(f"contacts[0]: {fault}")


def test_a_spreadsheet_says_it_in_dutch_and_a_fault_is_told_by_its_row(quiet_town: Town) -> None:
    bring_in(quiet_town, file(person("collega")))
    head = ["organisatie", "soort", "rol", "naam", "e-mail", "nakijken", "plaatsen"]
    head += ["afwezig van", "afwezig tot en met", "waarnemer"]
    row = [
        "Lisdodde College",
        "school",
        "veico",
        "V",
        "veico@example.org",
        AGAIN,
        SCHOOL_X.id,
        FIRST,
        f"{LAST:%d-%m-%Y}",
    ]
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "contacten"
    for line in (head, [*row, "collega@example.org"]):
        sheet.append(line)
    out = io.BytesIO()
    book.save(out)
    read = read_tables([("adresboek.xlsx", out.getvalue())])
    bring_in(quiet_town, read.content)
    assert stored(quiet_town) == [("veico@example.org", FIRST, LAST, "collega@example.org")]
    text = ";".join(head) + "\n" + ";".join(map(str, [*row, "niemand@example.org"])) + "\n"
    wrong = read_tables([("contacten.csv", text.encode())])
    assert [wrong.fault(fault) for fault in faults(quiet_town, wrong.content)] == [
        "contacten.csv row 2, stand_in: no active contact has the address niemand@example.org; add it to the file"
    ]
