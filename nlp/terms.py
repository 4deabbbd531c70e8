"""The term list: words and phrases with their sense and category, found in one pass over a folded text.

A term alone never flags a post; some open the gate, all can be shown as a reason.
"""

import csv
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import ahocorasick_rs

from nlp.normalise import fold
from signals.label import Category
from signals.settings_version import TeamTerm

TELLING = 0.5
PATH = Path(__file__).parent / "data" / "terms.csv"


@dataclass(frozen=True, slots=True)
class Term:
    """One term: what it means here, the harm it may point to, and whether seeing it opens the gate.

    `weight` is how seldom it is innocent, 0 to 1; from `TELLING` on it is worth showing as a reason. `region` is where
    the word comes from (`nl`, `en`), never where its user does; `added` is a date, `reviewer` who checked the row.
    """

    text: str
    sense: str
    category: Category
    weight: float
    opens_gate: bool
    region: str = ""
    source: str = ""
    added: str = ""
    reviewer: str = ""


@dataclass(frozen=True, slots=True)
class TermHit:
    """A term at [start, end) of the folded text."""

    start: int
    end: int
    term: Term


class TermList:
    """All terms in one automaton."""

    def __init__(self, terms: Sequence[Term], version: str) -> None:
        self.version = version
        self._terms = list(terms)
        self._automaton = ahocorasick_rs.AhoCorasick([fold(term.text) for term in terms]) if terms else None

    @property
    def terms(self) -> tuple[Term, ...]:
        """Every term, in the order of the list."""
        return tuple(self._terms)

    def find(self, folded: str) -> list[TermHit]:
        """Whole-word hits in order, the longest at each place, without overlaps."""
        if self._automaton is None:
            return []
        hits = [
            TermHit(start, end, self._terms[index])
            for index, start, end in self._automaton.find_matches_as_indexes(folded, overlapping=True)
            if not (start and folded[start - 1].isalnum()) and not (end < len(folded) and folded[end].isalnum())
        ]
        taken: list[TermHit] = []
        for hit in sorted(hits, key=lambda h: (h.start, -h.end)):
            if not taken or hit.start >= taken[-1].end:
                taken.append(hit)
        return taken


@lru_cache(maxsize=1)
def shipped(path: Path = PATH) -> TermList:
    """The term list that comes with the product."""
    content = path.read_bytes()
    rows = csv.DictReader(content.decode().splitlines())
    terms = [
        Term(
            text=row["term"],
            sense=row["sense"],
            category=Category(row["category"]),
            weight=float(row["weight"]),
            opens_gate=row["opens_gate"] == "1",
            region=row["region"],
            source=row["source"],
            added=row["added"],
            reviewer=row["reviewer"],
        )
        for row in rows
    ]
    return TermList(terms, hashlib.sha256(content).hexdigest()[:12])


@lru_cache(maxsize=8)
def team_terms(terms: tuple[TeamTerm, ...]) -> TermList:
    """The terms that the team added in a settings version; each opens the gate."""
    return TermList([Term(term.term, term.meaning, term.category, 1.0, opens_gate=True) for term in terms], "team")
