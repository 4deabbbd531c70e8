"""The figures of an evaluation: their names, their intervals, and what is matched with what."""

from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from nlp.evaluate.intervals import average_precision, bootstrap, calibration_error, wilson
from nlp.evaluate.report import report
from nlp.labelled import FactsRow, LabelledPlace, LabelledPost
from nlp.places.gazetteer import load
from signals.analysis import Analysis, Facts, Versions
from signals.label import Category, Genre, Lang, Level
from signals.place import Mention, PlaceKind

NOW = datetime(2026, 3, 12, 13, 5, tzinfo=ZoneInfo("Europe/Amsterdam"))
FIELDS = {
    "rows", "precision", "recall", "f1", "average_precision", "brier", "ece", "threshold", "reference_share",
    "false_rate_by_genre", "recall_by_category", "by_lang", "category_macro_f1", "imminent_f1", "places_precision",
    "places_recall", "places_f1", "places_linked_f1", "facts_f1", "level_macro_f1", "posts_per_second",
}  # fmt: skip
TEXT = "morgen vechten bij station Krommenie-Assendelft"


def post(number: int, *, actionable: bool) -> LabelledPost:
    return LabelledPost(
        id=f"p{number}",
        text=TEXT if actionable else "lekker weer vandaag",
        actionable=actionable,
        category=Category.CONFRONTATION if actionable else Category.NONE,
        imminent=actionable,
        genre=Genre.CHAT if actionable else Genre.EVERYDAY,
        lang=Lang.NL,
        posted_at=NOW,
        places=(LabelledPlace(text="Krommenie-Assendelft", kind=PlaceKind.STATION, name="Krommenie-Assendelft"),)
        if actionable
        else (),
    )


def analysis(*, flagged: bool, start: int = 27) -> Analysis:
    mention = Mention(
        text=TEXT[start:], start=start, end=len(TEXT), kind=PlaceKind.STATION, id="ns:KMA", name="Krommenie-Assendelft"
    )
    return Analysis(
        flagged=flagged,
        score=0.9 if flagged else 0.1,
        category=Category.CONFRONTATION if flagged else Category.NONE,
        imminent=flagged,
        genre=Genre.CHAT,
        lang=Lang.NL,
        level=Level.ACUUT if flagged else Level.UITING,
        facts=Facts(time=((0, 6),)) if flagged else Facts(),
        places=(mention,) if flagged else (),
        reasons=(),
        window=None,
        versions=Versions(model="m", terms="t", settings="s"),
    )


def measured(posts: list[LabelledPost], found: list[Analysis], facts: dict[str, FactsRow]) -> dict[str, object]:
    return report(posts, found, facts, load(), threshold=0.5, seconds=2.0)


def test_a_perfect_answer_scores_one_everywhere() -> None:
    posts = [post(i, actionable=i % 3 == 0) for i in range(30)]
    found = [analysis(flagged=p.actionable) for p in posts]
    facts = {p.id: FactsRow(id=p.id, facts={"time": ("morgen",)}, level=Level.ACUUT) for p in posts if p.actionable}
    made = measured(posts, found, facts)
    assert set(made) == FIELDS
    for name in ("precision", "recall", "f1", "average_precision", "places_f1", "places_linked_f1", "imminent_f1"):
        value = made[name]
        assert isinstance(value, dict)
        assert value["value"] == 1.0
        assert value["low"] <= value["value"] <= value["high"]
    assert made["posts_per_second"] == 15.0


def test_a_place_that_begins_three_characters_off_is_not_found() -> None:
    posts = [post(0, actionable=True)]
    near = measured(posts, [analysis(flagged=True, start=25)], {})["places_recall"]
    far = measured(posts, [analysis(flagged=True, start=24)], {})["places_recall"]
    assert isinstance(near, dict)
    assert isinstance(far, dict)
    assert (near["value"], far["value"]) == (1.0, 0.0)


def test_what_cannot_be_measured_is_null() -> None:
    made = measured([post(0, actionable=False)], [analysis(flagged=False)], {})
    assert made["recall"] is None
    assert made["precision"] is None
    assert made["level_macro_f1"] is None


def test_wilson_of_no_hit_among_ten_still_leaves_room_for_doubt() -> None:
    found = wilson(0, 10)
    assert found is not None
    assert (found["value"], found["low"]) == (0.0, 0.0)
    assert found["high"] == pytest.approx(0.2775, abs=1e-3)


def test_average_precision_counts_rows_of_one_score_as_one_step() -> None:
    labels = np.array([True, False, True, False])
    assert average_precision(labels, np.array([0.5, 0.5, 0.5, 0.5])) == 0.5
    assert average_precision(labels, np.array([0.9, 0.1, 0.8, 0.2])) == 1.0


def test_a_calibrated_score_has_no_calibration_error() -> None:
    labels = np.array([True] * 5 + [False] * 5)
    assert calibration_error(labels, np.full(10, 0.5), bins=1) == 0.0


def test_the_same_rows_give_the_same_interval() -> None:
    assert bootstrap(20, lambda rows: float(rows.mean())) == bootstrap(20, lambda rows: float(rows.mean()))
