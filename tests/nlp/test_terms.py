"""The term list: every row complete, each term once, found as a whole word in one pass."""

import csv
from datetime import date
from time import process_time

import pytest

from nlp.normalise import fold
from nlp.terms import PATH, Term, TermList, shipped, team_terms
from signals.label import Category
from signals.settings_version import TeamTerm

COLUMNS = ["term", "sense", "category", "weight", "opens_gate", "region", "source", "added", "reviewer"]


def rows() -> list[dict[str, str]]:
    with PATH.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def found(text: str) -> list[str]:
    return [hit.term.text for hit in shipped().find(fold(text))]


def test_every_row_has_every_column() -> None:
    assert list(rows()[0]) == COLUMNS
    assert [row["term"] for row in rows() if not all(row[name].strip() for name in COLUMNS)] == []


def test_every_row_reads_as_what_it_says() -> None:
    for row in rows():
        assert Category(row["category"]) is not Category.NONE
        assert 0 <= float(row["weight"]) <= 1
        assert row["opens_gate"] in {"0", "1"}
        assert row["region"] in {"nl", "en"}
        assert date.fromisoformat(row["added"])


def test_every_term_is_there_once() -> None:
    terms = [fold(row["term"]) for row in rows()]
    assert len(terms) == len(set(terms))


def test_a_weak_term_alone_never_opens_the_gate() -> None:
    assert [row["term"] for row in rows() if row["opens_gate"] == "1" and float(row["weight"]) < 0.5] == []


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("neem je mes mee", ["mes mee"]),
        ("de mestvaalt en de pistoolhouder", []),
        ("MACHETE!", ["machete"]),
        ("glock, cobra", ["glock", "cobra"]),
    ],
)
def test_terms_are_found_as_whole_words_the_longest_first(text: str, terms: list[str]) -> None:
    assert found(text) == terms


def test_a_term_of_the_team_is_found_and_opens_the_gate() -> None:
    made = team_terms((TeamTerm(term="Bloemkoolsoep", category=Category.THREAT, meaning="codewoord"),))
    [hit] = made.find(fold("vanavond bloemkoolsoep!"))
    assert (hit.start, hit.end, hit.term.opens_gate) == (9, 22, True)


def test_no_terms_find_nothing() -> None:
    assert TermList([], "none").find("mes") == []


def test_thousands_of_terms_are_found_in_one_quick_pass() -> None:
    many = TermList([Term(f"term{number}x", "", Category.THREAT, 0.5, opens_gate=False) for number in range(5000)], "t")
    began = process_time()
    assert len(many.find("term17x en term4999x " * 500)) == 1000
    assert process_time() - began < 1
