"""Time expressions in Dutch, English and street spelling, as intervals relative to when a post was written.

Works in Europe/Amsterdam, daylight saving included. It does not judge whether the text announces anything.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from nlp.time_words import KINDS, MONTHS, NUMBERS, ORDINALS, PARTS, PATTERN, WEEKDAYS
from signals.analysis import TimeWindow

AMSTERDAM = ZoneInfo("Europe/Amsterdam")

_BETWEEN = re.compile(r"[\s,]*(?:(?:om|rond|at|around|tegen|precies|meteen|in|de|het|t|vanaf|bij|op|@)\s+)*\Z")


@dataclass(frozen=True, slots=True)
class TimeMention:
    """A time expression [start, end) with its interval; `past` when it lies behind the moment of writing."""

    start: int
    end: int
    window: TimeWindow | None
    past: bool


@dataclass(frozen=True, slots=True)
class _Part:
    kind: str
    found: re.Match[str]


def find_times(folded: str, moment: datetime) -> list[TimeMention]:
    """All time expressions in a folded text; parts that belong together ('vrijdag half 4') are one."""
    local = moment.astimezone(AMSTERDAM)
    groups: list[list[_Part]] = []
    for found in PATTERN.finditer(folded):
        part = _Part(_kind(found), found)
        joined = groups and _joins(groups[-1], part, folded)
        if joined:
            groups[-1].append(part)
        else:
            groups.append([part])
    return [_mention(group, local) for group in groups]


def soonest(mentions: Sequence[TimeMention]) -> TimeWindow | None:
    """The interval that comes first among those not past; None when the text points to no moment."""
    windows = [mention.window for mention in mentions if mention.window and not mention.past]
    return min(windows, key=lambda window: (window.start, window.end), default=None)


def _kind(found: re.Match[str]) -> str:
    return next(kind for kind in KINDS if found.group(kind) is not None)


def _joins(group: list[_Part], part: _Part, folded: str) -> bool:
    between = folded[group[-1].found.end() : part.found.start()]
    kinds = {p.kind for p in group}
    if len(between) > 14 or not _BETWEEN.match(between) or part.kind == "past" or "past" in kinds:
        return False
    days = {"day", "tomorrow", "today", "date"}
    if part.kind in days and kinds & days:
        return {part.kind, *kinds} >= {"date"}
    return part.kind not in {"now", "soon", "within", "week"} and not kinds & {"now", "soon", "within", "week"}


def _mention(group: list[_Part], local: datetime) -> TimeMention:
    start, end = group[0].found.start(), group[-1].found.end()
    if any(part.kind == "past" for part in group):
        return TimeMention(start, end, None, past=True)
    day: tuple[date, date] | None = None
    hours: tuple[time, time] | None = None
    confidence = 0.6
    for part in group:
        if part.kind in {"now", "soon", "within"}:
            first, last, confidence = _relative(part, local)
            return TimeMention(start, end, _window(first, last, confidence), past=False)
        if part.kind in {"day", "tomorrow", "today", "date", "weekend", "week"}:
            day, hours_of_day = _day(part, local)
            hours, confidence = hours or hours_of_day, max(confidence, 0.8)
        else:
            hours = _hours(part, local) or hours
            confidence = max(confidence, 0.7)
    if day is None and hours is None:
        return TimeMention(start, end, None, past=False)
    today = local.date()
    if day is None:
        assert hours is not None  # noqa: S101 - told by the line above
        end_today = datetime.combine(today, hours[1], AMSTERDAM)
        at = today if end_today >= local - timedelta(minutes=30) else today + timedelta(days=1)
        day = (at, at)
    first = datetime.combine(day[0], hours[0] if hours else time(0), AMSTERDAM)
    last = datetime.combine(day[1], hours[1] if hours else time(23, 59), AMSTERDAM)
    if last < local:
        return TimeMention(start, end, _window(first, last, confidence), past=True)
    return TimeMention(start, end, _window(max(first, min(local, last)), last, confidence), past=False)


def _window(first: datetime, last: datetime, confidence: float) -> TimeWindow:
    return TimeWindow(start=first, end=max(first, last), confidence=confidence)


def _relative(part: _Part, local: datetime) -> tuple[datetime, datetime, float]:
    if part.kind == "now":
        return local, local + timedelta(hours=1), 0.6
    if part.kind == "soon":
        return local, local + timedelta(hours=6), 0.5
    count = part.found.group("within_count")
    unit = part.found.group("within_unit")
    amount = 0.5 if count == "half" else float(NUMBERS.get(count or "", 0) or (count if (count or "").isdigit() else 3))
    if count is None:
        amount = 1.0
    if unit.startswith("kwartier"):
        step = timedelta(minutes=15)
    elif unit.startswith("min"):
        step = timedelta(minutes=1)
    elif unit.startswith(("uur", "uren", "hour")):
        step = timedelta(hours=1)
    elif unit.startswith(("dag", "day")):
        step = timedelta(days=1)
    else:
        step = timedelta(days=7)
    at = local + step * amount
    return at - step / 4, at + step / 2, 0.85


def _day(part: _Part, local: datetime) -> tuple[tuple[date, date] | None, tuple[time, time] | None]:
    today, word = local.date(), part.found.group()
    hours = next((span for name, span in PARTS.items() if name in word and not word.endswith("morgen")), None)
    if part.kind == "tomorrow":
        after = word.startswith(("overmorgen", "day after"))
        at = today + timedelta(days=2 if after else 1)
        if not after and local.hour < 4 and word == "morgen":
            return (today, at), hours
        return (at, at), PARTS["ochtend"] if "vroeg" in word else hours
    if part.kind == "today":
        if "morgen" in word or "ochtend" in word:
            hours = PARTS["ochtend"]
        if word.startswith(("vanmid",)):
            hours = PARTS["middag"]
        if word in {"vnv", "vnavond", "2night", "2nite", "tonite", "tonight"}:
            hours = PARTS["avond"]
        if word == "vannacht":
            return (today, today + timedelta(days=1)), (time(22) if local.hour > 5 else time(0), time(6))
        return (today, today), hours
    if part.kind == "day":
        ahead = (WEEKDAYS[part.found.group("day_name")] - local.weekday()) % 7
        if word.startswith(("volgende", "next")) and ahead < 3:
            ahead += 7
        at = today + timedelta(days=ahead)
        return (at, at), hours
    if part.kind == "weekend":
        saturday = today + timedelta(days=(5 - local.weekday()) % 7 if local.weekday() != 6 else -1)
        return (max(saturday, today), saturday + timedelta(days=1)), None
    if part.kind == "week":
        if word.startswith(("deze", "this")):
            return (today, today + timedelta(days=6 - local.weekday())), None
        monday = today + timedelta(days=7 - local.weekday())
        return (monday, monday + timedelta(days=27 if "ma" in word or "month" in word else 6)), None
    return _date(part.found, today), hours


def _date(found: re.Match[str], today: date) -> tuple[date, date] | None:
    year = int(found.group("date_year") or today.year)
    try:
        at = date(year, MONTHS[found.group("date_month")], int(found.group("date_day")))
        if found.group("date_year") is None and at < today - timedelta(days=60):
            at = at.replace(year=year + 1)
    except ValueError:
        return None
    return at, at


def _hours(part: _Part, local: datetime) -> tuple[time, time] | None:
    found = part.found
    if part.kind == "clock":
        digits = re.findall(r"\d+", found.group())
        hour, minute = int(digits[0]), int(digits[1]) if len(digits) > 1 else 0
        if "pm" in found.group() and hour < 12:
            hour += 12
        return _around(hour, minute)
    if part.kind == "half":
        return _afternoon(NUMBERS[found.group("half_number")] - 1, 30, local)
    if part.kind == "quarter":
        hour = NUMBERS[found.group("quarter_number")]
        return _afternoon(hour, 15, local) if found.group("quarter_side") == "over" else _afternoon(hour - 1, 45, local)
    if part.kind == "minutes":
        hour, minutes = NUMBERS[found.group("minutes_number")], NUMBERS[found.group("minutes_count")]
        if found.group("minutes_half"):
            hour, base = hour - 1, 30
            return _afternoon(hour, base + (minutes if found.group("minutes_side") == "over" else -minutes), local)
        return (
            _afternoon(hour, minutes, local)
            if found.group("minutes_side") == "over"
            else _afternoon(hour - 1, 60 - minutes, local)
        )
    if part.kind == "hour":
        name = found.group("hour_number") or found.group("bare_number")
        hour = NUMBERS.get(name) or int(name)
        if "pm" in (found.group("hour_half") or found.group("bare_half") or "") and hour < 12:
            return _around(hour + 12, 0)
        return _afternoon(hour, 0, local)
    if part.kind == "lesson":
        lesson = int(found.group("lesson_number") or ORDINALS[found.group("lesson_word")])
        if lesson > 9:
            return None
        minutes = 8 * 60 + 30 + 50 * lesson
        return time((minutes - 60) // 60, (minutes - 60) % 60), time(min(23, (minutes + 40) // 60), (minutes + 40) % 60)
    if part.kind == "school":
        word = found.group()
        if "voor school" in word or "before school" in word:
            return time(7), time(9)
        if "pauze" in word or "break" in word or "lunch" in word:
            return time(10), time(13, 30)
        return (time(8), time(9)) if word.startswith(("bij", "als")) else (time(13), time(17, 30))
    return None


def _afternoon(hour: int, minute: int, local: datetime) -> tuple[time, time]:
    """A spoken hour of 1 to 7 means the afternoon; 8 to 12 means the next one that comes."""
    hour %= 24
    if hour <= 7 or (hour < 12 and local.hour > hour):
        hour += 12
    return _around(hour % 24, minute)


def _around(hour: int, minute: int) -> tuple[time, time]:
    ending = min(hour * 60 + minute + 45, 23 * 60 + 59)
    return time(hour % 24, minute), time(ending // 60, ending % 60)
