"""Whether somebody is there now, from the hours as people write them in the directory ('ma-do 8.30-16.30'). Pure.

The words are for a reader; what cannot be read for sure says neither yes nor no. It knows no holidays.
"""

import re
from datetime import datetime

from forwarding.dutch_day import HOME

_DAYS = {
    name: number
    for number, names in enumerate(
        ("ma maandag", "di dinsdag", "wo woensdag", "do donderdag", "vr vrijdag", "za zaterdag", "zo zondag")
    )
    for name in names.split()
}
_WEEK, _WORKING_DAYS = frozenset(range(7)), frozenset(range(5))
_WORDS = {"dagelijks": _WEEK, "elke dag": _WEEK, "werkdagen": _WORKING_DAYS, "op werkdagen": _WORKING_DAYS}
_ALWAYS = frozenset({"altijd", "dag en nacht", "24/7", "24 uur per dag"})
_CLOCK = r"(\d{1,2})(?:[.:](\d\d))?(?: ?(?:uur|u))?"
_PART = re.compile(rf"(\D*?) ?{_CLOCK} ?(?:-|tot) ?{_CLOCK}")
_WHOLE_DAY = 24 * 60


def there(hours: str, now: datetime) -> bool | None:
    """Whether these hours hold this moment; None when the words do not say so for sure."""
    written = " ".join(hours.lower().replace("–", "-").replace("t/m", "-").split())
    if written in _ALWAYS:
        return True
    answers = [_within(part.strip(), now.astimezone(HOME)) for part in re.split("[,;]", written)]
    return True if True in answers else None if None in answers else False


def _within(part: str, now: datetime) -> bool | None:
    found = _PART.fullmatch(part)
    if found is None:
        return None
    opens, closes = _minutes(found[2], found[3]), _minutes(found[4], found[5])
    days = _days(found[1])
    if days is None or opens >= closes or closes > _WHOLE_DAY:
        return None
    if not found[1] and now.weekday() not in _WORKING_DAYS:
        return None  # hours without days: nobody said whether they hold on a Saturday
    return now.weekday() in days and opens <= now.hour * 60 + now.minute < closes


def _minutes(hour: str, minute: str | None) -> int:
    return int(hour) * 60 + int(minute or 0)


def _days(words: str) -> frozenset[int] | None:
    """The weekdays, Monday 0; None when they cannot be read."""
    if not words:
        return _WORKING_DAYS
    if words in _WORDS:
        return _WORDS[words]
    days: set[int] = set()
    for stretch in re.split(r" en |/| & ", words):
        ends = [_DAYS.get(day.strip()) for day in stretch.split("-")]
        first, last = ends[0], ends[-1]
        if first is None or last is None or len(ends) > 2:
            return None
        days.update((first + ahead) % 7 for ahead in range((last - first) % 7 + 1))
    return frozenset(days)
