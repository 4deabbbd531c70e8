"""`seinpost report month`: as a person calls it, on a real installation; the same bytes for the same numbers."""

import csv
import json
from io import StringIO
from pathlib import Path

from pypdf import PdfReader

from tests.database import owner_connection
from tests.people import add_user
from tests.review_ui.month_filled import MONTH, SENTINELS, fill
from tests.whole_road.house import house


def told(file: Path) -> dict[tuple[str, str], str]:
    return {(row["section"], row["code"]): row["number"] for row in csv.DictReader(StringIO(file.read_text()))}


def test_the_monthly_report_hides_small_numbers_unless_asked_and_is_the_same_to_the_byte(tmp_path: Path) -> None:
    pdf, numbers = tmp_path / "verslag.pdf", tmp_path / "verslag.csv"
    with house(tmp_path / "house") as built:
        readers = (add_user(built.database, "anna", "expert"), add_user(built.database, "bram", "expert"))
        with owner_connection(built.database) as owner, owner.transaction():
            filled = fill(owner, readers)
        made = built.run("report", "month", MONTH, "--pdf", str(pdf), "--csv", str(numbers))
        assert made.returncode == 0, made.stderr.decode()
        said, first = told(numbers), pdf.read_bytes()
        for (section, code), number in filled.numbers.items():
            hidden = number < 10
            assert said[section, code] == ("< 10" if hidden else f"{number // 10 * 10}–{number // 10 * 10 + 9}")
        built.run("report", "month", MONTH, "--pdf", str(pdf), "--csv", str(numbers))
        assert pdf.read_bytes() == first
        exact = built.run("report", "month", MONTH, "--exact", "--json", "--csv", str(numbers), "--pdf", str(pdf))
        assert exact.returncode == 0, exact.stderr.decode()
        said = told(numbers)
        assert {key: said[key] for key in filled.numbers} == {key: str(n) for key, n in filled.numbers.items()}
        assert json.loads(exact.stdout)["months"] == MONTH
        text = "\n".join(page.extract_text() for page in PdfReader(pdf).pages)
        for sentinel in SENTINELS:
            assert sentinel.lower() not in (text + numbers.read_text() + exact.stdout.decode()).lower()
        wrong = built.run("report", "month", "november")
        assert wrong.returncode == 2
        assert b"write a month as 2026-11" in wrong.stderr
