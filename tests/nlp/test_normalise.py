"""What normalisation undoes, and that every character of its text points back at the given one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.encoder_text import encoder_text
from nlp.normalise import fold, normalise


@pytest.mark.parametrize(
    ("given_text", "rewritten"),
    [
        ("m e s mee", "mes mee"),
        ("m.e.s", "mes"),
        ("sh4nk in b1ms", "shank in bims"),
        ("z@@ndam", "zaandam"),
        ("v3rkoop je p1ncode", "verkoop je pincode"),
        ("heeeel", "heel"),
        ("h\u200bal\u00adlo ｍｅｓ 𝗺𝗲𝘀", "hallo mes mes"),
        ("mеs", "mes"),
        ("🔪 mee", " mes  mee"),
    ],
)
def test_a_disguise_is_undone(given_text: str, rewritten: str) -> None:
    assert normalise(given_text).text == rewritten


@pytest.mark.parametrize(
    "plain", ["020 x11 6e uur 5a 2kb", "o.a. B.V. R.I.P.", "ik 8 het", "привет", "één café", "[@] [link]"]
)
def test_what_is_no_disguise_stays_as_it_is(plain: str) -> None:
    assert normalise(plain).text == plain


@given(st.text(alphabet=st.characters(), max_size=300))
def test_every_span_lies_inside_the_given_text_and_order_is_kept(text: str) -> None:
    made = normalise(text)
    assert len(made.starts) == len(made.ends) == len(made.text)
    last = 0
    for start, end in zip(made.starts, made.ends, strict=True):
        assert 0 <= start < end <= len(text)
        assert start >= last
        last = start


@given(st.text(max_size=200))
def test_the_encoder_text_maps_back_into_the_masked_text(text: str) -> None:
    made = encoder_text(text)
    if made.text:
        start, end = made.original(0, len(made.text))
        assert 0 <= start < end <= len(text)


@given(st.text(max_size=200))
def test_folding_keeps_the_length(text: str) -> None:
    assert len(fold(text)) == len(text)


@pytest.mark.parametrize("unit", ["#", "a ", "$a", "a.", "🔪", "4a", "e\u0301", "\u202ea"])
def test_long_odd_input_takes_bounded_time(unit: str) -> None:
    normalise(unit * 20_000)
