"""Whatever is written: offsets point into the text, nothing crashes, and time grows with the length only."""

from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.normalise import normalise
from nlp.places.linker import shipped

NAMES = (
    "Zaandam",
    "#MetisLyceum",
    "020",
    "De Dam",
    "h*rderwijk",
    "station Krommenie-Assendelft",
    "Noord",
    "zaanlnads lyceum",
)
ODD = (
    "#",
    "\u200b",
    "\u202e",
    "\u0301",
    "👩🏽‍🎓",
    "\n",
    " ",
    "-",
    "’",
    "İ",
    "ß",
    "ﬁ",
    "١٢٣",
    "مدرسة",
    "@",
    "*",
    "_",
    ".",
)
PIECES = st.lists(st.sampled_from(NAMES + ODD) | st.text(max_size=6), max_size=24).map("".join)


@given(PIECES)
@settings(max_examples=300, deadline=None)
def test_every_place_is_a_slice_of_the_text_as_it_was_given(text: str) -> None:
    clean = normalise(text)
    links = shipped().link(clean.text)
    last = 0
    for place in links.found:
        assert 0 <= place.start < place.end <= len(clean.text)
        assert place.start >= last, "places follow one another and do not overlap"
        last = place.end
        start, end = clean.original(place.start, place.end)
        assert 0 <= start < end <= len(text)
    for lost in links.lost:
        assert lost.why
        assert 0 <= lost.start < lost.end <= len(clean.text)


@given(st.sampled_from(NAMES), st.text(alphabet=" !?\n🔥\u200f\u202e", min_size=1, max_size=5))
def test_a_name_between_signs_is_found_where_it_stands(name: str, sign: str) -> None:
    text = f"kom naar {name}{sign}x"
    clean = normalise(text)
    spans = [clean.original(place.start, place.end) for place in shipped().link(clean.text).found]
    at = text.index(name)
    assert all(start >= at - len("naar ") for start, _ in spans)


@pytest.mark.parametrize(
    "piece",
    [
        "#",
        "ede ",
        "zaandam",
        "Zaandam ",
        "de dam ",
        "020 ",
        "a-",
        "'",
        "😀",
        "\u202eזaandam ",
        "h*",
        "Straat ",
        "x@",
        "sg ",
    ],
    ids=ascii,
)
def test_time_grows_with_the_length_and_no_faster(piece: str) -> None:
    def seconds(size: int) -> float:
        text = piece * (size // len(piece))
        began = process_time()
        shipped().link(text)
        return process_time() - began

    seconds(5_000)
    short, long = min(seconds(20_000) for _ in range(3)), seconds(160_000)
    assert long < 8 * 4 * max(short, 0.005)


def test_five_megabytes_of_hash_signs_and_a_hundred_thousand_emoji_hold_no_place() -> None:
    assert shipped().link("#" * 5_000_000).found == []
    assert shipped().link("🔪😂" * 50_000).found == []
    mixed = "שלום Zaandam مرحبا \u202e" * 2000
    assert [place.name for place in shipped().link(mixed).found] == ["Zaandam"]
