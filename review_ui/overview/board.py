"""The situation board worked out from counts: what waits at which step, and what comes first. Pure; it asks nothing."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from pipeline.store.overview import Line, Tally
from signals.label import Level
from signals.signal import SignalState


class Step(StrEnum):
    """Where a signal is on its way from arrival to recipient."""

    WAITING = "waiting"
    READING = "reading"
    SECOND = "second"
    SECOND_READING = "second_reading"
    TEAM = "team"
    READY = "ready"
    SENT = "sent"


_STEPS = {
    SignalState.CASUSOVERLEG: Step.TEAM,
    SignalState.CONFIRMED: Step.READY,
    SignalState.REFERRED: Step.SENT,
}
SHOWN_LEVELS = (Level.ACUUT, Level.CONCREET, Level.AANDACHT)
"""Always shown, also when there are none; a signal that is only an expression gets its column when there is one."""


@dataclass(frozen=True)
class First:
    """What comes first: so many acute signals are at a step, the oldest of them since `oldest`."""

    step: Step
    number: int
    oldest: datetime


@dataclass(frozen=True)
class Board:
    """Counts for each step and level, and what comes first."""

    levels: tuple[Level, ...]
    counts: Mapping[Step, Mapping[Level, int]]
    first: tuple[First, ...]
    open: int


def step_of(state: SignalState, taken: bool) -> Step:
    """The step of a signal that stands open or was sent."""
    if state is SignalState.NEW:
        return Step.READING if taken else Step.WAITING
    if state is SignalState.WAITING_SECOND:
        return Step.SECOND_READING if taken else Step.SECOND
    return _STEPS[state]


def board(tallies: Iterable[Tally]) -> Board:
    """The board of these counts."""
    counts: dict[Step, Counter[Level]] = {step: Counter() for step in Step}
    oldest: dict[Step, datetime] = {}
    for tally in tallies:
        step = step_of(tally.state, tally.taken)
        counts[step][tally.level] += tally.number
        if tally.level is Level.ACUUT:
            oldest[step] = min(tally.oldest, oldest.get(step, tally.oldest))
    levels = (*SHOWN_LEVELS, *((Level.UITING,) if any(row[Level.UITING] for row in counts.values()) else ()))
    first = tuple(
        First(step, counts[step][Level.ACUUT], oldest[step])
        for step in Step
        if step is not Step.SENT and counts[step][Level.ACUUT]
    )
    whole = sum(sum(row.values()) for step, row in counts.items() if step is not Step.SENT)
    return Board(levels, counts, first, whole)


def next_moment(lines: Iterable[Line], now: datetime) -> Line | None:
    """The open line whose named moment comes first, or is going on; None when no line names one that is not over."""
    ahead = [line for line in lines if line.window_start is not None and (line.window_end or line.window_start) >= now]
    return min(ahead, key=lambda line: line.window_start or now, default=None)
