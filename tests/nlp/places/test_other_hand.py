"""How well places are found in posts that another hand wrote and labelled; nobody tunes on `blind.jsonl`."""

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import pytest
from pydantic import AwareDatetime, TypeAdapter

from nlp.evaluate.matching import NEAR, same_place
from nlp.labelled import LabelledPlace
from nlp.normalise import normalise
from nlp.places.linker import shipped
from signals.frozen import Frozen
from signals.place import Mention

HERE = Path(__file__).parent / "other_hand"
BAR = 0.90


class Moment(Frozen):
    """A phrase that says when, and the interval a careful reader puts it in; without ends where nobody can say."""

    text: str
    past: bool
    start: AwareDatetime | None
    end: AwareDatetime | None


class Post(Frozen):
    """One post with its labels."""

    id: str
    lang: str
    platform: str
    posted_at: AwareDatetime
    text: str
    places: tuple[LabelledPlace, ...]
    times: tuple[Moment, ...] | None = None
    imminent_moment: bool
    note: str


@dataclass(frozen=True, slots=True)
class Figures:
    """Shares over a file."""

    precision: float
    recall: float
    linked_f1: float


_POST = TypeAdapter(Post)


@lru_cache
def posts(name: str) -> tuple[Post, ...]:
    lines = (HERE / f"{name}.jsonl").read_text("utf-8").splitlines()
    return tuple(_POST.validate_json(line) for line in lines)


def labelled_spans(post: Post) -> list[tuple[int, int, LabelledPlace]]:
    spans, at = [], 0
    for place in post.places:
        start = post.text.index(place.text, at)
        spans.append((start, start + len(place.text), place))
        at = start + 1
    return spans


def found(text: str) -> list[Mention]:
    clean = normalise(text)
    mentions = []
    for place in shipped().link(clean.text).found:
        start, end = clean.original(place.start, place.end)
        mentions.append(
            Mention(text=text[start:end], start=start, end=end, kind=place.kind, id=place.id, name=place.name)
        )
    return mentions


@lru_cache
def measured(name: str) -> Figures:
    gazetteer = shipped().gazetteer
    right = linked = given = wanted = 0
    for post in posts(name):
        free = found(post.text)
        given, wanted = given + len(free), wanted + len(post.places)
        for start, end, place in labelled_spans(post):
            near = (m for m in free if abs(m.start - start) <= NEAR and abs(m.end - end) <= NEAR)
            hit = next((m for m in near if m.kind == place.kind), None)
            if hit:
                free.remove(hit)
                right += 1
                linked += same_place(hit, place.name, gazetteer)
    figures = Figures(right / given, right / wanted, 2 * linked / (given + wanted))
    print(f"{name}: {figures}, {right} right of {given} found and {wanted} labelled")
    return figures


@pytest.mark.xfail(strict=True, reason="measured: 0.86 on seen, 0.80 on blind")
@pytest.mark.parametrize("name", ["seen", "blind"])
def test_of_what_is_taken_for_a_place_nine_in_ten_are_one(name: str) -> None:
    assert measured(name).precision >= BAR


@pytest.mark.xfail(strict=True, reason="measured: 0.87 on seen, 0.82 on blind")
@pytest.mark.parametrize("name", ["seen", "blind"])
def test_nine_in_ten_places_are_found(name: str) -> None:
    assert measured(name).recall >= BAR


def test_every_label_stands_in_its_post_in_order() -> None:
    everything = posts("seen") + posts("blind")
    assert len({post.id for post in everything}) == len(everything) == 400
    for post in everything:
        assert len(labelled_spans(post)) == len(post.places), post.id
        assert all(moment.text in post.text for moment in post.times or ()), post.id
        assert all(not m.start or not m.end or m.start < m.end for m in post.times or ()), post.id


def test_the_halves_are_told_apart_by_number() -> None:
    assert all(int(post.id[1:]) % 2 for post in posts("seen"))
    assert not any(int(post.id[1:]) % 2 for post in posts("blind"))


def test_the_set_is_hard_in_the_ways_it_promises() -> None:
    everything = posts("seen") + posts("blind")
    assert sum(post.note.startswith("look-alike") for post in everything) >= 150
    assert sum(bool(post.times) for post in everything) >= 200
    assert {post.lang for post in everything} == {"nl", "mixed", "en", "other"}
    assert not any(re.search(r"https?://|@\w", post.text) for post in everything if "@@" not in post.text)
