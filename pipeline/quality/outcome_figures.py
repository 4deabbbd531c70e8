"""How right the detection was, by what became of its signals: shares with intervals, none of fewer than ten signals.

By kind, level, language, source and version; there is no way to ask by person, school or area. Pure.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from nlp.evaluate.proportions import Proportion, wilson
from pipeline.quality.outcomes import Settled
from signals.label import Category, Lang, Level
from signals.post import HUMAN_SOURCES, Source

FEWEST = 10
"""Of fewer signals neither the number nor anything worked out from them is told."""


@dataclass(frozen=True)
class Found:
    """What the detection made of the post, and which version did: model, terms and settings."""

    flagged: bool
    category: Category
    level: Level
    version: str


@dataclass(frozen=True)
class OutcomeRow:
    """One signal: what became of it, what it was by the readers' last word, and what the detection had found."""

    settled: Settled
    category: Category
    level: Level
    lang: Lang
    source: Source
    found: Found

    @property
    def actionable(self) -> bool:
        """Whether its label says so. Of a row without a label this means nothing."""
        return self.settled is Settled.ACTIONABLE


@dataclass(frozen=True)
class Figures:
    """Of one group of flagged signals. None: fewer than ten, so not told.

    `right`: share that was actionable. `category_right`, `level_right`: of those, the share whose kind and level the
    readers left as the detection had them.
    """

    signals: int | None
    right: Proportion | None
    category_right: Proportion | None
    level_right: Proportion | None


@dataclass(frozen=True)
class OutcomeReport:
    """All of it. `found_again`: of actionable signals that a professional handed in, the share that is flagged too."""

    all: Figures
    groups: dict[str, dict[str, Figures]]
    found_again: Proportion | None
    disputed: int | None
    undecided: int | None


_KEYS: dict[str, Callable[[OutcomeRow], str]] = {
    "category": lambda row: row.found.category.value,
    "level": lambda row: row.found.level.value,
    "language": lambda row: row.lang.value,
    "source": lambda row: row.source.value,
    "version": lambda row: row.found.version,
}
NOT_TOLD = Figures(None, None, None, None)


def report(rows: Sequence[OutcomeRow]) -> OutcomeReport:
    """Every figure. Signals without a label are counted and left out."""
    labelled = [row for row in rows if row.settled in (Settled.ACTIONABLE, Settled.HARMLESS)]
    flagged = [row for row in labelled if row.found.flagged]
    handed_in = [row for row in labelled if row.actionable and row.source in HUMAN_SOURCES]
    return OutcomeReport(
        all=_figures(flagged),
        groups={name: _group(flagged, key) for name, key in _KEYS.items()},
        found_again=_share([row.found.flagged for row in handed_in]),
        disputed=_told(sum(row.settled is Settled.DISPUTED for row in rows)),
        undecided=_told(sum(row.settled is Settled.UNDECIDED for row in rows)),
    )


def _group(rows: Sequence[OutcomeRow], key: Callable[[OutcomeRow], str]) -> dict[str, Figures]:
    """One that is not told alone could be had by taking the others from the whole: then the next smallest goes too."""
    parts: dict[str, list[OutcomeRow]] = {}
    for row in rows:
        parts.setdefault(key(row), []).append(row)
    by_size = sorted(parts, key=lambda name: (len(parts[name]), name))
    hidden = [name for name in by_size if len(parts[name]) < FEWEST]
    if len(hidden) == 1:
        hidden = by_size[:2]
    return {name: NOT_TOLD if name in hidden else _figures(parts[name]) for name in sorted(parts)}


def _figures(rows: Sequence[OutcomeRow]) -> Figures:
    if len(rows) < FEWEST:
        return NOT_TOLD
    true = [row for row in rows if row.actionable]
    return Figures(
        len(rows),
        _share([row.actionable for row in rows]),
        _share([row.found.category is row.category for row in true]),
        _share([row.found.level is row.level for row in true]),
    )


def _share(hits: Sequence[bool]) -> Proportion | None:
    return wilson(sum(hits), len(hits)) if len(hits) >= FEWEST else None


def _told(number: int) -> int | None:
    return number if number >= FEWEST else None
