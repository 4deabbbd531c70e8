"""Why a post was flagged: the words, places, times and parts of the text that point to harm, as spans of it.

The words used for `why` are a closed list, so that screens can translate them. Dearer questions about one post (what
weighed, what would un-flag it) are answered by `nlp.explain`.
"""

import re
from collections.abc import Callable, Sequence
from enum import StrEnum

from nlp.normalise import Disguise, Undone
from nlp.terms import TELLING, TermHit
from signals.analysis import Fact, Facts, Reason, Span
from signals.label import Category

MOST = 8
"""A reader takes in no more reasons than this."""

PART = re.compile(r"[^.!?,;\n]+[.!?,;\n]*")
"""A clause of a text, with the signs that end it."""


class Why(StrEnum):
    """Every `why` a reason can carry."""

    TARGET = "who or what is aimed at"
    PLACE = "place"
    TIME = "time"
    MEANS = "means"
    CALL = "call to act"
    THREAT = "word of violence"
    WEAPON = "word for a weapon"
    CONFRONTATION = "word for a fight"
    RECRUITMENT = "word of recruiting"
    DRUGS = "word for drugs"
    EXTORTION = "word of extortion"
    SEXUAL = "word of sexual harm"
    DISGUISE = "written in disguise"
    PART = "this part weighs most"


TRICKS = frozenset(
    {
        Disguise.UNICODE,
        Disguise.LOOKALIKE,
        Disguise.INVISIBLE,
        Disguise.MARKED,
        Disguise.SPACED,
        Disguise.LEET,
        Disguise.STARRED,
        Disguise.REVERSED,
    }
)
"""Ways of writing that hide a word. The others are how people type: an emoji, a long vowel, a hashtag, a slip."""

_FACT_WHY = {fact: Why[fact.name] for fact in Fact}
_TERM_WHY = {category: Why[category.name] for category in Category if category is not Category.NONE}


def reasons(
    facts: Facts,
    terms: Sequence[TermHit],
    heaviest: Span | None,
    original: Callable[[int, int], Span],
    disguised: Sequence[Span] = (),
) -> tuple[Reason, ...]:
    """Facts first, then terms not covered by a fact, then the disguised words in these, or else the part that moved the
    model most; in order of the text."""
    found: list[Reason] = [
        Reason(start=start, end=end, why=_FACT_WHY[fact]) for fact in Fact for start, end in facts.spans(fact)
    ]
    for hit in terms[: 4 * MOST]:
        start, end = original(hit.start, hit.end)
        if (
            hit.term.weight >= TELLING
            and hit.term.category in _TERM_WHY
            and not any(r.start <= start and end <= r.end for r in found)
        ):
            found.append(Reason(start=start, end=end, why=_TERM_WHY[hit.term.category]))
    if heaviest and not found:
        found.append(Reason(start=heaviest[0], end=heaviest[1], why=Why.PART))
    else:
        hidden = [(start, end) for start, end in disguised if any(r.start < end and start < r.end for r in found)]
        found += [Reason(start=start, end=end, why=Why.DISGUISE) for start, end in hidden]
    return tuple(sorted(found[:MOST], key=lambda reason: (reason.start, reason.end, reason.why)))


def disguised_words(text: str, undone: Sequence[Undone], original: Callable[[int, int], Span]) -> list[Span]:
    """The whole words of the given text in which a trick was undone, in order, each once."""
    words: list[Span] = []
    for start, end in sorted(original(one.start, one.end) for one in undone if one.what in TRICKS):
        if words and end <= words[-1][1]:
            continue
        while start and not text[start - 1].isspace():
            start -= 1
        while end < len(text) and not text[end].isspace():
            end += 1
        words.append((start, end))
    return words


def heaviest_part(text: str, logits: Callable[[Sequence[str]], list[float]]) -> Span | None:
    """The part of the text without which the model is least sure: one run of the model per part, at most eight."""
    parts = [(found.start(), found.end()) for found in PART.finditer(text) if found.group().strip()][:MOST]
    if len(parts) < 2:
        return (0, len(text)) if text.strip() else None
    left = logits([f"{text[:start]} {text[end:]}" for start, end in parts])
    start, end = parts[left.index(min(left))]
    while start < end and text[start].isspace():
        start += 1
    return start, end
