"""Measured figures on the development corpus, which lies beside the project, as floors a little below."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from nlp import default_settings
from nlp.analyse import MODELS, Analyser, Text
from nlp.evaluate.report import report
from nlp.labelled import read_labelled
from nlp.places import gazetteer

CORPUS = Path(__file__).parents[3] / "shared" / "corpus"
FLOORS = {
    "average_precision": 0.945,
    "precision": 0.90,
    "recall": 0.79,
    "places_precision": 0.95,
    "places_recall": 0.91,
}
PLACES_LINKED = 0.90
MISSED = {"places_recall": (0.95, "measured 0.925"), "imminent_f1": (0.92, "measured 0.846")}
"""Bars of the places issue that are not reached, and what was measured; docs/measurements.md says what was tried."""


@pytest.fixture(scope="module")
def figures() -> dict[str, object]:
    if not (CORPUS / "dev.jsonl").is_file() or not (MODELS / "model.onnx").is_file():
        pytest.skip("the development corpus or the model is not here")
    posts, facts = read_labelled([CORPUS / "dev.jsonl", CORPUS / "facts_dev_reader_a.jsonl"])
    texts = [Text(post.text, post.moment(datetime(2026, 1, 1, tzinfo=UTC))) for post in posts]
    live = default_settings()
    analyses = Analyser.load().analyse(texts, live)
    return report(posts, analyses, facts, gazetteer.load(), threshold=live.threshold, seconds=1.0)


@pytest.mark.parametrize("name", FLOORS)
def test_a_figure_stays_above_its_floor(figures: dict[str, object], name: str) -> None:
    found = figures[name]
    assert isinstance(found, dict)
    assert found["value"] >= FLOORS[name]


def test_places_are_linked_to_the_right_entry(figures: dict[str, object]) -> None:
    found = figures["places_linked_f1"]
    assert isinstance(found, dict)
    assert found["value"] >= PLACES_LINKED


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=pytest.mark.xfail(strict=True, reason=why)) for name, (_, why) in MISSED.items()]
)
def test_a_bar_that_is_not_reached_yet(figures: dict[str, object], name: str) -> None:
    found = figures[name]
    assert isinstance(found, dict)
    assert found["value"] >= MISSED[name][0]


def test_at_most_one_harmless_lyric_in_thirty_is_flagged(figures: dict[str, object]) -> None:
    by_genre = figures["false_rate_by_genre"]
    assert isinstance(by_genre, dict)
    assert by_genre["lyric"]["value"] <= 1 / 30
