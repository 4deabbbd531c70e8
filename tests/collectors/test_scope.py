"""The scope of an order, as people write it."""

import pytest

from collectors.scope import ScopeGate
from signals.order import Scope
from signals.post import Source


def gate(**scope: tuple[str, ...]) -> ScopeGate:
    return ScopeGate(Scope(sources=(Source.BLUESKY_POST,), **scope))  # type: ignore[arg-type]


def test_naming_no_source_lets_in_none() -> None:
    assert not ScopeGate(Scope(sources=())).lets_in_source(Source.BLUESKY_POST)
    assert not gate().lets_in_source(Source.EXPORT)
    assert gate().lets_in_source(Source.BLUESKY_POST)


@pytest.mark.parametrize("text", ["Station KROMMENIE!", "krommenie-assendelft", "in 𝐊𝐫𝐨𝐦𝐦𝐞𝐧𝐢𝐞 vandaag"])
def test_a_place_matches_as_a_whole_word_without_case_or_marks(text: str) -> None:
    assert gate(places=("Krommenie",)).lets_in_text(text)


def test_a_word_inside_another_is_no_hit() -> None:
    assert not gate(places=("Oost",)).lets_in_text("Oostzaan is mooi")
    assert not gate(terms=("mes",)).lets_in_text("wat een mestvaalt")


def test_a_phrase_matches_across_spaces_and_marks() -> None:
    assert gate(terms=("koog aan de zaan",)).lets_in_text("Koog-aan-de-Zaan, 20:00")


def test_terms_and_hashtags_are_alternatives_and_places_narrow_them() -> None:
    both = gate(terms=("drill",), hashtags=("#075",), places=("zaandam",))
    assert both.lets_in_text("drill in zaandam")
    assert both.lets_in_text("zaandam #075")
    assert both.lets_in_text("zaandam", hashtags=("075",))
    assert not both.lets_in_text("drill in oostzaan")
    assert not both.lets_in_text("gewoon zaandam")


def test_a_language_hint_shuts_out_but_its_absence_does_not() -> None:
    dutch = gate(languages=("nl",))
    assert dutch.lets_in_language("nl-NL")
    assert dutch.lets_in_language(None)
    assert not dutch.lets_in_language("en")
