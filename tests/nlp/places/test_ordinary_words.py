"""Ordinary words that are also names stay words: 300 real sentences, kept beside the project, judged beforehand."""

import csv
import os
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import pytest

from nlp.normalise import normalise
from nlp.places.linker import shipped
from tests.nlp.places.ordinary_words import draw

HERE = Path(__file__).parent / "ordinary_words"
POSTS = Path(os.environ.get("SEINPOST_POSTS", Path(__file__).parents[4] / "shared" / "data" / "posts"))
MOST_FALSE = 3

Id = tuple[str, int, int]


@dataclass(frozen=True, slots=True)
class Span:
    """Characters [start, end) of a sentence."""

    start: int
    end: int
    sure: bool = True

    def half_in(self, start: int, end: int) -> bool:
        return 2 * (min(end, self.end) - max(start, self.start)) >= self.end - self.start


def rows(name: str) -> list[dict[str, str]]:
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def identifier(row: dict[str, str]) -> Id:
    return row["file"], int(row["line"]), int(row["sentence"])


VERDICTS = rows("verdicts.csv")
UNSURE = {identifier(row) for row in VERDICTS if row["verdict"] == "unsure"}
JUDGED = {identifier(row): row["digest"] for row in VERDICTS if identifier(row) not in UNSURE}


def true_places() -> dict[Id, list[Span]]:
    places: defaultdict[Id, list[Span]] = defaultdict(list)
    for row in rows("true_places.csv"):
        start = int(row["offset"])
        places[identifier(row)].append(Span(start, start + int(row["length"]), row["sure"] == "1"))
    return places


@pytest.fixture(scope="module")
def sentences() -> dict[Id, str]:
    files = [file for language in draw.FILES.values() for file in language]
    if not all((POSTS / file).is_file() for file in files):
        pytest.skip(f"the ordinary posts are not here: {POSTS}")
    every = (((s.file, s.line, s.number), s) for s in draw.read(POSTS, files))
    return {key: sentence.text for key, sentence in every if JUDGED.get(key) == sentence.digest}


def mentions(text: str) -> list[tuple[int, int]]:
    """What is found, but for places abroad: the verdicts list the Dutch ones only."""
    clean = normalise(text)
    found = [place for place in shipped().link(clean.text).found if not place.id.startswith("world:")]
    return [clean.original(place.start, place.end) for place in found]


def test_three_hundred_sentences_are_judged_and_no_text_is_kept() -> None:
    assert len(JUDGED) == 300
    assert sum("ordinary_en" in file for file, _, _ in JUDGED) == 100
    assert {row["verdict"] for row in VERDICTS} == {"place", "not_place", "unsure"}
    kept = {"file", "line", "sentence", "digest", "word", "offset", "drawn", "verdict", "length", "sure"}
    assert {column for row in VERDICTS + rows("true_places.csv") for column in row} <= kept


def test_the_posts_are_still_those_that_were_judged(sentences: dict[Id, str]) -> None:
    assert sentences.keys() == JUDGED.keys()
    judged = [row for row in VERDICTS if identifier(row) in JUDGED]
    moved = [
        row for row in judged if not sentences[identifier(row)][int(row["offset"]) :].lower().startswith(row["word"])
    ]
    assert moved == []


def test_the_draw_gives_the_same_sentences_again(sentences: dict[Id, str]) -> None:
    drawn: defaultdict[tuple[str, str], list[Id]] = defaultdict(list)
    for one in draw.order(POSTS):
        key = (one.sentence.file, one.sentence.line, one.sentence.number)
        if key not in UNSURE and len(drawn[one.group]) < draw.QUOTA[one.group]:
            drawn[one.group].append(key)
    assert {key for group in drawn.values() for key in group} == sentences.keys()


def test_at_most_three_mentions_in_three_hundred_sentences_are_false(sentences: dict[Id, str]) -> None:
    """The report names the word and the id, never the sentence, so that no rule is made from reading it."""
    places = true_places()
    false: list[str] = []
    there = reached = 0
    for key, text in sentences.items():
        found = mentions(text)
        for start, end in found:
            if not any(place.half_in(start, end) for place in places.get(key, [])):
                false.append(f"{text[start:end].lower()!r} in {key[0]}:{key[1]}:{key[2]}")
        sure = [place for place in places.get(key, []) if place.sure]
        there += len(sure)
        reached += sum(any(place.half_in(*span) for span in found) for place in sure)
    print(f"{len(false)} false mentions; {reached} of {there} true places found")
    assert len(false) <= MOST_FALSE, "\n".join(false)
