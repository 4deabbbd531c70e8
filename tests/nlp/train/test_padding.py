"""Posts among innocent sentences for training: labels and fact marks stay with their words, a window is the bound."""

import random

from nlp.heads import FACTS
from nlp.train.padding import padded
from nlp.train.rows import UNKNOWN, Row
from nlp.windows import WINDOW

TEXT = "morgen om 3 uur pakken we hem bij de poort"
INNOCENT = ["Wat een mooie dag", "de trein had weer vertraging!", "iemand nog taart?"]
MARKS = tuple(bytes([1]) * len(TEXT) for _ in FACTS)


def row(facts: tuple[bytes, ...] | None = MARKS) -> Row:
    return Row("x", TEXT, "x", 1, 0, 1, 2, facts, ordinary=False)


def test_the_words_of_a_post_keep_their_marks_wherever_they_stand() -> None:
    chance = random.Random(3)
    made = [padded(row(), INNOCENT, chance) for _ in range(200)]
    assert {one.text.startswith(TEXT) for one in made} == {True, False}
    for one in made:
        assert one.facts is not None
        assert all(len(line) == len(one.text) for line in one.facts)
        marked = "".join(c for c, mark in zip(one.text, one.facts[0], strict=True) if mark)
        assert marked == TEXT


def test_the_label_stays_and_the_genre_is_no_longer_known() -> None:
    made = padded(row(None), INNOCENT, random.Random(1))
    assert (made.actionable, made.category, made.imminent, made.genre, made.facts) == (1, 0, 1, UNKNOWN, None)


def test_a_padded_post_fits_in_one_window_and_a_post_without_room_stays() -> None:
    chance = random.Random(4)
    assert all(len(padded(row(), INNOCENT, chance).text) <= WINDOW for _ in range(300))
    full = Row("x", "a" * WINDOW, "x", 0, 0, 0, 0, None, ordinary=True)
    assert padded(full, INNOCENT, chance) is full
