"""The listed words that stand in one masked text, with their places in it, for a person who reads or searches.

Finding a word flags nothing and weighs nothing; that is `nlp.analyse`'s work.
"""

from dataclasses import dataclass

from nlp.encoder_text import encoder_text
from nlp.normalise import fold
from nlp.terms import Term, TermList

MOST = 200
"""Hits in one text; more help nobody."""


@dataclass(frozen=True, slots=True)
class FoundTerm:
    """A listed word at [start, end) of the text as it was given, however it was disguised there."""

    start: int
    end: int
    term: Term


def found_terms(text: str, listed: TermList) -> list[FoundTerm]:
    """Whole-word hits in order, the longest at each place; offsets count characters of `text`."""
    clean = encoder_text(text)
    hits = listed.find(fold(clean.text))[:MOST]
    return [FoundTerm(*clean.original(hit.start, hit.end), hit.term) for hit in hits]
