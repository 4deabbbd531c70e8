"""Clock times as people write them: '14:30', 'half 4', 'kwart voor 3', 'at 3pm', 'half past three'.

Reads the minute and whether it may be twelve hours off; which day and which half of it is decided elsewhere.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from nlp.times.lexicon import ENGLISH_NUMBERS
from nlp.times.scan import Token

NOON = 720


@dataclass(frozen=True, slots=True)
class Clock:
    """A minute of the day; `loose` when only the hand of the clock is told, not the half of the day."""

    minute: int
    loose: bool


def read_clock(tokens: Sequence[Token]) -> Clock | None:
    """The time told by a clock form, words before it included; None when no clock shows it."""
    kinds = [token.kind for token in tokens]
    for kind in ("noon", "midnight"):
        if kind in kinds:
            return Clock(NOON if kind == "noon" else 2 * NOON, loose=False)
    read = _figures(tokens) or _spoken(tokens)
    if read is None or read.minute > 1440:
        return None
    half = next((token.word for token in tokens if token.kind == "ampm"), "")
    if not half or read.minute >= NOON + 60:
        return read
    minute = read.minute % NOON
    return Clock(minute + NOON if half == "pm" else minute, loose=False)


def _figures(tokens: Sequence[Token]) -> Clock | None:
    shown = next((token for token in tokens if token.kind in {"hhmm", "dotted", "four", "clockface"}), None)
    if shown is None or any(token.kind == "half" for token in tokens):
        return None
    minute = shown.value[0]
    if shown.kind == "four":
        return Clock(minute, loose=minute < 780 and shown.word[0] != "0")
    exact = len(shown.value) > 1 and shown.value[1]
    figures_of_hour = minute // 60 >= 10 and len(shown.word) > 3
    return Clock(minute, loose=not exact and minute < 780 and not figures_of_hour)


def _spoken(tokens: Sequence[Token]) -> Clock | None:
    numbers = [token for token in tokens if token.kind in {"num", "hhmm"}]
    if not numbers or any(number.value[0] > 24 for number in numbers[-1:] if number.kind == "num"):
        return None
    last = numbers[-1]
    minute = last.value[0] if last.kind == "hhmm" else last.value[0] * 60
    kinds = [token.kind for token in tokens]
    past = "over" in kinds
    shift = 0
    if "half" in kinds:
        shift = 30 if (past and len(numbers) == 1) or last.word in ENGLISH_NUMBERS else -30
    if "quarter" in kinds:
        shift = 15 if past else -15
    elif len(numbers) == 2:
        if numbers[0].value[0] > 30 or any(token.kind == "unit" and token.value[0] > 1 for token in tokens):
            return None
        shift += numbers[0].value[0] if past else -numbers[0].value[0]
    if shift and last.value[0] > 24 * (60 if last.kind == "hhmm" else 1):
        return None
    minute = (minute + shift) % 1440
    return Clock(minute, loose=minute < 780)
