"""The five facts of a flagged post as spans of the normalised text: the encoder's tokens joined with clues of words.

Only finds spans; whether a fact makes a post graver is `nlp.level`'s work.
"""

import re
from collections.abc import Sequence

from nlp.encoder import Encoded
from nlp.fact_clues import Clue, clues
from nlp.heads import FACTS
from nlp.normalise import fold
from nlp.places.linker import Found
from nlp.times import TimeMention
from signals.analysis import Fact, Span
from signals.label import Category

SLACK = {Fact.TARGET: 0.25, Fact.PLACE: 1.0, Fact.TIME: 1.0, Fact.MEANS: 1.0, Fact.CALL: 1.0}
"""How far below its threshold the encoder may stay where a clue that is not sure speaks for the fact, too."""
SURE_SLACK = {Fact.TARGET: 3.0, Fact.PLACE: 3.0, Fact.TIME: 99.0, Fact.MEANS: 3.0, Fact.CALL: 2.5}
"""The same for a sure clue; named times need no agreement."""


ALONE = {Fact.TARGET: 1.0, Fact.PLACE: 1.0, Fact.TIME: 1.0, Fact.MEANS: 1.25, Fact.CALL: 0.75}
"""How far above its threshold the encoder must come where no clue speaks for the fact."""
BRIDGE = 4.0
"""How far below the threshold a word between two parts of one span may lie."""
_ONE_CLAUSE = re.compile(r"[^.!?;\n]{0,24}")

_NO_END, _NO_START = '.,!?;:(-/+"“', '.,!?;:)-/+"”'
_SMALL_WORDS = re.compile(
    r"(?:(?:in|op|aan|onder|van|met|uit|bij|naar|de|het|een|al|en|of|iets|wie|wat|er|dat|is|the|a|of|at|to)\b\s*)+",
    re.IGNORECASE,
)
"""Words that carry no fact on their own."""


def find_facts(
    text: str,
    encoded: Encoded,
    category: Category,
    places: Sequence[Found],
    times: Sequence[TimeMention],
    thresholds: Sequence[float],
) -> dict[Fact, tuple[Span, ...]]:
    """Spans per fact: what the encoder marks, and every clue of words that it does not speak against."""
    given = clues(fold(text), category, places, times)
    found: dict[Fact, tuple[Span, ...]] = {}
    for column, fact in enumerate(FACTS):
        spans = [
            (start, end)
            for start, end, peak in _token_spans(text, encoded, column, thresholds[column])
            if peak >= thresholds[column] + ALONE[fact] or _touches((start, end), given[fact])
        ]
        for clue in given[fact]:
            if any(clue.start < end and start < clue.end for start, end in spans):
                continue
            slack = SURE_SLACK[fact] if clue.sure else SLACK[fact]
            trimmed = _whole_words(text, clue.start, clue.end)
            if trimmed and _strongest(encoded, column, clue) >= thresholds[column] - slack:
                spans.append(trimmed)
        found[fact] = tuple(sorted(spans))
    return found


def _strongest(encoded: Encoded, column: int, clue: Clue) -> float:
    """The highest number that the encoder gives a token of the clue; of one past the encoder's reach, none."""
    return max(
        (
            float(logits[column])
            for (start, end), logits in zip(encoded.spans, encoded.facts, strict=True)
            if start < clue.end and clue.start < end
        ),
        default=0.0,
    )


def _token_spans(text: str, encoded: Encoded, column: int, threshold: float) -> list[tuple[int, int, float]]:
    """Runs of tokens from the threshold on, each with its highest number; a short faint word does not break a run."""
    runs: list[tuple[int, int, float]] = []
    faint = False
    for (start, end), logits in zip(encoded.spans, encoded.facts, strict=True):
        value = float(logits[column])
        if end <= start:
            continue
        if value < threshold:
            faint = faint and value >= threshold - BRIDGE
            continue
        between = text[runs[-1][1] : start] if runs else ""
        if runs and (not between.strip(" '’-") or (faint and _ONE_CLAUSE.fullmatch(between))):
            runs[-1] = (runs[-1][0], end, max(value, runs[-1][2]))
        else:
            runs.append((start, end, value))
        faint = True
    return [(*trimmed, peak) for start, end, peak in runs if (trimmed := _whole_words(text, start, end))]


def _touches(span: Span, given: Sequence[Clue]) -> bool:
    return any(span[0] < clue.end and clue.start < span[1] for clue in given)


def _whole_words(text: str, start: int, end: int) -> Span | None:
    """The span widened to whole words, without blanks and punctuation at its ends."""
    while start < end and text[start].isspace():
        start += 1
    while 0 < start < end and text[start].isalnum() and text[start - 1].isalnum():
        start -= 1
    while end < len(text) and text[end - 1].isalnum() and text[end].isalnum():
        end += 1
    while end > start and (text[end - 1].isspace() or text[end - 1] in _NO_END):
        end -= 1
    while start < end and (text[start].isspace() or text[start] in _NO_START):
        start += 1
    return None if end - start < 2 or _SMALL_WORDS.fullmatch(text[start:end]) else (start, end)
