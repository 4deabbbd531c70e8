"""The Dutch words of the overview. It counts nothing and works nothing out."""

from datetime import date, timedelta

from babel.dates import format_date

from pipeline.store.overview_numbers import By
from review_ui.language import Language
from review_ui.overview.board import Step
from signals.label import CATEGORY_LABELS, LEVEL_LABELS

STEPS: dict[Step, str] = {
    Step.WAITING: "Wacht op eerste lezer",
    Step.READING: "Eerste lezer leest",
    Step.SECOND: "Wacht op tweede lezer",
    Step.SECOND_READING: "Tweede lezer leest",
    Step.TEAM: "Casusoverleg: wacht op het team",
    Step.READY: "Bevestigd: wacht op doorzetten",
    Step.SENT: "Vandaag doorgezet",
}

WAYS: dict[str, str] = {"niveau": "Niveau", "soort": "Soort", "afloop": "Afloop"}
"""By what the signals are told apart."""

OUTCOMES: dict[str, str] = {
    "open": "Nog open",
    "confirmed": "Bevestigd",
    "rejected": "Afgewezen",
    "expired": "Verlopen",
}


WITHIN: dict[int, tuple[str, str]] = {
    5: ("binnen 5 minuten", "5 min"),
    15: ("binnen een kwartier", "15 min"),
    30: ("binnen een half uur", "30 min"),
    60: ("binnen een uur", "1 u"),
    120: ("binnen 2 uur", "2 u"),
    300: ("binnen 5 uur", "5 u"),
    600: ("binnen 10 uur", "10 u"),
}
"""How soon, in the table and under a chart, where 'min' says the same in both languages."""


def label(by: By, code: str) -> str:
    """The Dutch name of a column."""
    names: dict[By, dict[str, str]] = {
        By.LEVEL: {level.value: name for level, name in LEVEL_LABELS.items()},
        By.CATEGORY: {category.value: name for category, name in CATEGORY_LABELS.items()},
        By.OUTCOME: OUTCOMES,
    }
    return names[by][code]


class Periods:
    """Days and weeks as people write them, in one language."""

    def __init__(self, language: Language) -> None:
        self._locale = language.value

    def named(self, period: date, weekly: bool) -> str:
        """A day, or the first and last day of a week: 'ma 16 nov', '16 – 22 nov'."""
        if not weekly:
            return str(format_date(period, "EEE d MMM", locale=self._locale))
        last = period + timedelta(days=6)
        first = "d" if last.month == period.month else "d MMM"
        return f"{format_date(period, first, locale=self._locale)} – {format_date(last, 'd MMM', locale=self._locale)}"

    def short(self, period: date) -> str:
        """A day under a chart: '16-11'."""
        return f"{period.day}-{period.month}"


def phrases() -> list[str]:
    """Everything here that a screen may say."""
    within = [words for both in WITHIN.values() for words in both if not words.endswith("min")]
    return [*STEPS.values(), *WAYS.values(), *OUTCOMES.values(), *within]
