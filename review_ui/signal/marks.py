"""Cuts a masked text into stretches to be marked on the page: which fact a stretch carries, and where its word stands.

Pure. Characters that could hide or turn text around are made visible; what is text stays text.
"""

import unicodedata
from dataclasses import dataclass
from itertools import pairwise

from signals.analysis import Analysis, Fact

# Turn the direction of what follows, or show nothing at all. Zero-width joiners stay: emoji are made with them.
_HIDDEN = dict.fromkeys(
    [
        *range(0x200B, 0x200D),
        *range(0x200E, 0x2010),
        *range(0x2028, 0x202F),
        *range(0x2060, 0x2070),
        0x00AD,
        0x061C,
        0x180E,
        0xFEFF,
    ],
    "\N{OPEN BOX}",
)
_LONGEST_STACK = 3


@dataclass(frozen=True)
class Stretch:
    """A piece of the text with the facts it carries. `ends` are the facts whose word stands behind it."""

    text: str
    facts: tuple[Fact, ...] = ()
    ends: tuple[Fact, ...] = ()
    reason: bool = False


def stretches(text: str, analysis: Analysis | None) -> list[Stretch]:
    """The whole text, in order. Spans outside the text are cut to it."""
    if analysis is None:
        return [Stretch(readable(text))]
    marks = [(start, end, fact) for fact in Fact for start, end in analysis.facts.spans(fact)]
    reasons = [(reason.start, reason.end) for reason in analysis.reasons]
    edges = {0, len(text)}
    for start, end in [(start, end) for start, end, _ in marks] + reasons:
        edges |= {min(max(start, 0), len(text)), min(max(end, 0), len(text))}
    cuts = sorted(edges)
    return [
        Stretch(
            text=readable(text[start:end]),
            facts=tuple(fact for first, last, fact in marks if first <= start and end <= last),
            ends=tuple(fact for first, last, fact in marks if first <= start and end == min(last, len(text))),
            reason=any(first <= start and end <= last for first, last in reasons),
        )
        for start, end in pairwise(cuts)
    ]


def readable(text: str) -> str:
    """The text with hidden characters shown as a sign, and at most three accents stacked on one letter."""
    kept: list[str] = []
    stack = 0
    for char in text.translate(_HIDDEN):
        stack = stack + 1 if unicodedata.combining(char) else 0
        if stack > _LONGEST_STACK or (unicodedata.category(char) == "Cc" and char not in "\n\t"):
            continue
        kept.append(char)
    return "".join(kept)
