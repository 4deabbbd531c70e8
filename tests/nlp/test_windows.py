"""A long text is read in windows that miss no character, and its answer is that of the window that tells most."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from nlp.encoder import Encoded
from nlp.heads import ACTIONABLE, FACTS, POST_OUTPUTS
from nlp.windows import PART, PART_MARGIN, WINDOW, Stretch, joined, parts, windows


@given(st.text(alphabet="ab .!?\n", max_size=3000))
def test_windows_cover_every_character_and_none_is_too_long(text: str) -> None:
    made = windows(text)
    assert {at for start, end in made for at in range(start, end)} == set(range(len(text)))
    assert all(end - start <= WINDOW for start, end in made)
    assert made == sorted(made)
    assert len(made) <= 1 + len(text) // (WINDOW // 4)


def test_a_text_of_one_window_is_read_as_it_is() -> None:
    assert windows("kom morgen naar het plein") == [(0, 25)]


def test_a_sentence_on_the_edge_of_a_window_stands_whole_in_another() -> None:
    text = " ".join(f"Dit is zin nummer {number:03d} van het verhaal." for number in range(60))
    made = windows(text)
    for number in range(60):
        start = text.index(f"Dit is zin nummer {number:03d}")
        assert any(begin <= start and start + 37 <= end for begin, end in made)


def encoded(logit: float, facts: float, spans: tuple[tuple[int, int], ...]) -> Encoded:
    post = np.zeros(POST_OUTPUTS, np.float32)
    post[ACTIONABLE] = logit
    return Encoded(post, np.full((len(spans), len(FACTS)), facts, np.float32), spans)


def test_the_gravest_window_speaks_for_the_post_and_every_token_keeps_its_highest_fact() -> None:
    made = joined([
        (Stretch(0, 20), encoded(-3.0, 1.0, ((0, 0), (0, 9), (10, 20), (0, 0)))),
        (Stretch(10, 30), encoded(2.0, 4.0, ((0, 0), (0, 10), (11, 20), (0, 0)))),
    ])  # fmt: skip
    assert made.post[ACTIONABLE] == 2.0
    assert made.spans == ((0, 9), (10, 20), (21, 30))
    assert made.facts[:, 0].tolist() == [1.0, 4.0, 4.0]


@given(st.text(alphabet="ab .!?\n", min_size=1, max_size=WINDOW))
def test_the_parts_of_a_window_cover_it_and_a_short_one_has_none(text: str) -> None:
    made = parts(f"kop. {text}", (5, 5 + len(text)))
    covered = {at for one in made for at in range(one.start, one.end)}
    assert covered == (set(range(5, 5 + len(text))) if len(text) > PART else set())
    assert all(one.part and one.end - one.start <= PART for one in made)


def test_a_part_must_be_surer_than_the_whole_by_a_margin() -> None:
    whole = (Stretch(0, 300), encoded(0.0, 1.0, ((0, 9),)))
    faint = (Stretch(0, 150, part=True), encoded(PART_MARGIN - 0.25, 1.0, ((0, 9),)))
    sure = (Stretch(0, 150, part=True), encoded(PART_MARGIN + 0.5, 1.0, ((0, 9),)))
    assert joined([whole, faint]).post[ACTIONABLE] == 0.0
    assert joined([whole, sure]).post[ACTIONABLE] == 0.5
