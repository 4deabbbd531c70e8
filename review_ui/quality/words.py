"""The Dutch words of the quality page, and its numbers as people write them. It works nothing out."""

from datetime import date

from babel.dates import format_date
from babel.numbers import format_decimal, format_percent

from review_ui.language import Language

LABELS: dict[str, str] = {
    "verdict": "Bevestigen, afwijzen of aanhouden",
    "category": "Soort, als beiden bevestigen",
    "level": "Niveau, als beiden bevestigen",
}

ALIKE: dict[str, str] = {
    "few": "Nog te weinig dubbele lezingen om iets te zeggen.",
    "same": "Iedereen koos hetzelfde. Dan valt er niets te vergelijken.",
    "reliable": "Lezers oordelen vrijwel gelijk.",
    "tentative": "Lezers oordelen meestal gelijk.",
    "unsure": "Nog onzeker: het kan gelijk zijn, en ook niet.",
    "low": "Lezers oordelen vaak anders. Bespreek samen een paar voorbeelden.",
}

DRIFT: dict[str, str] = {
    "unknown": "Of dat verandert, is nog niet te zeggen.",
    "same": "Dat is niet duidelijk anders dan in de maanden ervoor.",
    "up": "Dat is meer gelijk dan in de maanden ervoor.",
    "down": "Dat is minder gelijk dan in de maanden ervoor. Bespreek samen waardoor.",
}

WITHIN: dict[int, str] = {
    15: "binnen een kwartier",
    30: "binnen een half uur",
    120: "binnen 2 uur",
    600: "binnen 10 uur",
}


def phrases() -> list[str]:
    """Everything here that a screen may say."""
    return [*LABELS.values(), *ALIKE.values(), *DRIFT.values(), *WITHIN.values()]


class Numbers:
    """Numbers in one language."""

    def __init__(self, language: Language) -> None:
        self._locale = language.value

    def decimal(self, value: float) -> str:
        """Two decimals: 0,68."""
        return str(format_decimal(value, format="0.00", locale=self._locale))

    def percent(self, share: float) -> str:
        """A share: 83 %. What is neither nothing nor everything never reads as such."""
        whole = 100 * share
        if 0 < whole < 1:
            return f"< {format_percent(0.01, locale=self._locale)}"
        if 99 < whole < 100:
            return f"> {format_percent(0.99, locale=self._locale)}"
        return str(format_percent(round(whole) / 100, locale=self._locale))

    def per_thousand(self, share: float) -> str:
        """How many of every thousand, with a decimal when there are few."""
        value = 1000 * share
        return str(format_decimal(value, format="0.0" if 0 < value < 10 else "0", locale=self._locale))

    def whole(self, value: float) -> str:
        """A whole number with the language's separators."""
        return str(format_decimal(round(value), locale=self._locale))

    def month(self, month: date) -> str:
        """A month: november 2026."""
        return str(format_date(month, "MMMM y", locale=self._locale))
