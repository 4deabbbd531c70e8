"""Explaining on demand: what was undone, what weighed, and a change that truly un-flags, within bounded runs."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nlp import default_settings
from nlp.analyse import MODELS, Analyser, Text
from nlp.explain import MOST_RUNS, Explanation, explain, left_out
from nlp.normalise import Disguise
from signals.settings_version import DetectionSettings

NOW = datetime(2026, 3, 12, 13, 5, tzinfo=ZoneInfo("Europe/Amsterdam"))
FLAGGED = [
    "vanmiddag 16:00 station Krommenie-Assendelft, neem je mensen mee en trek donker aan, we gaan ze pakken",
    "morgen na school steek ik je neer bij roc zuidoost, je bent gewaarschuwd",
    "@naam.x1 ik neem morgen een m*s mee naar school en dan ben jij aan de beurt, 3e uur",
]


@pytest.fixture(scope="module")
def analyser() -> Analyser:
    if not (MODELS / "model.onnx").is_file():
        pytest.skip("the model is not in nlp/models/detector: make one with 'seinpost train'")
    return Analyser.load()


def flagging(analyser: Analyser, text: str) -> DetectionSettings:
    """Settings that flag the text, with a threshold at half of its score: whichever model is shipped."""
    shut = DetectionSettings(threshold=1.0, gate_threshold=0.0)
    return shut.model_copy(update={"threshold": analyser.verdicts([Text(text, NOW)], shut)[0].score / 2})


def explained(analyser: Analyser, text: str, live: DetectionSettings | None = None) -> Explanation:
    live = live or default_settings()
    [analysis] = analyser.analyse([Text(text, NOW)], live)
    return explain(analyser, Text(text, NOW), live, analysis)


@pytest.mark.parametrize("text", FLAGGED)
def test_leaving_the_nearest_change_out_truly_unflags(analyser: Analyser, text: str) -> None:
    live = flagging(analyser, text)
    nearest = explained(analyser, text, live).nearest
    assert nearest is not None or text != FLAGGED[0]
    [before, after] = analyser.analyse([Text(text, NOW), Text(left_out(text, nearest or ()), NOW)], live)
    assert before.flagged
    assert after.flagged == (nearest is None)


@pytest.mark.parametrize("text", FLAGGED)
def test_every_weight_is_a_share_of_a_stretch_of_the_text(analyser: Analyser, text: str) -> None:
    made = explained(analyser, text, flagging(analyser, text))
    assert made.weights
    for weight in made.weights:
        assert 0 <= weight.start < weight.end <= len(text)
        assert 0 <= weight.share <= 1


def test_what_was_undone_is_told_at_its_place_in_the_given_text(analyser: Analyser) -> None:
    text = FLAGGED[2]
    assert [(text[one.start : one.end], one.what) for one in explained(analyser, text).undone] == [
        ("m*s", Disguise.STARRED)
    ]


def test_what_is_not_flagged_needs_no_change_and_no_runs(analyser: Analyser) -> None:
    made = explained(analyser, "lekker gegeten vanavond met de hele familie")
    assert (made.nearest, made.weights, made.runs) == ((), (), 0)


def test_a_text_that_nothing_unflags_says_so_within_the_bound(analyser: Analyser) -> None:
    everything = DetectionSettings(threshold=0.0, gate_threshold=0.0)
    made = explained(analyser, "een, twee, drie, vier, vijf, zes, zeven, acht, negen, tien, elf, twaalf", everything)
    assert made.nearest is None
    assert made.runs <= MOST_RUNS


@settings(deadline=None, max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(alphabet="abc mes.,!@🔪\n", max_size=120))
def test_any_text_is_explained_within_the_bound(analyser: Analyser, text: str) -> None:
    made = explained(analyser, text, DetectionSettings(threshold=0.3, gate_threshold=0.0))
    assert made.runs <= MOST_RUNS
    assert all(0 <= one.start < one.end <= len(text) for one in made.undone)


def test_a_verdict_is_the_one_that_analyse_gives(analyser: Analyser) -> None:
    texts = [Text(text, NOW) for text in (*FLAGGED, "ajax wint met 3-0", "nieuwe track vrijdag uit")]
    verdicts = analyser.verdicts(texts, default_settings())
    analyses = analyser.analyse(texts, default_settings())
    assert [(one.flagged, one.score) for one in verdicts] == [(one.flagged, one.score) for one in analyses]
