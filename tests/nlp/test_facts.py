"""The five facts: what words alone say, and how that is weighed against the encoder's tokens."""

from datetime import datetime
from time import process_time
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.encoder import Encoded
from nlp.fact_clues import clues
from nlp.facts import find_facts
from nlp.heads import FACTS, POST_OUTPUTS
from nlp.normalise import fold
from nlp.places import linker
from nlp.times import find_times
from signals.analysis import Fact
from signals.label import Category

NOW = datetime(2026, 3, 12, 13, 5, tzinfo=ZoneInfo("Europe/Amsterdam"))
SILENT, LOUD = -20.0, 8.0
NO_CUTS = (0.0,) * len(FACTS)


def told(text: str, category: Category, fact: Fact, *, sure: bool = True) -> list[str]:
    found = clues(fold(text), category, linker.shipped().link(text).found, find_times(fold(text), NOW))
    return [text[clue.start : clue.end] for clue in found[fact] if clue.sure is sure]


def encoded(text: str, marked: dict[Fact, str], otherwise: float) -> Encoded:
    """One token a word; the words of the marked stretches speak loudly for their fact."""
    spans, at = [], 0
    for word in text.split():
        start = text.index(word, at)
        at = start + len(word)
        spans.append((start, at))
    facts = np.full((len(spans), len(FACTS)), otherwise, np.float32)
    for fact, stretch in marked.items():
        begin = text.index(stretch)
        for line, (start, end) in enumerate(spans):
            if start < begin + len(stretch) and begin < end:
                facts[line, FACTS.index(fact)] = LOUD
    return Encoded(np.zeros(POST_OUTPUTS, np.float32), facts, tuple(spans))


def facts(text: str, category: Category, marked: dict[Fact, str], otherwise: float = SILENT) -> dict[Fact, list[str]]:
    found = find_facts(
        text, encoded(text, marked, otherwise), category, linker.shipped().link(text).found, find_times(text, NOW),
        NO_CUTS,
    )  # fmt: skip
    return {fact: [text[start:end] for start, end in spans] for fact, spans in found.items()}


@pytest.mark.parametrize(
    ("text", "category", "fact", "stretch"),
    [
        ("runners gezocht in de buurt", Category.RECRUITMENT, Fact.CALL, "runners gezocht"),
        ("neem je boys mee", Category.CONFRONTATION, Fact.CALL, "neem je boys mee"),
        ("kom naar het plein", Category.CONFRONTATION, Fact.CALL, "kom naar het plein"),
        ("trek donker aan", Category.CONFRONTATION, Fact.CALL, "trek donker aan"),
        ("nieuwe voorraad, dm voor prijs", Category.DRUGS, Fact.CALL, "dm voor prijs"),
        ("wie heeft die beelden", Category.SEXUAL, Fact.CALL, "wie heeft die beelden"),
        ("hij heeft een groot mes", Category.WEAPON, Fact.MEANS, "een groot mes"),
        ("betaal 50 euro", Category.EXTORTION, Fact.MEANS, "50 euro"),
        ("ik zet je foto's online", Category.SEXUAL, Fact.MEANS, "je foto's"),
        ("10 tegen 10", Category.CONFRONTATION, Fact.MEANS, "10 tegen 10"),
        ("die jongens van 4b", Category.THREAT, Fact.TARGET, "die jongens van 4b"),
        ("[@] jij bent de volgende", Category.THREAT, Fact.TARGET, "[@]"),
        ("ze staan achter de gymzaal", Category.CONFRONTATION, Fact.PLACE, "achter de gymzaal"),
        ("op station Zaandam", Category.CONFRONTATION, Fact.PLACE, "op station Zaandam"),
        ("morgen om 15:00", Category.CONFRONTATION, Fact.TIME, "morgen om 15:00"),
    ],
)
def test_words_alone_tell_a_fact(text: str, category: Category, fact: Fact, stretch: str) -> None:
    assert stretch in told(text, category, fact)


def test_what_is_for_sale_has_a_price_that_is_no_means() -> None:
    assert told("gram voor 20 euro", Category.DRUGS, Fact.MEANS) == []


def test_a_relative_or_a_pronoun_is_only_half_a_clue() -> None:
    assert told("mijn zoon werd gebeld", Category.THREAT, Fact.TARGET) == []
    assert "mijn zoon" in told("mijn zoon werd gebeld", Category.THREAT, Fact.TARGET, sure=False)


def test_where_a_group_comes_from_is_no_sure_place() -> None:
    assert told("die gasten uit Zaandam komen eraan", Category.CONFRONTATION, Fact.PLACE) == []


def test_a_loud_encoder_needs_no_clue() -> None:
    assert facts("bloemkool is aan de beurt", Category.THREAT, {Fact.TARGET: "bloemkool"})[Fact.TARGET] == ["bloemkool"]


def test_a_sure_clue_falls_silent_when_the_encoder_speaks_against_it() -> None:
    text = "neem je boys mee"
    assert facts(text, Category.CONFRONTATION, {})[Fact.CALL] == []
    assert facts(text, Category.CONFRONTATION, {}, otherwise=-1.0)[Fact.CALL] == [text]


def test_a_named_time_needs_no_agreement() -> None:
    assert facts("morgen om 15:00 bij ons", Category.CONFRONTATION, {})[Fact.TIME] == ["morgen om 15:00"]


def test_small_words_alone_are_no_fact() -> None:
    assert facts("onder de", Category.THREAT, {Fact.PLACE: "onder de"})[Fact.PLACE] == []


def test_a_faint_word_does_not_break_a_span_but_the_end_of_a_sentence_does() -> None:
    text = "bloemkool of broccoli . spruitjes"
    given = encoded(text, {Fact.TARGET: text}, -1.0)
    given.facts[[1, 3], FACTS.index(Fact.TARGET)] = -1.0
    found = find_facts(text, given, Category.THREAT, (), (), NO_CUTS)[Fact.TARGET]
    assert [text[start:end] for start, end in found] == ["bloemkool of broccoli", "spruitjes"]


@given(st.text(alphabet="abc deiknmorst.,!?/@[]'€0123456789\n", max_size=200), st.sampled_from(list(Category)))
def test_clues_lie_inside_the_text_in_order_and_apart(text: str, category: Category) -> None:
    for found in clues(fold(text), category, (), ()).values():
        last = 0
        for clue in found:
            assert last <= clue.start < clue.end <= len(text)
            last = clue.end


@pytest.mark.parametrize(
    "unit", ["a/", "wie heeft ", "een de ", "1 ", "\u20ac1", "bij de ", "zoek snelle ", "die van "]
)
def test_clues_of_long_odd_texts_take_bounded_time(unit: str) -> None:
    began = process_time()
    clues(unit * 20_000, Category.EXTORTION, (), ())
    assert process_time() - began < 2
