"""How often harmless posts are flagged by the area or town they mention, beside posts that mention another one.

Mentions are those that detection itself read, so the same rule holds for every file. Looks at texts only,
never at where anybody lives.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from nlp.evaluate.intervals import Interval, ratio, wilson
from nlp.places.gazetteer import Gazetteer, UnknownPlaceError
from signals.analysis import Analysis
from signals.place import Mention, PlaceKind

LEAST_ROWS = 10
"""Areas that fewer harmless posts mention are not listed."""
LEAST_FLAGS = 10
"""A ratio needs this many flags on both sides; below, it says nothing."""


@dataclass(frozen=True, slots=True)
class AreaGroup:
    """Harmless posts that mention one area, beside those that mention another; `ratio`: the first rate over theirs."""

    rows: int
    flags: int
    false_rate: Interval | None
    other_rows: int
    other_flags: int
    ratio: Interval | None


def by_area(harmless: Sequence[Analysis]) -> dict[str, AreaGroup]:
    """Per area (a quarter, a part of town), by name."""
    return _grouped(harmless, lambda mention: mention.name if mention.kind is PlaceKind.AREA else "")


def by_town(harmless: Sequence[Analysis], gazetteer: Gazetteer) -> dict[str, AreaGroup]:
    """Per town: every place in it counts as a mention of it, so that a town has enough posts to say something."""

    def town(mention: Mention) -> str:
        try:
            return gazetteer.entry(mention.id).municipality
        except UnknownPlaceError:
            return ""

    return _grouped(harmless, town)


def _grouped(harmless: Sequence[Analysis], key: Callable[[Mention], str]) -> dict[str, AreaGroup]:
    named = [({key(mention) for mention in analysis.places} - {""}, analysis.flagged) for analysis in harmless]
    named = [(names, flagged) for names, flagged in named if names]
    rows, flags = len(named), sum(flagged for _, flagged in named)
    made: dict[str, AreaGroup] = {}
    for area in sorted({name for names, _ in named for name in names}):
        here = [flagged for names, flagged in named if area in names]
        if len(here) < LEAST_ROWS:
            continue
        others, other_flags = rows - len(here), flags - sum(here)
        enough = min(sum(here), other_flags) >= LEAST_FLAGS
        made[area] = AreaGroup(
            rows=len(here),
            flags=sum(here),
            false_rate=wilson(sum(here), len(here)),
            other_rows=others,
            other_flags=other_flags,
            ratio=ratio(sum(here), len(here), other_flags, others) if enough else None,
        )
    return made
