"""Choosing from which number of the encoder a token carries a fact: where the spans that a user sees fit best.

Runs the same search for facts as in use, on posts held out of training. It fits no weights.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from nlp.encoder import Encoded
from nlp.facts import find_facts
from nlp.heads import CATEGORIES, FACTS, Floats
from nlp.normalise import fold
from nlp.places import linker
from nlp.times import find_times
from nlp.train.rows import Row
from signals.analysis import Fact, Span

CUTS: Final = tuple(round(-3 + 0.25 * step, 2) for step in range(17))
_MOMENT = datetime(2026, 3, 12, 12, 0, tzinfo=UTC)
"""Spans of times do not depend on the moment; only what they mean does."""

Spans = Sequence[Span]


@dataclass(frozen=True, slots=True)
class Marked:
    """A held-out actionable post: its text, its tokens' numbers and spans, and the spans that a reader marked."""

    row: Row
    encoded: Encoded

    def wanted(self, fact: Fact) -> list[Span]:
        """The marked spans of one fact: runs of marked characters."""
        marks = self.row.facts[FACTS.index(fact)] if self.row.facts else b""
        edges = [at for at in range(len(marks) + 1) if (at > 0 and marks[at - 1]) != (at < len(marks) and marks[at])]
        return list(zip(edges[::2], edges[1::2], strict=True))


def marked(row: Row, tokens: Floats, spans: Sequence[Span], post: Floats) -> Marked:
    """A row with what the network makes of it, in the shape that the search for facts reads."""
    return Marked(row, Encoded(post, tokens, tuple(spans)))


def fact_cuts(posts: Sequence[Marked]) -> tuple[float, ...]:
    """The cut of best overlap F1 per fact; near 0 where several are as good, or nothing is marked."""
    places = linker.shipped()
    given = [
        (
            post,
            CATEGORIES[max(post.row.category, 0)],
            places.link(post.row.text, "").found,
            find_times(fold(post.row.text), _MOMENT),
        )
        for post in posts
    ]
    figures: dict[Fact, dict[float, float]] = {fact: {} for fact in Fact}
    for cut in CUTS:
        found = [
            (post, find_facts(post.row.text, post.encoded, category, here, times, [cut] * len(FACTS)))
            for post, category, here, times in given
        ]
        for fact in Fact:
            figures[fact][cut] = overlap_f1([(spans[fact], post.wanted(fact)) for post, spans in found])
    return tuple(max(CUTS, key=lambda cut: (figures[fact][cut], -abs(cut))) for fact in FACTS)


def overlap_f1(pairs: Sequence[tuple[Spans, Spans]]) -> float:
    """F1 of found and wanted spans, a span being right when it touches one of the other side."""
    right = total = 0
    for found, wanted in pairs:
        for spans, others in ((found, wanted), (wanted, found)):
            total += len(spans)
            right += sum(any(start < stop and begin < end for begin, stop in others) for start, end in spans)
    return right / total if total else 0.0
