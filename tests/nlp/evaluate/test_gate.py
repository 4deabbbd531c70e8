"""The bars: what breaks them, what does not, and what was never measured."""

from pathlib import Path

import pytest

from nlp.evaluate.areas import by_area
from nlp.evaluate.bars import Bars, BarsFileError
from nlp.evaluate.details import Details, details
from nlp.evaluate.gate import Evidence, judge
from nlp.evaluate.intervals import wilson
from nlp.evaluate.pairs import PairRow, registers
from nlp.evaluate.rows import rows_of
from nlp.places.gazetteer import load
from signals.label import Genre
from tests.nlp.evaluate.invented import answer, post

BARS = Bars.read()
NOTHING = Evidence(by_genre={}, by_class={}, areas={}, registers=None, ordinary={})


def lyrics(*, of: int, flagged: int) -> Details:
    posts = [post(f"p{number}", genre=Genre.LYRIC, note="[hook] ad-lib") for number in range(of)]
    found = [answer(flagged=number < flagged) for number in range(of)]
    return details(rows_of(posts, found, {}, load()), load())


def test_the_shipped_bars_are_those_of_the_promise() -> None:
    assert (BARS.lyrics_false_rate, BARS.class_false_rate, BARS.register_gap) == (0.02, 0.02, 0.01)
    assert (BARS.area_ratio, BARS.ordinary_flag_rate) == (1.5, 0.001)


def test_flagged_lyrics_break_two_bars_with_a_line_each() -> None:
    made = lyrics(of=60, flagged=2)
    verdict = judge(BARS, Evidence(made.by_genre, made.by_class, {}, None, {}))
    assert verdict.judged == 2
    assert verdict.broken == (
        "lyrics_false_rate: lyric: 0.03333 (0.009189 to 0.1136), more than 0.02",
        "class_false_rate: hook: 0.03333 (0.009189 to 0.1136), more than 0.02",
    )


def test_one_flagged_lyric_in_sixty_breaks_nothing() -> None:
    made = lyrics(of=60, flagged=1)
    assert judge(BARS, Evidence(made.by_genre, made.by_class, {}, None, {})).broken == ()


def test_a_class_of_few_rows_is_not_judged() -> None:
    made = lyrics(of=49, flagged=40)
    assert judge(BARS, Evidence({}, made.by_class, {}, None, {})).judged == 0


@pytest.mark.parametrize(("standard", "street", "side"), [(0, 2, "more than 0.01"), (2, 0, "less than -0.01")])
def test_a_register_gap_breaks_the_bar_either_way(standard: int, street: int, side: str) -> None:
    rows, found = [], []
    for number in range(100):
        for register, flags in (("standard", standard), ("street", street)):
            rows.append(PairRow.model_validate({"group": f"g{number}", "register": register, "text": "x"}))
            found.append(answer(flagged=number < flags))
    [line] = judge(BARS, Evidence({}, {}, {}, registers(rows, found, actionable=False), {})).broken
    assert line.startswith("register_gap: street beside standard: ")
    assert line.endswith(side)


def test_one_area_flagged_three_times_as_often_breaks_the_bar_for_both_sides() -> None:
    found = [answer(flagged=number < flags, area=area) for area, flags in (("Poelenburg", 30), ("Peperklip", 10))
             for number in range(100)]  # fmt: skip
    broken = judge(BARS, Evidence({}, {}, by_area(found), None, {})).broken
    assert [line.split(":")[1].strip() for line in broken] == ["Peperklip", "Poelenburg"]


def test_three_flags_in_two_thousand_ordinary_posts_are_too_many_and_two_are_not() -> None:
    many, few = wilson(3, 2000), wilson(2, 2000)
    [line] = judge(BARS, Evidence({}, {}, {}, None, {"nl": many, "en": few})).broken
    assert line.startswith("ordinary_flag_rate: nl: 0.0015")


def test_a_share_just_over_the_bar_does_not_round_down_to_it() -> None:
    [line] = judge(BARS, Evidence({}, {}, {}, None, {"en": wilson(4, 3990)})).broken
    assert "0.001003" in line


def test_what_was_not_measured_is_said_and_is_no_pass() -> None:
    verdict = judge(BARS, NOTHING)
    assert (verdict.judged, verdict.broken) == (0, ())
    assert {line.split(":")[0] for line in verdict.not_measured} == {
        "lyrics_false_rate", "class_false_rate", "register_gap", "area_ratio", "ordinary_flag_rate",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("lyrics_false_rate = 2", "bars.toml: lyrics_false_rate is missing or wrong"),
        ("no toml", "cannot be read as TOML"),
    ],
)
def test_bars_that_cannot_be_read_say_why(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "bars.toml").write_text(text, encoding="utf-8")
    with pytest.raises(BarsFileError, match=said):
        Bars.read(tmp_path / "bars.toml")
