"""Comparing two models: what is gained, what is lost, and which rows, by id."""

import json

import pytest

from nlp.evaluate.compare import compare
from tests.nlp.evaluate.invented import post, rows

POSTS = [post("signal-1", actionable=True), post("signal-2", actionable=True), post("calm-1"), post("calm-2")]


def test_a_model_beside_itself_changes_nothing() -> None:
    flags = [True, False, False, True]
    made = compare(rows(POSTS, flags), rows(POSTS, flags))
    assert isinstance(made["changed"], dict)
    assert not any(made["changed"].values())
    assert isinstance(made["figures"], dict)
    for name in ("precision", "recall", "f1", "brier"):
        assert made["figures"][name]["difference"]["value"] == 0


def test_gains_and_losses_are_told_apart_and_named_by_id() -> None:
    made = compare(rows(POSTS, [True, False, True, False]), rows(POSTS, [False, True, False, True]))
    assert made["changed"] == {
        "signals_gained": ["signal-1"],
        "false_flags_new": ["calm-1"],
        "false_flags_gone": ["calm-2"],
        "signals_lost": ["signal-2"],
        "other_category": [],
        "other_level": [],
        "other_imminent": [],
    }
    assert "lekker weer" not in json.dumps(made)


def test_the_difference_is_this_less_the_other() -> None:
    made = compare(rows(POSTS, [True, True, False, False]), rows(POSTS, [True, False, False, True]))
    assert isinstance(made["figures"], dict)
    assert made["figures"]["recall"]["difference"]["value"] == 0.5
    assert made["figures"]["false_rate"]["difference"]["value"] == -0.5
    assert (made["figures"]["recall"]["this"], made["figures"]["recall"]["other"]) == (1.0, 0.5)


def test_other_rows_cannot_be_compared() -> None:
    with pytest.raises(ValueError, match="same rows"):
        compare(rows(POSTS, [True] * 4), rows(POSTS[::-1], [True] * 4))
