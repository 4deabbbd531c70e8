"""Posts that say the same have one fingerprint, whatever their case, spacing, marks and emoji."""

import pytest

from signals.fingerprint import fingerprint


@pytest.mark.parametrize(
    "text",
    [
        "Morgen  ZES uur, station!",
        "morgen zes uur station 🔥",
        "…morgen\nzes\tuur—station",
        "ｍｏｒｇｅｎ zes uur station",
    ],
)
def test_form_does_not_count(text: str) -> None:
    assert fingerprint(text) == "morgen zes uur station"


def test_other_words_or_another_order_count() -> None:
    assert len({fingerprint(t) for t in ("zes uur", "uur zes", "7 uur", "zesuur")}) == 4


def test_a_text_without_words_stands_for_itself() -> None:
    assert fingerprint("🔪🔪") == "🔪🔪"
    assert fingerprint("🔪") != fingerprint("💧")
