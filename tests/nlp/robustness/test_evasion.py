"""The generator of disguises is fit to measure with: the same ten every time, readable, and no part of the product."""

import ast
import re
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.nlp.robustness import evasion
from tests.nlp.robustness.evasion import MANY, WAYS, rewrites

POST = "Vanavond om 20:15 staan wij bij het station van Purmerend, [@] neem je fiets mee #buurtfeest [link]"
STANDS = ("20:15", "[@]", "#buurtfeest", "[link]")


def test_a_post_has_ten_rewrites_each_another_one_and_none_the_post() -> None:
    made = [rewritten for _, rewritten in rewrites(POST)]
    assert len(made) == len(set(made)) == MANY
    assert POST not in made


def test_the_same_post_gives_the_same_rewrites() -> None:
    assert rewrites(POST) == rewrites(POST)


def test_every_way_comes_up_over_a_few_posts() -> None:
    posts = [f"{word} brengt morgen de tas naar school" for word in ("Oma", "Vader", "Niemand", "Iedereen", "Buurman")]
    assert {name for post in posts for name, _ in rewrites(post)} == set(WAYS)


@pytest.mark.parametrize("name", WAYS)
def test_times_mentions_links_and_hashtags_stay(name: str) -> None:
    made = {rewritten for way, rewritten in rewrites(POST) if way == name}
    assert all(part in rewritten for rewritten in made for part in STANDS)


def test_what_is_put_between_or_on_letters_can_be_taken_away_again() -> None:
    for name, rewritten in rewrites(POST):
        if name in {"invisible", "struck"}:
            kept = [c for c in unicodedata.normalize("NFD", rewritten) if unicodedata.category(c) not in {"Mn", "Cf"}]
            assert "".join(kept) == POST


def test_few_words_are_hidden_where_hiding_costs_the_reader_an_effort() -> None:
    post = " ".join(["woorden"] * 40)
    for name, rewritten in rewrites(post):
        if name in {"backwards", "without vowels", "starred"}:
            assert len(re.findall(r"\bwoorden\b", rewritten)) == 40 - evasion.MOST_HIDDEN


def test_the_generator_reads_nothing_of_the_product() -> None:
    tree = ast.parse(Path(evasion.__file__).read_text(encoding="utf-8"))
    modules = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    modules |= {str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert modules == {"hashlib", "random", "re", "unicodedata", "collections.abc"}


@given(st.text(alphabet=st.characters(), max_size=80))
@settings(deadline=None)
def test_any_text_can_be_rewritten(text: str) -> None:
    assert all(rewritten != text for _, rewritten in rewrites(text))
