"""The five facts of a flagged post as spans of the normalised text: from the encoder's tokens, places and times.

Only finds spans; whether a fact makes a post graver is `nlp.level`'s work.
"""

import re
from collections.abc import Sequence

from nlp.encoder import Encoded
from nlp.heads import FACTS
from nlp.places.linker import Found
from nlp.times import TimeMention
from signals.analysis import Fact, Span

_PREPOSITION = re.compile(
    r"(?:\b(?:in|op|bij|naar|achter|voor|aan|langs|tegenover|naast|onder|rond|vanaf|at|behind|near|outside|by)"
    r"(?: (?:de|het|t|'t|een|the|onze|ons|jullie))?) \Z",
    re.IGNORECASE,
)


def find_facts(
    text: str, encoded: Encoded, places: Sequence[Found], times: Sequence[TimeMention], thresholds: Sequence[float]
) -> dict[Fact, tuple[Span, ...]]:
    """Spans per fact. The encoder tells what is aimed at, used and called for; places and times are added by rule."""
    found = {fact: _token_spans(text, encoded, column, thresholds[column]) for column, fact in enumerate(FACTS)}
    if not found[Fact.PLACE]:
        found[Fact.PLACE] = [
            _with_preposition(text, place.start, place.end)
            for place in places
            if not any(place.start < end and start < place.end for start, end in found[Fact.TARGET])
        ][:1]
    if not found[Fact.TIME]:
        found[Fact.TIME] = [(time.start, time.end) for time in times if time.window and not time.past][:1]
    return {fact: tuple(sorted(spans)) for fact, spans in found.items()}


def _token_spans(text: str, encoded: Encoded, column: int, threshold: float) -> list[Span]:
    spans: list[Span] = []
    for (start, end), logits in zip(encoded.spans, encoded.facts, strict=True):
        if end <= start or float(logits[column]) < threshold:
            continue
        if spans and not text[spans[-1][1] : start].strip(" '’-"):
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((start, end))
    return [trimmed for span in spans if (trimmed := _whole_words(text, *span))]


def _whole_words(text: str, start: int, end: int) -> Span | None:
    """The span widened to whole words, without blanks and punctuation at its ends."""
    while start < end and text[start].isspace():
        start += 1
    while start > 0 and text[start].isalnum() and text[start - 1].isalnum():
        start -= 1
    while end < len(text) and text[end - 1].isalnum() and text[end].isalnum():
        end += 1
    while end > start and (text[end - 1].isspace() or text[end - 1] in ".,!?;:"):
        end -= 1
    return (start, end) if end - start >= 2 else None


def _with_preposition(text: str, start: int, end: int) -> Span:
    before = _PREPOSITION.search(text[max(0, start - 30) : start])
    return (start - len(before.group()), end) if before else (start, end)
