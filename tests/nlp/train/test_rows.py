"""Training rows: facts lie on the words they were marked on, and posts that belong together stay together."""

import random

import pytest

from nlp.heads import FACTS
from nlp.labelled import FactsRow, LabelledPost
from nlp.train.rows import Row, augmented, fold_of, labelled_rows
from signals.analysis import Fact
from signals.label import Category, Genre, Lang, Level

TEXT = "@invented.name morgen om 15:00 bij het hek, neem je m.e.s mee"
FOUND: dict[str, tuple[str, ...]] = {"time": ("morgen om 15:00",), "place": ("bij het hek",), "means": ("m.e.s",)}


POST = LabelledPost(
    id="x1",
    text=TEXT,
    actionable=True,
    category=Category.CONFRONTATION,
    imminent=True,
    genre=Genre.CHAT,
    lang=Lang.NL,
)
HARMLESS = {"id": "x2", "actionable": False, "category": Category.NONE, "imminent": False}


def post(**changed: object) -> LabelledPost:
    return POST.model_copy(update=changed)


def marked(row: Row, fact: Fact) -> str:
    assert row.facts is not None
    line = row.facts[FACTS.index(fact)]
    assert len(line) == len(row.text)
    return "".join(letter for letter, mark in zip(row.text, line, strict=True) if mark)


@pytest.mark.parametrize("beside", [True, False])
def test_facts_may_stand_in_the_post_or_in_a_file_beside_it(beside: bool) -> None:
    rows = {"x1": FactsRow(id="x1", facts=FOUND, level=Level.ACUUT)}
    [row] = labelled_rows([post()], rows) if beside else labelled_rows([post(facts=FOUND)], {})
    assert marked(row, Fact.TIME) == "morgen om 15:00"
    assert marked(row, Fact.PLACE) == "bij het hek"
    assert marked(row, Fact.TARGET) == ""


def test_a_disguised_word_carries_its_mark_to_what_it_was_read_as() -> None:
    [row] = labelled_rows([post(facts=FOUND)], {})
    assert "neem je mes mee" in row.text
    assert marked(row, Fact.MEANS) == "mes"


def test_an_actionable_post_that_nobody_marked_teaches_no_facts_and_a_harmless_one_has_none() -> None:
    unmarked, harmless = labelled_rows([post(), post(**HARMLESS)], {})
    assert unmarked.facts is None
    assert harmless.facts is not None
    assert not any(any(line) for line in harmless.facts)


def test_marks_move_with_their_words_when_mentions_come_and_go() -> None:
    [row] = labelled_rows([post(facts=FOUND)], {})
    chance = random.Random(4)
    made = [augmented(row, chance) for _ in range(60)]
    assert len({one.text for one in made}) == 3
    assert {marked(one, Fact.TIME) for one in made} == {"morgen om 15:00"}


@pytest.mark.parametrize("pair", ["012", "YA003"])
def test_a_marked_pair_is_one_group(pair: str) -> None:
    rows = labelled_rows([post(note=f"a plan [pair {pair}]"), post(id="x2", note=f"[pair {pair}] a game")], {})
    assert len({row.group for row in rows}) == 1
    assert len({fold_of(row.group, 10) for row in rows}) == 1
