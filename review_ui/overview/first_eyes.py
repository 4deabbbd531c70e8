"""How soon somebody looked at a signal, as a table of shares: a row for each time, a column for each level.

Pure, and of the team as a whole: no row or column is a person's. What is too little to tell has no column.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from review_ui.quality.board import WITHIN, Speed
from signals.label import Level

LOOKS_BACK = timedelta(days=28)
MINUTES = (5, 15, 30, 60, 120, 300, 600)
"""Staffed minutes whose shares go to whom exact numbers are told; others see the fewer ones of the quality page."""


@dataclass(frozen=True)
class Within:
    """The share that was seen within so many staffed minutes, by level; None while that cannot be known yet."""

    minutes: int
    shares: tuple[float | None, ...]


@dataclass(frozen=True)
class FirstEyes:
    """How the waits of each level are spread."""

    levels: tuple[Level, ...]
    rows: tuple[Within, ...]


def minutes_for(exact: bool) -> tuple[int, ...]:
    """The times that a reader of this page is told about."""
    return MINUTES if exact else WITHIN


def first_eyes(speeds: Sequence[Speed], minutes: Sequence[int]) -> FirstEyes:
    """Lay the levels that may be told beside each other. The speeds hold the shares at these times, in order."""
    told = [one for one in speeds if one.shown]
    return FirstEyes(
        tuple(one.level for one in told),
        tuple(Within(each, tuple(one.within[at][1] for one in told)) for at, each in enumerate(minutes)),
    )
