"""The hours of one mention: a clock time, a range, a part of the day or of the school day, laid on a day.

Chooses between the two halves of the day where the words leave it open.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from nlp.times.clock import Clock, read_clock
from nlp.times.grammar import HOUR_FORMS, Atom
from nlp.times.instant import Moment, Stretch, begin, finish
from nlp.times.lexicon import EVENING, NIGHT, PART_MINUTES
from nlp.times.school_day import school_hours

LENGTH = 45
"""Minutes that a clock time stands for."""
_WAKING = range(7 * 60, 24 * 60)
_NIGHT_MOMENTS = (22 * 60, 5 * 60)
_LATER_IN_DAY = range(60, 8 * 60)
_SCHOOL = HOUR_FORMS - {"clock", "noon", "noted", "bare", "bare_after", "range", "part"}


@dataclass(frozen=True, slots=True)
class Hours:
    """What a mention says of the hour. `clock` to `until` where a clock is told, else the minutes of `span`."""

    clock: Clock | None = None
    until: Clock | None = None
    relation: str = "at"
    part: int | None = None
    span: tuple[int, int] | None = None


def hours(atoms: list[Atom]) -> Hours | None:
    """The hours that forms tell together; None when they tell none, or one that cannot be."""
    found = Hours()
    told = False
    for atom in atoms:
        if atom.name == "part":
            word = atom.first("partly", "part")
            found = Hours(found.clock, found.until, found.relation, word.value[0] if word else 0, found.span)
        elif atom.name in _SCHOOL:
            span = school_hours(atom)
            if span is None:
                return None
            told, found = True, Hours(found.clock, found.until, found.relation, found.part, span)
        elif atom.name in {"clock", "noon", "noted", "bare", "bare_after", "range"}:
            first, until = _clocks(atom)
            if first is None:
                return None
            told, found = True, Hours(first, until, _relation(atom), found.part, found.span)
    return found if told or found.part is not None else None


def _relation(atom: Atom) -> str:
    for kind in ("till", "by", "voor"):
        if atom.tokens[0].kind == kind or (len(atom.tokens) > 1 and atom.tokens[1].kind == kind == "till"):
            return "by"
    if atom.has("from", "after"):
        return "from"
    return "around" if atom.has("rond", "tegen") else "at"


def _clocks(atom: Atom) -> tuple[Clock | None, Clock | None]:
    if atom.name != "range":
        return _plain(atom), None
    figures = atom.first("date")
    if figures:
        return _pair(Clock(figures.value[0] * 60, loose=True), Clock(figures.value[1] * 60, loose=True))
    tokens = atom.tokens
    cuts = [i for i, token in enumerate(tokens) if i and token.kind in {"dash", "till", "and", "to"}]
    if not cuts:
        return None, None
    cut = cuts[-1] if tokens[cuts[-1]].kind != "to" or len(cuts) == 1 else cuts[0]
    return _pair(read_clock(tokens[:cut]), read_clock(tokens[cut + 1 :]))


def _pair(first: Clock | None, until: Clock | None) -> tuple[Clock | None, Clock | None]:
    if first is None or until is None or until.minute > 1440 or first.minute > 1440:
        return None, None
    if first.loose and not until.loose and until.minute >= 720:
        near = first.minute + 720 if first.minute + 720 < until.minute else first.minute
        first = Clock(near, loose=False)
    return first, until


def _plain(atom: Atom) -> Clock | None:
    numbers = [token for token in atom.tokens if token.kind == "num"]
    if atom.name == "bare_after" and len(numbers) == 2:
        hour, minute = numbers[0].value[0], numbers[1].value[0]
        if hour > 24 or minute not in range(5, 60, 5):
            return None
        return Clock(hour * 60 + minute, loose=hour <= 12)
    return read_clock(atom.tokens)


def on_day(told: Hours, day: date, part: int | None, now: Moment, *, past: bool) -> Stretch:
    """The hours laid on a day."""
    part = told.part if told.part is not None else part
    if told.clock is None:
        first, last = told.span or (PART_MINUTES[part] if part is not None else (0, 1439))
        return Stretch(begin(day, first), finish(day, last), 0.8)
    minute = _minute(told.clock, day, part, now, past=past)
    return _laid(told, day, minute, now)


def _laid(told: Hours, day: date, minute: int, now: Moment) -> Stretch:
    confidence = 0.75 if told.clock and told.clock.loose else 0.9
    start = begin(day, minute)
    if told.until:
        until = told.until.minute
        while until <= minute and told.until.loose:
            until += 720
        return Stretch(start, finish(day, until if until > minute else until + 1440), confidence)
    match told.relation:
        case "by":
            near = start - now.utc < timedelta(hours=48)
            floor = (now.utc if near else begin(day, 0)) if start > now.utc else start
            return Stretch(min(floor, start), finish(day, minute), confidence)
        case "from":
            return Stretch(start, finish(day, minute + 180), confidence)
        case "around":
            return Stretch(begin(day, minute - 30), finish(day, minute + LENGTH), confidence)
        case _:
            return Stretch(start, finish(day, minute + LENGTH), confidence)


def _minute(clock: Clock, day: date, part: int | None, now: Moment, *, past: bool) -> int:
    """The minute meant, from midnight of the day; above 1440 for the small hours of a night that began on it."""
    minute = clock.minute
    if part is not None:
        first, last = PART_MINUTES[part]
        if part == EVENING and minute < 360 and not clock.loose:
            return minute + 1440
        choices = (minute, minute + 720, minute + 1440) if clock.loose else (minute, minute + 1440)
        for choice in choices:
            if first - 60 <= choice <= last + 30 and (choice < 1440 or part == NIGHT or choice == 1440):
                return choice
        return minute
    if not clock.loose:
        return minute
    hour = minute // 60
    if hour >= 12:
        return minute if not (day == now.today and minute + 60 < now.minute and not past) else minute + 720
    if 1 <= hour < 8:
        return minute + 720
    if day == now.today and minute + 30 < now.minute and not past:
        return minute + 720
    return minute


def without_day(told: Hours, now: Moment, *, past: bool) -> Stretch:
    """The nearest coming (or last) time that the hours fit, no day being told."""
    if told.clock is None:
        return _nearest_span(told, now, past=past)
    choices: list[tuple[date, int]] = []
    for ahead in (-1, 0, 1) if past else (-1, 0, 1, 2):
        day = now.today + timedelta(days=ahead)
        minutes = (told.clock.minute, told.clock.minute + 720) if told.clock.loose else (told.clock.minute,)
        choices += [(day, minute) for minute in minutes if told.part is None or _fits(minute, told.part)]
    if not choices:
        choices = [(now.today + timedelta(days=ahead), told.clock.minute) for ahead in (-1, 0, 1)]
    if past:
        gone = [c for c in choices if begin(*c) <= now.utc] or choices[:1]
        awake = [c for c in gone if c[1] in _WAKING or not told.clock.loose or told.part is not None]
        return _laid(told, *max(awake or gone, key=lambda c: begin(*c)), now)
    slack = timedelta(minutes=30)
    ahead_of_us = [c for c in choices if begin(*c) >= now.utc - slack] or choices[-1:]
    night = now.minute >= _NIGHT_MOMENTS[0] or now.minute < _NIGHT_MOMENTS[1]
    soon = [c for c in ahead_of_us if begin(*c) <= now.utc + timedelta(hours=5)]
    awake = [c for c in ahead_of_us if not told.clock.loose or told.part is not None or c[1] in _WAKING]
    pool = soon if night and soon else awake or ahead_of_us
    return _laid(told, *min(pool, key=lambda c: begin(*c)), now)


def _fits(minute: int, part: int) -> bool:
    first, last = PART_MINUTES[part]
    return first - 60 <= minute <= last + 30 or (part == NIGHT and first <= minute + 1440 <= last)


def _nearest_span(told: Hours, now: Moment, *, past: bool) -> Stretch:
    span = told.span or (PART_MINUTES[told.part] if told.part is not None else (0, 1439))
    step = -1 if past else 1
    day = now.today
    for _ in range(7):
        stretch = Stretch(begin(day, span[0]), finish(day, span[1]), 0.65)
        lessons = told.span is None or day.weekday() < 5
        if lessons and (stretch.first <= now.utc if past else stretch.last >= now.utc):
            return stretch
        day += timedelta(days=step)
    return Stretch(begin(day, span[0]), finish(day, span[1]), 0.65)
