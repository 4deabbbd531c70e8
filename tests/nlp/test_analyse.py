"""What analyse promises for every text: slices that fit, silence about what is not flagged, always an answer."""

from collections.abc import Sequence
from datetime import datetime
from time import process_time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nlp import default_settings
from nlp.analyse import MODELS, Analyser, Text
from signals.analysis import Analysis, Fact
from signals.label import Category, Level
from signals.settings_version import DetectionSettings, TeamTerm

NOW = datetime(2026, 3, 12, 13, 5, tzinfo=ZoneInfo("Europe/Amsterdam"))
CALLS = [
    "vanmiddag 16:00 station Krommenie-Assendelft, neem je mensen mee en trek donker aan, we gaan ze pakken",
    "morgen na school steek ik je neer bij roc zuidoost, je bent gewaarschuwd",
    "@naam.x1 ik neem morgen een mes mee naar school en dan ben jij aan de beurt, 3e uur",
]
HARMLESS = [
    "lekker gegeten vanavond met de hele familie",
    "morgen open dag op het Zaanlands Lyceum, kom gezellig langs!",
    "ajax wint met 3-0, 020 boven 010",
    "nieuwe track vrijdag uit, link in bio",
]
EVERYTHING_OPEN = DetectionSettings(threshold=0.0, gate_threshold=0.0)


@pytest.fixture(scope="module")
def analyser() -> Analyser:
    if not (MODELS / "model.onnx").is_file():
        pytest.skip("the model is not in nlp/models/detector: make one with 'seinpost train'")
    return Analyser.load()


def analyses(analyser: Analyser, texts: Sequence[str], live: DetectionSettings | None = None) -> list[Analysis]:
    return analyser.analyse([Text(text, NOW) for text in texts], live or default_settings())


def test_a_call_to_fight_with_a_time_and_a_place_is_flagged_as_acute(analyser: Analyser) -> None:
    found = analyses(analyser, CALLS)[0]
    assert found.flagged
    assert found.level is Level.ACUUT
    assert [place.id for place in found.places] == ["ns:KMA"]
    assert found.window is not None
    assert found.window.start.hour == 16
    assert found.reasons


def test_plain_harmless_posts_are_not_flagged(analyser: Analyser) -> None:
    assert not any(found.flagged for found in analyses(analyser, HARMLESS))


def test_what_is_not_flagged_names_no_harm(analyser: Analyser) -> None:
    for found in analyses(analyser, HARMLESS):
        assert (found.category, found.level, found.reasons) == (Category.NONE, Level.UITING, ())
        assert all(not found.facts.spans(fact) for fact in Fact)


def test_the_answer_does_not_depend_on_the_texts_beside_it(analyser: Analyser) -> None:
    together = analyses(analyser, CALLS + HARMLESS)
    assert together == [analyses(analyser, [text])[0] for text in CALLS + HARMLESS]
    assert together == analyses(analyser, (CALLS + HARMLESS)[::-1])[::-1]


def test_offsets_count_the_text_that_was_given_not_the_masked_one(analyser: Analyser) -> None:
    text = "@iemand.hier kijk https://voorbeeld.test/abc en kom naar station Krommenie-Assendelft"
    [place] = analyses(analyser, [text])[0].places
    assert text[place.start : place.end] == "station Krommenie-Assendelft"


def test_a_term_of_the_team_opens_the_gate_but_does_not_flag(analyser: Analyser) -> None:
    term = TeamTerm(term="bloemkoolsoep", category=Category.THREAT, meaning="codewoord")
    shut = DetectionSettings(threshold=0.99, gate_threshold=1.0)
    with_term = shut.model_copy(update={"team_terms": (term,)})
    closed, opened = (analyses(analyser, ["vanavond bloemkoolsoep"], live)[0] for live in (shut, with_term))
    assert closed.score != opened.score
    assert not opened.flagged
    assert closed.versions.settings != opened.versions.settings


@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(alphabet=st.characters(codec="utf-8"), max_size=160))
def test_any_text_gets_an_answer_whose_offsets_fit(analyser: Analyser, text: str) -> None:
    [found] = analyses(analyser, [text], EVERYTHING_OPEN)
    for place in found.places:
        assert text[place.start : place.end] == place.text
    for reason in found.reasons:
        assert 0 <= reason.start < reason.end <= len(text)
    for fact in Fact:
        assert all(0 <= start < end <= len(text) for start, end in found.facts.spans(fact))


@pytest.mark.parametrize("unit", ["#", "🔪", "a ", "\u202e", "@a ", "mes ", "\x00"])
def test_a_very_long_odd_text_gets_an_answer(analyser: Analyser, unit: str) -> None:
    began = process_time()
    assert len(analyses(analyser, [unit * 20_000])) == 1
    assert process_time() - began < 10
