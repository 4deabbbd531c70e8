"""Whatever bytes come in, the cascade answers: no crash, offsets inside the text, and time in step with length."""

from time import process_time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.encoder import Encoded
from nlp.facts import find_facts
from nlp.heads import FACTS, POST_OUTPUTS
from signals.analysis import Analysis, Fact
from signals.label import Category
from signals.post import MAX_TEXT
from tests.nlp.measuring import analysed, shipped
from tests.nlp.robustness.evasion import rewrites

SIGNAL = "Morgen na school fittie achter de gymzaal van het Tulpencollege, neem een mes mee"
MOST_SECONDS = 8.0
"""Of processor time for a post of the greatest length, on a slow machine under load; the slowest took about 1."""
CODECS = ["utf-8", "latin-1", "cp1252", "utf-16", "utf-7"]
PIECES = st.sampled_from(
    [SIGNAL, "mes", "#", "@", "\u200b", "\u202e", "\u0301", "🔪", "👩🏽‍🎓", "\ud800", "\x00", "12:30", "ﷺ"]
)
ENDLESS = {
    "one letter": "a",
    "spaced letters": "m ",
    "dotted letters": "m.",
    "invisible characters": "m\u200b",
    "accents on one letter": "\u0301",
    "struck letters": "m\u0336",
    "asterisks": "m*s ",
    "brackets": "[",
    "hashtags": "#mes",
    "mentions": "@a ",
    "emoji": "🔪",
    "flags": "🇳🇱",
    "joined emoji": "👩\u200d",
    "digits": "1",
    "times": "12:30 ",
    "telephone numbers": "06 12345678 ",
    "links": "http://",
    "mail addresses": "a@a.",
    "places": "Amsterdam Zuidoost ",
    "signals": f"{SIGNAL}. ",
    "letters that unfold": "\ufdfa",
    "right to left": "\u202eמ",
    "blank lines": "\n",
    "nothing": "\x00",
    "half characters": "\ud800",
}


def sane(text: str, found: Analysis) -> None:
    """Every offset lies inside the text, and every mention is a slice of it."""
    assert 0 <= found.score <= 1
    spans = [span for fact in Fact for span in found.facts.spans(fact)]
    spans += [(place.start, place.end) for place in found.places]
    spans += [(reason.start, reason.end) for reason in found.reasons]
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert all(text[place.start : place.end] == place.text for place in found.places)


def seconds(text: str) -> float:
    before = process_time()
    sane(text, analysed([text])[0])
    return process_time() - before


@pytest.fixture(scope="module", autouse=True)
def loaded() -> None:
    """Loading is not what is timed here."""
    shipped()
    analysed([SIGNAL])


@pytest.mark.parametrize("codec", CODECS)
@given(st.binary(max_size=400))
@settings(max_examples=40, deadline=None)
def test_any_bytes_read_in_any_way_are_analysed(codec: str, given_bytes: bytes) -> None:
    text = given_bytes.decode(codec, errors="replace")
    sane(text, analysed([text])[0])


@given(st.binary(max_size=400))
@settings(max_examples=40, deadline=None)
def test_bytes_that_could_not_be_read_are_analysed(given_bytes: bytes) -> None:
    text = given_bytes.decode("utf-8", errors="surrogateescape")
    sane(text, analysed([text])[0])


@given(st.lists(PIECES | st.text(max_size=8), max_size=20).map("".join))
@settings(max_examples=80, deadline=None)
def test_a_signal_among_any_pieces_is_analysed(text: str) -> None:
    sane(text, analysed([text])[0])


def test_a_blank_at_the_end_that_the_encoder_marks_is_no_fact_and_no_crash() -> None:
    text = "die avonden "
    weights = np.full((3, len(FACTS)), -9, np.float32)
    weights[-1] = 9
    encoded = Encoded(np.zeros(POST_OUTPUTS, np.float32), weights, ((0, 3), (4, 11), (11, 12)))
    assert not any(find_facts(text, encoded, Category.THREAT, (), (), [0.0] * len(FACTS)).values())


def test_every_rewrite_of_a_signal_is_analysed_inside_its_text() -> None:
    texts = [rewritten for _, rewritten in rewrites(SIGNAL)]
    for text, found in zip(texts, analysed(texts), strict=True):
        sane(text, found)


@pytest.mark.parametrize("name", ENDLESS)
def test_the_longest_post_of_anything_is_analysed_in_bounded_time(name: str) -> None:
    piece = ENDLESS[name]
    whole = (piece * (MAX_TEXT // len(piece) + 1))[:MAX_TEXT]
    quarter, four_quarters = seconds(whole[: MAX_TEXT // 4]), seconds(whole)
    print(f"\n{name}: {quarter:.2f} s for {MAX_TEXT // 4} characters, {four_quarters:.2f} s for {MAX_TEXT}", end="")
    assert four_quarters < MOST_SECONDS
    assert four_quarters < 8 * quarter + 0.5, "time grows in step with length, not with its square"
