"""Which day or days a form points to, seen from the day of writing: weekdays, dates, weeks, 'morgen', 'gisteren'.

Hours are added elsewhere. A form that turns out to be no day ('de 2e' of a queue, '24/7') gives None.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from nlp.times.clause import Clause
from nlp.times.grammar import Atom
from nlp.times.instant import Moment
from nlp.times.lexicon import DAY, MONTH, NIGHT, WEEK, YEAR
from nlp.times.scan import Token

_SMALL_HOURS = 4 * 60


@dataclass(frozen=True, slots=True)
class Days:
    """From the first to the last day, and the part of the day where told; `open`: the tense around decides if past."""

    first: date
    last: date
    confidence: float
    part: int | None = None
    past: bool = False
    open: bool = False
    until: bool = False
    again: int = 0
    """A weekday that is today and already over comes again so many days later."""


def days(atom: Atom, now: Moment, around: Clause) -> Days | None:
    """The days of a form, or None."""
    today = now.today
    match atom.name:
        case "today":
            return Days(today, today, 0.8, open=True, past=atom.has("sinds"))
        case "vanpart":
            return _this_part(atom, now, around)
        case "tomorrow":
            return _tomorrow(atom, now)
        case "yesterday":
            return _yesterday(atom, today)
        case "last_day":
            return _last_day(atom, today)
        case "day":
            return _weekday(atom, today, around)
        case "day_over":
            unit, count = atom.first("unit"), _count(atom)
            told = replace(around, past=False)
            named = _weekend(atom, today, told) if atom.has("weekend") else _weekday(atom, today, told)
            if unit is None or named is None or unit.value[0] != WEEK or count is None:
                return None
            return _moved(named, 7 * count)
        case "day_of_week":
            return _day_of_week(atom, today)
        case "nth_weekday":
            return _nth_weekday(atom, today)
        case "fixed" | "date" | "figures_date" | "lone_date" | "nth_day":
            return _dated(atom, today, around)
        case "weekend":
            return _weekend(atom, today, around)
        case _:
            return None


def _moved(named: Days, by: int) -> Days:
    return replace(named, first=named.first + timedelta(days=by), last=named.last + timedelta(days=by))


def _one(day: date, confidence: float, part: int | None = None, **more: bool) -> Days:
    return Days(day, day, confidence, part, **more)


def _part(atom: Atom) -> int | None:
    token = atom.first("part", "partly", "weekdaypart", "tomorrowpart", "yesterdaypart", "vanpart")
    if token:
        return token.value[-1]
    return 0 if atom.has("early") or (atom.has("weekday") and atom.has("morgen")) else None


def _this_part(atom: Atom, now: Moment, around: Clause) -> Days:
    part, until = _part(atom), atom.has("till", "voor", "by")
    day = now.today
    told_at_breakfast = 300 < now.minute < 720 and not around.coming
    if part == NIGHT and (now.minute < 360 or told_at_breakfast or (around.past and now.minute < 1080)):
        day -= timedelta(days=1)
    return _one(day, 0.8, part, open=True, until=until and not atom.has("voor"), past=atom.has("sinds"))


def _tomorrow(atom: Atom, now: Moment) -> Days:
    word = atom.first("tomorrow", "morgen", "tomorrowpart")
    ahead = word.value[0] if word else 1
    first = last = now.today + timedelta(days=ahead)
    if ahead == 1 and now.minute < _SMALL_HOURS:
        first = now.today
    return Days(first, last, 0.85, _part(atom), until=atom.has("till"))


def _yesterday(atom: Atom, today: date) -> Days:
    word = atom.first("yesterday", "yesterdaypart")
    part = _part(atom)
    named = atom.first("weekdaypart")
    if named:
        return _one(_before(today, named.value[0]), 0.8, part, past=True)
    return _one(today - timedelta(days=word.value[0] if word else 1), 0.85, part, past=True)


def _before(today: date, weekday: int) -> date:
    return today - timedelta(days=(today.weekday() - weekday - 1) % 7 + 1)


def _last_day(atom: Atom, today: date) -> Days | None:
    named = atom.first("weekday", "weekdaypart")
    unit = atom.first("unit")
    if named is None or (unit and unit.value[0] != WEEK):
        return None
    day = _before(today, named.value[0])
    if unit:
        day = today - timedelta(days=today.weekday() + 7 - named.value[0])
    return _one(day, 0.85, _part(atom), past=True)


def _weekday(atom: Atom, today: date, around: Clause) -> Days | None:
    named = atom.first("weekday", "weekdaypart", "short")
    if named is None or (named.kind == "short" and len(atom.tokens) < 1):
        return None
    weekday = named.value[0]
    told = atom.has("coming", "next", "this")
    if (around.past and not told) or atom.has("last", "sinds"):
        return _one(_before(today, weekday), 0.75, _part(atom), past=True)
    ahead = (weekday - today.weekday()) % 7
    if (atom.has("next") and ahead < 3) or (atom.has("coming") and ahead == 0):
        ahead += 7
    day = today + timedelta(days=ahead)
    return Days(day, day, 0.8, _part(atom), until=atom.has("till", "by"), again=7 if ahead == 0 else 0)


def _day_of_week(atom: Atom, today: date) -> Days | None:
    named, unit = atom.first("weekday", "weekdaypart"), atom.first("unit")
    if named is None or unit is None or unit.value[0] != WEEK:
        return None
    monday = today - timedelta(days=today.weekday())
    weeks = 0 if atom.has("this") else 7
    day = monday + timedelta(days=weeks + named.value[0])
    return _one(day, 0.85, _part(atom), past=day < today)


def _weekend(atom: Atom, today: date, around: Clause) -> Days | None:
    if len(atom.tokens) == 1:
        return None
    saturday = today + timedelta(days=5 - today.weekday())
    if around.past and not atom.has("coming", "this", "next") and today.weekday() < 5:
        return Days(saturday - timedelta(days=7), saturday - timedelta(days=6), 0.6, past=True)
    if atom.has("next"):
        saturday += timedelta(days=7)
    if atom.has("after"):
        return Days(saturday + timedelta(days=2), saturday + timedelta(days=4), 0.5)
    if atom.has("till", "voor"):
        return Days(saturday, saturday, 0.6, until=True)
    return Days(max(saturday, today), saturday + timedelta(days=1), 0.7)


def _count(atom: Atom) -> int | None:
    few = atom.first("few")
    number = atom.first("num", "een")
    return few.value[0] if few else number.value[0] if number else None


def _dated(atom: Atom, today: date, around: Clause) -> Days | None:
    if atom.name == "nth_day":
        return _nth_day(atom, today, around)
    figures, month, number = atom.first("date"), atom.first("month"), atom.first("num", "nth")
    fixed, year = atom.first("fixed"), atom.first("year")
    years: tuple[int, ...] = (year.value[0],) if year else ()
    if fixed:
        wanted = fixed.value
    elif figures:
        if atom.name != "lone_date" and atom.has("voor") and "-" in figures.word:
            return None
        wanted = figures.value[1::-1]
        years = tuple(y if y > 99 else 2000 + y for y in figures.value[2:])
    elif month and number and not _a_name(month, number):
        wanted = (month.value[0], number.value[0])
    else:
        return None
    day = _nearest(today, wanted, years, back=around.past)
    if day is None:
        return None
    confidence = 0.6 if atom.name == "lone_date" and not years else 0.9
    numbers = [token.value[0] for token in atom.tokens if token.kind == "num"]
    if len(numbers) == 2 and month and 1 <= numbers[0] < numbers[1]:
        first = day.replace(day=numbers[0])
        last = first + timedelta(days=numbers[1] - numbers[0])
        return Days(first, last, 0.8, past=last < today)
    return _one(day, confidence, past=day < today, until=atom.has("till", "by"))


def _a_name(month: Token, number: Token) -> bool:
    """'jan 3' and 'may 2' are more often a person and a verb."""
    return month.start < number.start and number.kind == "num" and month.word in {"jan", "may", "mei", "april", "june"}


def _nearest(today: date, wanted: tuple[int, ...], years: tuple[int, ...], *, back: bool) -> date | None:
    found: list[date] = []
    for year in years or (today.year - 1, today.year, today.year + 1):
        try:
            found.append(date(year, wanted[0], wanted[1]))
        except ValueError:
            continue
    if years or not found:
        return found[0] if found else None
    if back:
        return max((day for day in found if day <= today), default=None)
    return min((day for day in found if day >= today - timedelta(days=60)), default=None)


def _nth_day(atom: Atom, today: date, around: Clause) -> Days | None:
    number = atom.first("nth")
    if number is None or not 1 <= number.value[0] <= 31:
        return None
    months = range(0, -13, -1) if around.past else range(13)
    for ahead in months:
        month = today.month - 1 + ahead
        try:
            day = date(today.year + month // 12, month % 12 + 1, number.value[0])
        except ValueError:
            continue
        if day <= today if around.past else day >= today:
            return _one(day, 0.7, past=day < today, until=atom.has("till", "by"))
    return None


def _nth_weekday(atom: Atom, today: date) -> Days | None:
    """'eerste vrijdag van volgende maand', 'laatste zaterdag van de maand'."""
    named, number, unit, month = (atom.first(kind) for kind in ("weekday", "nth", "unit", "month"))
    if named is None or (unit and unit.value[0] != MONTH):
        return None
    ahead = (month.value[0] - today.month) % 12 if month else int(atom.has("next", "coming"))
    at = today.month - 1 + ahead
    first = date(today.year + at // 12, at % 12 + 1, 1)
    days_of = [first + timedelta(days=i) for i in range(31) if (first + timedelta(days=i)).month == first.month]
    fitting = [day for day in days_of if day.weekday() == named.value[0]]
    which = -1 if number is None else number.value[0] - 1
    if which >= len(fitting):
        return None
    if not atom.has("unit", "month") and fitting[which] < today:
        return _one(fitting[which] + timedelta(days=28), 0.5)
    return _one(fitting[which], 0.85, past=fitting[which] < today)


def stretch_of_days(atom: Atom, today: date) -> tuple[date, date, float] | None:
    """'volgende week', 'deze maand', 'eind van de week', 'deze zomer' as first and last day."""
    unit = atom.first("unit")
    length = unit.value[0] if unit else 0
    ahead = atom.has("next")
    if atom.has("coming") and unit:
        return today, today + timedelta(minutes=length), 0.5
    if length == WEEK:
        monday = today + timedelta(days=(7 if ahead else 0) - today.weekday())
        first, last = (max(monday, today), monday + timedelta(days=6))
        if atom.has("end"):
            first = max(today, monday + timedelta(days=3))
        if atom.has("begin"):
            last = monday + timedelta(days=2)
        return first, last, 0.6 if ahead else 0.5
    if length == MONTH:
        month = today.month - 1 + (1 if ahead else 0)
        first = max(today, date(today.year + month // 12, month % 12 + 1, 1))
        following = date(today.year + (month + 1) // 12, (month + 1) % 12 + 1, 1)
        if atom.has("end"):
            first = max(today, following - timedelta(days=8))
        return first, following - timedelta(days=1), 0.45
    if length == DAY:
        return (today, today, 0.5) if atom.has("end", "hele") else None
    if length == YEAR and not atom.has("hele"):
        year = today.year + int(ahead)
        return date(year, 1, 1), date(year, 12, 31), 0.2
    return (today, today + timedelta(days=150), 0.2) if atom.has("season") else None
