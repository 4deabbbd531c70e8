"""From forms that belong together to one mention: its span, its interval, and whether it lies behind.

The order of thought: instants first, then a day with its hours, then hours alone.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Final

from nlp.times.clause import Clause, clause
from nlp.times.days import Days, days, stretch_of_days
from nlp.times.grammar import DAY_FORMS, HOUR_FORMS, Atom
from nlp.times.hours import Hours, hours, on_day, without_day
from nlp.times.instant import Moment, Stretch, begin, finish
from nlp.times.lexicon import DAY, HOUR, PART_MINUTES
from nlp.times.mention import TimeMention
from nlp.times.scan import Token
from nlp.times.table import words

_FIRM: Final = words("resolve", "firm")
"""Forms that stay a moment also beside 'altijd' or 'elke'."""


_EVENING: Final = 17 * 60
"""From here on a bare weekday that is today means the next one."""
_NEAR: Final = timedelta(hours=48)
"""A deadline further off is told as its day; a nearer one as the time until then."""


def resolve(
    group: Sequence[Atom], tokens: Sequence[Token], now: Moment, offset: int, lent: Days | None = None
) -> tuple[TimeMention | None, Days | None]:
    """The mention of a group of forms, None where it turns out to be no time; and its day, where it tells one.

    `lent`: the day told elsewhere in the text, for a group of hours only.
    """
    start, end = offset + group[0].start, offset + group[-1].end
    around = clause(tokens, group[0].at, group[-1].at + len(group[-1].tokens))
    names = {atom.name for atom in group}
    if "habit" in names or (around.habit and not names & _FIRM):
        return TimeMention(start, end, None, past=False, habit=True), None
    if not names & (DAY_FORMS | HOUR_FORMS):
        return _alone(group[0], tokens, now, around, start, end), None
    named = [(atom, days(atom, now, around)) for atom in group if atom.name in DAY_FORMS]
    if any(found is None for _, found in named):
        return None, None
    day = _together([found for _, found in named if found]) or lent
    told = hours([atom for atom in group if atom.name in HOUR_FORMS])
    if told is None and names & (HOUR_FORMS - {"part"}):
        return None, None
    if day is None:
        if told is None:
            return None, None
        if told.clock is None and told.span is None:
            return _some_part(group[0], told.part, now, start, end), None
        past = around.past and told.relation != "by"
        stretch = without_day(told, now, past=past)
        if told.until:
            stretch = replace(stretch, confidence=0.65)
        return _mention(stretch, now, start, end, past=past), None
    return _on_days(day, told, now, around, start, end), day


def _together(found: list[Days]) -> Days | None:
    """A weekday with a date: the date tells the day."""
    if not found:
        return None
    last = found[-1]
    return last if last.part is not None else replace(last, part=found[0].part)


def _on_days(day: Days, told: Hours | None, now: Moment, around: Clause, start: int, end: int) -> TimeMention:
    past = day.past or (day.open and around.past)
    stretch = _laid(day, told, now, past=past)
    over = stretch.last < now.utc or (told is None and now.minute > _EVENING)
    if day.again and over and not past:
        later = replace(day, first=day.first + timedelta(days=day.again), last=day.last + timedelta(days=day.again))
        stretch = _laid(later, told, now, past=False)
    if day.until and not past and stretch.last <= now.utc + _NEAR:
        stretch = replace(stretch, first=min(now.utc, stretch.first))
    if past and not day.past:
        stretch = replace(stretch, last=min(stretch.last, now.utc), first=min(stretch.first, now.utc))
    return _mention(stretch, now, start, end, past=past)


def _laid(day: Days, told: Hours | None, now: Moment, *, past: bool) -> Stretch:
    if told is not None:
        first = on_day(told, day.first, day.part, now, past=past)
        if day.last == day.first:
            return replace(first, confidence=max(first.confidence, day.confidence))
        last = on_day(told, day.last, day.part, now, past=past)
        return Stretch(first.first, last.last, 0.6)
    if day.part is not None:
        first_minute, last_minute = PART_MINUTES[day.part]
        return Stretch(begin(day.first, first_minute), finish(day.last, last_minute), day.confidence)
    return Stretch(begin(day.first, 0), finish(day.last, 1439), day.confidence)


def _mention(stretch: Stretch, now: Moment, start: int, end: int, *, past: bool) -> TimeMention:
    if past or stretch.last < now.utc:
        return TimeMention(start, end, stretch.window(), past=True)
    running = replace(stretch, first=max(stretch.first, min(now.utc, stretch.last)))
    return TimeMention(start, end, running.window(), past=False)


def _alone(
    atom: Atom, tokens: Sequence[Token], now: Moment, around: Clause, start: int, end: int
) -> TimeMention | None:
    minutes = _amount(atom)
    slack = max(_step(atom), minutes / 2)
    match atom.name:
        case "now":
            ahead: tuple[float, float, float] | None = (0, HOUR, 0.6)
        case "weak_now":
            ahead = None if around.past else (0, HOUR, 0.3 if _narrated(atom, tokens) else 0.5)
        case "soon":
            ahead = (0, 6 * HOUR, 0.6)
        case "later":
            ahead = (0, 21 * DAY, 0.2)
        case "within_bare":
            ahead = (_count(atom) - 2, _count(atom) + 10, 0.6)
        case "in_the_hour":
            ahead = (0, HOUR, 0.6)
        case "lone_minutes":
            ahead = (0, _count(atom) + 5, 0.5)
        case "within":
            ahead = None if around.past else (minutes - slack / 4, minutes + slack / 2, 0.85)
        case "deadline":
            ahead = (minutes - DAY if minutes > DAY else 0, minutes, 0.5)
        case "coming_units":
            ahead = (0, max(minutes, _step(atom)), 0.5)
        case "these_days":
            return TimeMention(start, end, None, past=False, habit=True)
        case "month":
            return _whole_month(atom, now, around, start, end)
        case "week" | "end_of" | "season":
            return _week(atom, now, around, start, end)
        case _:
            return _behind(atom, tokens, now, around, start, end)
    if ahead is None:
        return None
    first, last, confidence = ahead
    return TimeMention(start, end, Stretch(now.after(max(first, 0)), now.after(last), confidence).window(), past=False)


def _narrated(atom: Atom, tokens: Sequence[Token]) -> bool:
    """'en nu wil hij elke week geld', 'ik heb het nu ook': how things are these days rather than this minute."""
    end = atom.at + 1
    after = tokens[end].word if end < len(tokens) else ""
    opens = atom.at == 0 or tokens[atom.at - 1].kind in {"stop", "comma"} or tokens[atom.at - 1].word in {"en", "and"}
    return after in _THESE_DAYS or (opens and bool(after) and after not in _CALLING and not after.startswith("\n"))


_THESE_DAYS: Final = words("resolve", "these_days")
_JUST_AS: Final = frozenset(("als", "zo", "niet", "even", "die", "like", "a", "the", "want", "genoeg"))
_CALLING: Final = words("resolve", "calling")


def _week(atom: Atom, now: Moment, around: Clause, start: int, end: int) -> TimeMention | None:
    found = stretch_of_days(atom, now.today)
    if found is None:
        return None
    first, last, confidence = found
    stretch = Stretch(begin(first, 0), finish(last, 1439), confidence)
    if (around.past or atom.has("sinds")) and not atom.has("next", "coming"):
        if atom.has("season") or (first.year, first.month, first.day) == (now.today.year, 1, 1):
            return TimeMention(start, end, Stretch(now.after(-365 * DAY), now.utc, 0.2).window(), past=True)
        back = now.today - timedelta(days=now.today.weekday())
        return TimeMention(start, end, Stretch(begin(back, 0), now.utc, confidence).window(), past=True)
    if atom.has("till"):
        stretch = replace(stretch, first=now.utc)
    return _mention(stretch, now, start, end, past=False)


def _whole_month(atom: Atom, now: Moment, around: Clause, start: int, end: int) -> TimeMention | None:
    named = atom.first("month")
    if named is None or named.word in {"may", "jan"}:
        return None
    year = now.today.year
    if around.past and named.value[0] > now.today.month:
        year -= 1
    elif not around.past and named.value[0] < now.today.month:
        year += 1
    first = date(year, named.value[0], 1)
    last = date(year + named.value[0] // 12, named.value[0] % 12 + 1, 1) - timedelta(days=1)
    past = around.past and first <= now.today
    stretch = Stretch(begin(first, 0), finish(last, 1439), 0.4)
    if past:
        stretch = replace(stretch, last=min(stretch.last, now.utc))
    return _mention(stretch, now, start, end, past=past)


def _some_part(atom: Atom, part: int | None, now: Moment, start: int, end: int) -> TimeMention:
    """'in the morning' is the next one; 's avonds' and 'in de avond' tell a habit."""
    if part is None or atom.tokens[0].word != "in" or atom.tokens[-1].word not in {"morning", "evening", "afternoon"}:
        return TimeMention(start, end, None, past=False, habit=True)
    told = Hours(part=part, span=PART_MINUTES[part])
    return _mention(replace(without_day(told, now, past=False), confidence=0.45), now, start, end, past=False)


def _behind(
    atom: Atom, tokens: Sequence[Token], now: Moment, around: Clause, start: int, end: int
) -> TimeMention | None:
    minutes = _amount(atom)
    slack = max(_step(atom), minutes / 2)
    match atom.name:
        case "ago":
            slack = max(_step(atom) / 2, 10)
            stretch = Stretch(now.after(-minutes - slack), now.after(-max(minutes - slack, 0)), 0.7)
            return TimeMention(start, end, stretch.window(), past=True)
        case "last":
            return _last(atom, now, start, end)
        case "in_year":
            year = atom.first("year")
            if year is None:
                return None
            first, last = date(year.value[0], 1, 1), date(year.value[0], 12, 31)
            return _mention(
                Stretch(begin(first, 0), finish(last, 1439), 0.4),
                now,
                start,
                end,
                past=first < now.today and around.past,
            )
        case "just":
            after = tokens[atom.at + 1].word if atom.at + 1 < len(tokens) else ""
            bare = atom.tokens[0].word in {"net", "just"}
            if bare and (not around.past or after in _JUST_AS):
                return None
            return TimeMention(start, end, Stretch(now.after(-3 * HOUR), now.utc, 0.5).window(), past=True)
        case "once":
            return TimeMention(start, end, None, past=True)
        case _:
            return None


def _last(atom: Atom, now: Moment, start: int, end: int) -> TimeMention:
    unit = atom.first("unit")
    monday = now.today - timedelta(days=now.today.weekday())
    if unit and (atom.has("num", "few", "een") or atom.has("final")):
        stretch = Stretch(now.after(-max(_amount(atom), 3 * _step(atom))), now.utc, 0.4)
    elif unit and unit.value[0] == 7 * DAY:
        stretch = Stretch(begin(monday - timedelta(days=7), 0), finish(monday - timedelta(days=1), 1439), 0.7)
    elif atom.has("weekend"):
        saturday = monday - timedelta(days=2)
        stretch = Stretch(begin(saturday - timedelta(days=1), 1020), finish(saturday + timedelta(days=1), 1439), 0.7)
    elif unit:
        stretch = Stretch(now.after(-2 * unit.value[0]), now.utc, 0.4)
    else:
        return TimeMention(start, end, None, past=True)
    return TimeMention(start, end, stretch.window(), past=True)


def _step(atom: Atom) -> float:
    unit = atom.first("unit")
    if unit:
        return float(unit.value[0])
    return 15.0 if atom.has("quarter") and not atom.has("uur") else float(HOUR)


def _amount(atom: Atom) -> float:
    """How many minutes a count with a unit stands for."""
    if atom.has("anderhalf"):
        return 1.5 * _step(atom)
    if atom.has("half"):
        return 0.5 * _step(atom)
    return _count(atom) * _step(atom)


def _count(atom: Atom) -> int:
    number, few = atom.first("num"), atom.first("few")
    return min(number.value[0] if number else few.value[0] if few else 1, 10_000)
