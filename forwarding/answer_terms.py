"""How long a recipient may take to answer, by level: the terms as data, and the moments that follow from them. Pure.

Staffed minutes and working days run only while the house is staffed; an acute signal waits for nobody's opening hours.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Protocol

from pydantic import BaseModel, ConfigDict, Field

from forwarding.dutch_day import dutch_day
from pipeline.store.answer_clocks import Stage, WaitsFor
from signals.label import Level

_LONGEST_LOOK_AHEAD = 60
"""Days. A house that is not staffed for so long is taken to be staffed always: an alarm is never lost."""


class Unit(StrEnum):
    """What an amount of time is counted in."""

    MINUTES = "minutes"
    STAFFED_MINUTES = "staffed_minutes"
    WORKING_DAYS = "working_days"


class _Line(BaseModel):
    """One line of the list as a person writes it in a file."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Wait(_Line):
    """An amount of time. So many working days end when the house closes on that day; none of them: today."""

    amount: int = Field(ge=0, le=100_000)
    unit: Unit


class Term(_Line):
    """What happens when, after a wait began: a reminder, a next contact proposed (none: never), an alarm."""

    waits_for: WaitsFor
    level: Level | None = None
    """None: every level that no other line of the list names."""
    remind: Wait
    propose: Wait | None = None
    alarm: Wait


class Hours(Protocol):
    """When the house is staffed."""

    def of_day(self, day: date) -> list[tuple[datetime, datetime]]:
        """The stretches of one day, in order."""
        ...


def _minutes(amount: int) -> Wait:
    return Wait(amount=amount, unit=Unit.MINUTES)


def _staffed(amount: int) -> Wait:
    return Wait(amount=amount, unit=Unit.STAFFED_MINUTES)


def _days(amount: int) -> Wait:
    return Wait(amount=amount, unit=Unit.WORKING_DAYS)


SHIPPED: tuple[Term, ...] = (
    *(
        term
        for waits_for in (WaitsFor.ACKNOWLEDGEMENT, WaitsFor.SEEN)
        for term in (
            Term(
                waits_for=waits_for,
                level=Level.ACUUT,
                remind=_minutes(5),
                propose=_minutes(10),
                alarm=_minutes(15),
            ),
            Term(
                waits_for=waits_for,
                level=Level.CONCREET,
                remind=_staffed(60),
                propose=_staffed(90),
                alarm=_staffed(120),
            ),
            Term(waits_for=waits_for, remind=_staffed(240), propose=_staffed(360), alarm=_days(0)),
        )
    ),
    Term(waits_for=WaitsFor.FEEDBACK, remind=_days(3), alarm=_days(5)),
)
"""The targets of this house; an installation may set its own (`answer_terms`)."""


def term_of(terms: Sequence[Term], waits_for: WaitsFor, level: Level) -> Term:
    """The line that holds: the one that names the level, else the one that names none; else the shipped one."""
    for lines in (terms, SHIPPED):
        of_kind = [term for term in lines if term.waits_for is waits_for]
        for wanted in (level, None):
            for term in of_kind:
                if term.level is wanted:
                    return term
    raise LookupError(f"no term says how long {waits_for} may take")


def moments(term: Term, started_at: datetime, hours: Hours) -> tuple[tuple[Stage, datetime], ...]:
    """The stages in order, each with its moment. None comes after the alarm: a late reminder is given with it."""
    alarm = _after(started_at, term.alarm, hours)
    stages = [(Stage.REMINDED, min(_after(started_at, term.remind, hours), alarm))]
    if term.propose is not None:
        stages.append((Stage.NEXT_CONTACT, min(max(_after(started_at, term.propose, hours), stages[0][1]), alarm)))
    return (*stages, (Stage.ALARM, alarm))


def _after(started_at: datetime, wait: Wait, hours: Hours) -> datetime:
    if wait.unit is Unit.MINUTES:
        return started_at + timedelta(minutes=wait.amount)
    if wait.unit is Unit.STAFFED_MINUTES:
        return _staffed_after(started_at, timedelta(minutes=wait.amount), hours)
    closings: dict[date, datetime] = {}
    for opens, closes in _stretches(started_at, hours):
        closings[dutch_day(opens)] = closes
        if len(closings) > wait.amount + 1:
            break
    moments = list(closings.values())
    return moments[wait.amount] if len(moments) > wait.amount else started_at + timedelta(days=wait.amount + 1)


def _staffed_after(started_at: datetime, left: timedelta, hours: Hours) -> datetime:
    whole = left
    for opens, closes in _stretches(started_at, hours):
        if closes - opens >= left:
            return opens + left
        left -= closes - opens
    return started_at + whole


def _stretches(started_at: datetime, hours: Hours) -> Iterator[tuple[datetime, datetime]]:
    """Stretches in which the house is staffed from this moment on, cut off at it, in order."""
    today = dutch_day(started_at)
    for ahead in range(_LONGEST_LOOK_AHEAD + 1):
        for opens, closes in hours.of_day(today + timedelta(days=ahead)):
            if closes > started_at:
                yield max(opens, started_at), closes
