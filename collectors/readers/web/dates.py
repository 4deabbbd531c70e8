"""A moment as a site writes it: ISO 8601, the site's own format with month names, or words such as `gisteren 14:05`.

Dutch and English words of relative time are known; any other locale goes by its month and day names.
"""

import re
from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from babel.dates import get_day_names, get_month_names

ISO = "iso8601"
_ENGLISH_MONTHS = "January February March April May June July August September October November December".split()  # noqa: SIM905  # fmt: skip
_ENGLISH_DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()  # noqa: SIM905
_DAYS_AGO = {"vandaag": 0, "today": 0, "gisteren": 1, "yesterday": 1, "eergisteren": 2}
_CLOCK = re.compile(r"\b([01]?\d|2[0-3])[:.]([0-5]\d)\b")
_AGO = re.compile(
    r"\b(\d{1,4}|een|één|a|an)\s*(sec\w*|min\w*|uur|uren|hours?|hrs?|u|dag(?:en)?|days?|we(?:ek|ken|eks)|"
    r"maand(?:en)?|months?|jaar|jaren|years?)\b(?:\s+(?:geleden|ago))",
    re.I,
)
_JUST_NOW = re.compile(r"^\W*(?:zojuist|zonet|net|nu|just now|now)\W*$", re.I)
_UNITS = (
    (("sec",), timedelta(seconds=1)),
    (("min",), timedelta(minutes=1)),
    (("uur", "uren", "hour", "hr", "u"), timedelta(hours=1)),
    (("dag", "day"), timedelta(days=1)),
    (("week", "weken"), timedelta(weeks=1)),
    (("maand", "month"), timedelta(days=30)),
    (("ja", "year"), timedelta(days=365)),
)
_WORD = re.compile(r"[^\W\d_]+\.?")


def moment(text: str, formats: tuple[str, ...], zone: str, locale: str, seen_at: datetime) -> datetime | None:
    """The moment in UTC, or None. A date without a zone is in the site's; relative words count from `seen_at`."""
    text = " ".join(text.split())
    if not text or len(text) > 100:
        return None
    here = ZoneInfo(zone)
    try:
        for form in formats:
            found = _iso(text) if form == ISO else _by_format(text, form, locale)
            if found is not None:
                return (found if found.tzinfo else found.replace(tzinfo=here)).astimezone(UTC)
        told = _relative(text.casefold(), seen_at.astimezone(here))
        return None if told is None else told.astimezone(UTC)
    except (ValueError, OverflowError):  # the year 0, or a day that a zone pushes past the calendar's end
        return None


def _iso(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _by_format(text: str, form: str, locale: str) -> datetime | None:
    names = _english(locale)
    english = _WORD.sub(lambda word: names.get(word[0].casefold().rstrip("."), word[0]), text)
    for written in (text, english):
        try:
            return datetime.strptime(written, form)  # noqa: DTZ007  the zone follows
        except ValueError:
            continue
    return None


@cache
def _english(locale: str) -> dict[str, str]:
    """The locale's month and day names in English, long for long and short for short."""
    names: dict[str, str] = {}
    for width in ("abbreviated", "wide"):
        for told, english in ((get_month_names, _ENGLISH_MONTHS), (get_day_names, _ENGLISH_DAYS)):
            for number, name in told(width, locale=locale).items():
                word = english[number - 1 if english is _ENGLISH_MONTHS else number]
                names[str(name).casefold().rstrip(".")] = word[:3] if width == "abbreviated" else word
    return names


def _relative(text: str, now: datetime) -> datetime | None:
    if _JUST_NOW.match(text):
        return now
    if ago := _AGO.search(text):
        count = int(ago[1]) if ago[1].isdigit() else 1
        unit = next((size for starts, size in _UNITS if ago[2].startswith(starts)), None)
        return None if unit is None else now - count * unit
    day = next((_DAYS_AGO[word] for word in _WORD.findall(text) if word in _DAYS_AGO), None)
    if day is None:
        return None
    clock = _CLOCK.search(text)
    hour, minute = (int(clock[1]), int(clock[2])) if clock else (12, 0)
    return (now - timedelta(days=day)).replace(hour=hour, minute=minute, second=0, microsecond=0)
