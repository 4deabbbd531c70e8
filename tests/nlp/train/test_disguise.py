"""Disguised copies for training: other letters, the same masks, lengths that fit, the same with the same seed."""

import random

from nlp.heads import FACTS
from nlp.train.disguise import disguised
from nlp.train.rows import Row

TEXT = "[@] we staan zaterdag met vijftien man achter de gymzaal, [naam] komt niet meer thuis"


def row(*, actionable: bool) -> Row:
    return Row("x", TEXT, "x", int(actionable), 0, 0, 0, tuple(bytes(len(TEXT)) for _ in FACTS), ordinary=False)


def test_words_change_and_masks_do_not() -> None:
    chance = random.Random(2)
    made = [disguised(row(actionable=True), chance) for _ in range(200)]
    assert len({one.text for one in made}) > 40
    assert all("[@]" in one.text and "[naam]" in one.text for one in made)


def test_an_actionable_copy_teaches_no_facts_because_its_words_have_moved() -> None:
    assert disguised(row(actionable=True), random.Random(1)).facts is None


def test_a_harmless_copy_has_marks_of_its_own_length() -> None:
    made = disguised(row(actionable=False), random.Random(1))
    assert made.facts is not None
    assert {len(line) for line in made.facts} == {len(made.text)}


def test_the_same_seed_disguises_in_the_same_way() -> None:
    given = row(actionable=True)
    assert disguised(given, random.Random(9)) == disguised(given, random.Random(9))


def test_a_text_without_words_stays_as_it_is() -> None:
    empty = Row("x", "[@] 020 🔥", "x", 0, 0, 0, 0, None, ordinary=True)
    assert disguised(empty, random.Random(1)) is empty
