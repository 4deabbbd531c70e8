"""Figures per kind of post, and figures that do not hang on the order of the file."""

import numpy as np
import pytest

from nlp.evaluate.details import details
from nlp.evaluate.groups import class_of
from nlp.evaluate.intervals import calibration_error
from nlp.evaluate.rows import rows_of
from nlp.places.gazetteer import load
from signals.label import Genre
from tests.nlp.evaluate.invented import answer, post


@pytest.mark.parametrize(
    ("note", "name"), [("[satire] a poster", "satire"), ("[pair 012]", ""), ("rough [protest]", ""), ("", "")]
)
def test_the_class_is_the_word_in_brackets_that_opens_the_note(note: str, name: str) -> None:
    assert class_of(post("p", note=note)) == name


def test_every_kind_of_post_has_its_own_recall_and_false_rate() -> None:
    posts = [
        post("a", actionable=True, platform="telegram"),
        post("b", platform="youtube", genre=Genre.LYRIC, note="[lyrics] hook"),
        post("c", platform="youtube", genre=Genre.LYRIC, note="[lyrics] hook"),
    ]
    found = [answer(flagged=True), answer(flagged=True), answer(flagged=False)]
    made = details(rows_of(posts, found, {}, load()), load())
    assert made.by_source["telegram"].recall == {"value": 1.0, "low": pytest.approx(0.2065, abs=1e-4), "high": 1.0}
    assert made.by_source["youtube"].recall is None
    for group in (made.by_source["youtube"], made.by_genre["lyric"], made.by_class["lyrics"]):
        assert group.rows == 2
        assert group.false_rate is not None
        assert group.false_rate["value"] == 0.5
    assert made.by_category["threat"].precision is not None
    assert made.by_category["threat"].precision["value"] == 0.5
    assert set(made.plain()) >= {"by_category", "by_genre", "by_lang", "by_source", "by_class", "reliability"}


def test_imminent_is_told_among_signals_and_over_all_rows() -> None:
    posts = [post("a", actionable=True), post("b"), post("c")]
    found = [answer(flagged=True), answer(flagged=True), answer(flagged=False)]
    made = details(rows_of(posts, found, {}, load()), load()).imminent_f1
    assert made["among_actionable"] is not None
    assert made["all_rows"] is not None
    assert made["among_actionable"]["value"] == 1.0
    assert made["all_rows"]["value"] == pytest.approx(2 / 3, abs=1e-4)


def test_the_order_of_the_file_moves_no_calibration_error() -> None:
    labels, scores = np.array([True] * 6 + [False] * 34), np.full(40, 0.15)
    assert calibration_error(labels, scores) == pytest.approx(0.0)
    assert calibration_error(labels[::-1], scores) == pytest.approx(0.0)
