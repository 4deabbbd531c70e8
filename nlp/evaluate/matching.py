"""Holding found places and facts against labelled ones, per post: counts of right, given and wanted."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from nlp.labelled import LabelledPost
from nlp.normalise import fold
from nlp.places.gazetteer import Gazetteer
from signals.analysis import Analysis, Fact, Span
from signals.place import Mention

NEAR = 2
"""A found place may begin and end this many characters beside the labelled one."""


@dataclass(frozen=True, slots=True)
class Counts:
    """Right, given and wanted answers of one post."""

    right: int
    given: int
    wanted: int


def places(post: LabelledPost, analysis: Analysis, gazetteer: Gazetteer) -> tuple[Counts, Counts]:
    """Counts for span and kind, and the same with the right entry asked as well; one found place for one labelled."""
    free = list(analysis.places)
    right = linked = 0
    for start, end, kind, name in _labelled(post):
        found = next(
            (m for m in free if m.kind == kind and abs(m.start - start) <= NEAR and abs(m.end - end) <= NEAR), None
        )
        if found:
            free.remove(found)
            right += 1
            linked += same_place(found, name, gazetteer)
    given, wanted = len(analysis.places), len(post.places)
    return Counts(right, given, wanted), Counts(linked, given, wanted)


def same_place(found: Mention, name: str, gazetteer: Gazetteer) -> bool:
    """Whether the found entry is the one a labeller named in words: by its name or one of its aliases."""
    plain = re.sub(r"\s*\([^)]*\)", "", fold(name)).strip()
    if plain in {fold(found.name), re.sub(r"\s*\([^)]*\)", "", fold(found.name))}:
        return True
    return any(alias.id == found.id for alias in gazetteer.aliases.get(plain, ()))


def facts(post: LabelledPost, analysis: Analysis, wanted: dict[str, tuple[str, ...]]) -> dict[Fact, Counts]:
    """Counts per fact; a span is right when it overlaps one of the other side."""
    counts: dict[Fact, Counts] = {}
    for fact in Fact:
        asked = [span for surface in wanted.get(fact.value, ()) if (span := _span(post.text, surface))]
        given = analysis.facts.spans(fact)
        right_given = sum(_touches(span, asked) for span in given)
        right_asked = sum(_touches(span, given) for span in asked)
        counts[fact] = Counts(right_given + right_asked, 2 * len(given), 2 * len(asked))
    return counts


def _labelled(post: LabelledPost) -> Iterable[tuple[int, int, str, str]]:
    at = 0
    for place in post.places:
        start = post.text.find(place.text, at)
        start = start if start >= 0 else post.text.find(place.text)
        at = start + 1
        yield start, start + len(place.text), place.kind, place.name


def _span(text: str, surface: str) -> Span | None:
    start = text.find(surface)
    return (start, start + len(surface)) if start >= 0 and surface else None


def _touches(span: Span, others: Iterable[Span]) -> bool:
    return any(span[0] < end and start < span[1] for start, end in others)
