"""Numbers and times of the clock: in words, in figures or the Dutch way ('half vijf') they are one number or time.

It reads no dates and guesses no half of the day: 'half vijf' may be 16:30, but 4:30 is never 16:30.
"""

import re
from functools import cache

_HALF, _QUARTER = frozenset({"half", "hlf"}), frozenset({"kwart", "kwrt"})
_TO, _PAST = frozenset({"voor", "vr", "v"}), frozenset({"over", "ovr"})
_STEPS = frozenset({"5", "10"})
_DAY = 24 * 60


def _numbers() -> dict[str, str]:
    """Numbers in words, to a hundred and by the hundred; not 'een', which is an article more often."""
    dutch = (
        "twee drie vier vijf zes zeven acht negen tien elf twaalf dertien veertien vijftien zestien zeventien achttien"
        " negentien"
    )
    english = (
        "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"
        " eighteen nineteen"
    )
    tens = ("twintig", "dertig", "veertig", "vijftig", "zestig", "zeventig", "tachtig", "negentig")
    made = {word: number for words in (dutch, english) for number, word in enumerate(words.split(), 2)}
    ones = {"een": 1, **{word: number for word, number in made.items() if number < 10}}
    for at, ten in enumerate(tens, 2):
        made[ten] = at * 10
        for word, number in ones.items():
            made[f"{word}en{ten}"] = at * 10 + number
    for at, ten in enumerate(("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"), 2):
        made[ten] = at * 10
    below = dict(made)
    made |= {f"{word}honderd": number * 100 for word, number in list(made.items()) if 2 <= number < 20}
    made |= {f"{word}duizend": number * 1000 for word, number in list(made.items()) if number < 100}
    made |= {"honderd": 100, "hundred": 100, "duizend": 1000, "thousand": 1000, "honderdvijftig": 150}
    made |= {
        f"{hundred}honderd{word}": at * 100 + number
        for at, hundred in enumerate(["", *dutch.split()[:8]], 1)
        for word, number in below.items()
    }
    made |= {"tweeen": 2, "drieen": 3, "vieren": 4, "vijven": 5, "zessen": 6, "achten": 8, "negenen": 9, "tienen": 10}
    made |= {f"{ten}en": at * 10 for at, ten in enumerate(tens, 2)}
    return {word: str(number) for word, number in made.items()}


NUMBERS = _numbers()


def clock(said: str) -> str:
    """'18.30' and '18u30' as '18:30', '1.500' as '1500'."""
    hour, _, minutes = re.sub("[.uh]", ":", said).partition(":")
    return str(int(hour + minutes)) if len(minutes) == 3 else f"{int(hour)}:{minutes}"


def told_time(said: list[str]) -> tuple[int, str] | None:
    """How many of these first words tell a time the Dutch way, and which: 'kwart voor acht' is '7:45~'."""
    if len(said) >= 2 and said[0] in _HALF:
        at = _hour(said[1])
        return None if at is None else (2, _rough(at * 60 - 30))
    if len(said) >= 3 and said[0] in _QUARTER and said[1] in _TO | _PAST:
        at = _hour(said[2])
        return None if at is None else (3, _rough(at * 60 + (-15 if said[1] in _TO else 15)))
    if len(said) >= 4 and said[0] in _STEPS and said[1] in _TO | _PAST and said[2] in _HALF:
        at = _hour(said[3])
        step = int(said[0]) * (-1 if said[1] in _TO else 1)
        return None if at is None else (4, _rough(at * 60 - 30 + step))
    return None


def _hour(said: str) -> int | None:
    said = "1" if said in ("een", "one") else said
    return int(said) if said.isdecimal() and 1 <= int(said) <= 12 else None


def _rough(minutes: int) -> str:
    minutes %= _DAY // 2
    return f"{minutes // 60}:{minutes % 60:02}~"


def same_figure(one: str, other: str) -> bool:
    """Whether two figures are one number, or one time of the clock when one of them is written as a time."""
    if one == other:
        return True
    return ":" in one + other and bool(_minutes(one) & _minutes(other))


@cache
def _minutes(said: str) -> frozenset[int]:
    rough, plain = said.endswith("~"), said.rstrip("~")
    if ":" not in plain and len(plain) == 4:
        plain = f"{plain[:2]}:{plain[2:]}"
    hour, _, minutes = plain.partition(":")
    if not hour.isdecimal() or len(hour) > 2 or (minutes and not minutes.isdecimal()):
        return frozenset()
    at = int(hour) * 60 + int(minutes or 0)
    return frozenset({at % _DAY, (at + _DAY // 2) % _DAY} if rough else {at % _DAY})
