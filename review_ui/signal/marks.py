"""Cuts a masked text into stretches to be marked on the page: which fact a stretch carries, and where its word stands.

Pure. Characters that could hide or turn text around are made visible; what is text stays text.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from signals.analysis import Analysis, Fact

_SIGN = "\N{OPEN BOX}"
# Turn the direction of what follows, or show nothing at all; a zero-width joiner has a rule of its own.
_HIDDEN = dict.fromkeys(
    [
        *(0x00AD, 0x034F, 0x061C, 0x115F, 0x1160, 0x17B4, 0x17B5),
        *range(0x180B, 0x1810),
        *range(0x200B, 0x200D),
        *range(0x200E, 0x2010),
        *range(0x2028, 0x202F),
        *range(0x2060, 0x2070),
        *(0x2800, 0x3164, 0xFEFF, 0xFFA0),
        *range(0xFFF0, 0xFFFC),
        *range(0x1BCA0, 0x1BCA4),
        *range(0x1D173, 0x1D17B),
        *range(0xE0000, 0xE1000),
    ],
    _SIGN,
)
_JOINER = "\u200d"
_LONGEST_STACK = 3


@dataclass(frozen=True)
class Stretch:
    """A piece of the text with what it carries. `ends` and `why` say which labels stand at its end.

    `word` is the place of an explained word among the words of the text; `begins` where such a word begins.
    """

    text: str
    facts: tuple[Fact, ...] = ()
    ends: tuple[Fact, ...] = ()
    reason: bool = False
    why: tuple[str, ...] = ()
    word: int | None = None
    begins: bool = False


Marked = tuple[int, int, str]
"""A stretch [start, end) that is a reason, and why."""
Explaining = tuple[int, int, int]
"""A stretch [start, end) that is an explained word, and its place among the words."""


def stretches(text: str, analysis: Analysis | None, words: Sequence[Explaining] = ()) -> list[Stretch]:
    """The whole text, in order. Spans outside the text are cut to it."""
    if analysis is None:
        return marked(text, [], words=words)
    facts = [(start, end, fact) for fact in Fact for start, end in analysis.facts.spans(fact)]
    return marked(text, facts, [(reason.start, reason.end, reason.why) for reason in analysis.reasons], words)


def marked(
    text: str, facts: Sequence[tuple[int, int, Fact]], why: Sequence[Marked] = (), words: Sequence[Explaining] = ()
) -> list[Stretch]:
    """The whole text, in order, cut where a fact, a reason or an explained word begins or ends."""
    marks = [(_whole(text, start), _whole(text, end), fact) for start, end, fact in facts]
    reasons = [(_whole(text, start), _whole(text, end), said) for start, end, said in why]
    explained = [(_whole(text, start), _whole(text, end), number) for start, end, number in words]
    spans = [(start, end) for start, end, _ in (*marks, *reasons, *explained)]
    cuts = list(pairwise(sorted({0, len(text)}.union(*spans))))
    # The word of a reason stands at its last piece that has no fact's word yet.
    bare = [(start, end) for start, end in cuts if not any(first <= start and end <= last for first, last, _ in marks)]
    told: dict[tuple[int, int], list[str]] = {}
    for first, last, said in reasons:
        inside = [piece for piece in bare if first <= piece[0] and piece[1] <= last]
        if inside:
            told.setdefault(inside[-1], []).append(said)
    return [
        Stretch(
            text=readable(text[start:end]),
            facts=tuple(fact for first, last, fact in marks if first <= start and end <= last),
            ends=tuple(fact for first, last, fact in marks if first <= start and end == last),
            reason=any(first <= start and end <= last for first, last, _ in reasons),
            why=tuple(dict.fromkeys(told.get((start, end), ()))),
            word=next((number for first, last, number in explained if first <= start and end <= last), None),
            begins=any(first == start and end <= last for first, last, _ in explained),
        )
        for start, end in cuts
    ]


def _whole(text: str, at: int) -> int:
    """The nearest place inside the text, at or after `at`, that parts no letter from its accents and no emoji."""
    at = max(at, 0)
    while 0 < at < len(text) and (_is_accent(text[at]) or _JOINER in text[at - 1 : at + 1]):
        at += 1
    return min(at, len(text))


def _is_accent(char: str) -> bool:
    return unicodedata.category(char) in ("Mn", "Me")


def readable(text: str) -> str:
    """The text with hidden characters shown as a sign, and at most three accents stacked on one letter."""
    kept: list[str] = []
    stack = 0
    shown = text.translate(_HIDDEN)
    for at, char in enumerate(shown):
        if unicodedata.category(char) == "Cc" and char not in "\n\t":
            continue
        stack = stack + 1 if _is_accent(char) else 0
        if stack > _LONGEST_STACK:
            continue
        kept.append(char if char != _JOINER or _joins(shown[max(at - 1, 0)], shown[at + 1 : at + 2]) else _SIGN)
    return "".join(kept)


def _joins(before: str, after: str) -> bool:
    """Whether a zero-width joiner stands where it makes one sign of two, as in emoji and in Arabic or Indic words."""
    return all(char > "\x7f" and char not in (_JOINER, _SIGN) and not char.isspace() for char in (before, after or " "))
