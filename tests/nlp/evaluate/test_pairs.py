"""The same content in several registers: gaps against standard Dutch."""

import json

from nlp.evaluate.pairs import GroupRow, PairRow, registers
from signals.label import Category
from tests.nlp.evaluate.invented import answer


def line(group: str, register: str, category: Category = Category.NONE) -> PairRow:
    row = {"group": group, "register": register, "text": "invented", "category": category.value}
    return PairRow.model_validate_json(json.dumps(row))


GROUPS = [f"g{number}" for number in range(10)]


def test_a_register_that_is_flagged_more_often_shows_as_a_gap() -> None:
    rows = [line(group, register) for group in GROUPS for register in ("standard", "street")]
    found = [answer(flagged=row.wording == "street" and row.group in {"g1", "g2"}) for row in rows]
    made = registers(rows, found, actionable=False)
    assert made is not None
    street = made.registers["street"]
    assert street.gap is not None
    assert (street.gap["value"], made.groups) == (0.2, 10)
    assert street.gap["low"] < 0.2 < street.gap["high"]
    assert street.score_shift is not None
    assert street.score_shift["value"] == 0.16
    assert made.registers["standard"].gap is None
    assert made.wrong == ("g1/street", "g2/street")


def test_only_groups_that_have_both_lines_are_compared() -> None:
    rows = [line("g1", "standard"), line("g1", "english"), line("g2", "english")]
    made = registers(rows, [answer(flagged=False), answer(flagged=False), answer(flagged=True)], actionable=False)
    assert made is not None
    english = made.registers["english"]
    assert english.gap is not None
    assert (english.rows, english.gap["value"]) == (2, 0.0)


def test_signals_are_kept_apart_and_a_missed_one_is_named() -> None:
    rows = [line("g1", "standard"), line("s1", "standard", Category.DRUGS), line("s1", "street", Category.DRUGS)]
    found = [answer(flagged=False), answer(flagged=True), answer(flagged=False)]
    harmless, signals = (registers(rows, found, actionable=kind) for kind in (False, True))
    assert harmless is not None
    assert signals is not None
    assert (harmless.wrong, signals.wrong) == ((), ("s1/street",))


def test_calm_and_rough_groups_are_told_apart() -> None:
    tones = [GroupRow(group="g1", topic="home", tone="calm"), GroupRow(group="g2", topic="home", tone="rough")]
    found = [answer(flagged=False), answer(flagged=True)]
    made = registers([line("g1", "street"), line("g2", "street")], found, tones, actionable=False)
    assert made is not None
    assert {tone: rate["value"] for tone, rate in made.by_tone.items() if rate} == {"calm": 0.0, "rough": 1.0}
