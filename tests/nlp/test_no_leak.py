"""What is measured on was learned from by nothing: no eight words in a row, and no file's hash, are on both sides.

Learned from: the training rows of the project, the corpus and the ordinary posts for training, which lie beside the
project, and every table, rule and text of `nlp` itself. A failure names ids and files, never a text.
"""

import hashlib
import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from nlp.train.rows import one_mask
from tests.nlp.measuring import CORPUS, POSTS, rows_of

REPOSITORY = Path(__file__).parents[2]
NLP = REPOSITORY / "nlp"
WORDS = 8
CARDS = sorted((NLP / "models").glob("*/card.md"))
OWN_ROWS = sorted((NLP / "train" / "data").glob("*.jsonl"))
WRITTEN = sorted(
    path
    for path in NLP.rglob("*")
    if path.suffix in {".py", ".csv", ".toml", ".txt", ".json", ".md"} and path.name != "tokenizer.json"
)
MEASURING_HERE = sorted(path for path in Path(__file__).parent.rglob("*.jsonl"))
MEASURING_BESIDE = [
    CORPUS / "dev.jsonl",
    CORPUS / "dev_second_reader.jsonl",
    POSTS / "ordinary_nl.jsonl",
    POSTS / "ordinary_en.jsonl",
]
FACTS_BESIDE = [CORPUS / "facts_dev_reader_a.jsonl", CORPUS / "facts_dev_reader_b.jsonl"]
TRAINING_BESIDE = [
    CORPUS / "train.jsonl",
    *sorted((CORPUS / "extra").glob("*.jsonl")),
    *sorted((POSTS / "train").glob("*.jsonl")),
]
DEV_NAMES = {path.name for path in [*MEASURING_BESIDE[:2], *FACTS_BESIDE]}
LEFT_OUT = {line for line in (NLP / "train" / "data" / "left_out.txt").read_text().splitlines() if line[0] != "#"}
"""Posts that training leaves out (a test states so)."""

Shingle = tuple[str, ...]


def shingles(text: str) -> set[Shingle]:
    """Every run of eight words, masks and signs left out. A shorter text of seven words is one run."""
    words = re.findall(r"\w+", one_mask(text).replace("[link]", " ").casefold())
    if len(words) < WORDS:
        return {tuple(words)} if len(words) == WORDS - 1 else set()
    return {tuple(words[at : at + WORDS]) for at in range(len(words) - WORDS + 1)}


def texts(path: Path) -> Iterator[tuple[str, str]]:
    """Id and text of the rows of a file, or of the file itself, line by line, when it has no rows."""
    if path.suffix != ".jsonl":
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            yield f"line {number}", line
        return
    for number, row in enumerate(rows_of(path), 1):
        if "text" in row:
            yield str(row.get("id") or f"line {number}"), str(row["text"])


@cache
def measured() -> dict[Shingle, str]:
    """Where each shingle of the measuring files that are here was seen."""
    files = [path for path in [*MEASURING_HERE, *MEASURING_BESIDE] if path.is_file()]
    return {one: f"{path.name} {post}" for path in files for post, text in texts(path) for one in shingles(text)}


def shared(path: Path) -> list[str]:
    """Which rows of a file that is learned from share a shingle with which measuring post."""
    known = measured()
    learned = [(post, text) for post, text in texts(path) if post not in LEFT_OUT]
    return sorted({f"{post} = {known[one]}" for post, text in learned for one in shingles(text) if one in known})


def named(path: Path) -> str:
    return str(path.relative_to(REPOSITORY)) if path.is_relative_to(REPOSITORY) else f"{path.parent.name}/{path.name}"


def test_there_are_measuring_files_and_training_files_to_compare() -> None:
    assert {path.parent.name for path in MEASURING_HERE} >= {"detection", "fairness", "quiet"}
    assert len(measured()) > 10_000
    assert OWN_ROWS
    assert CARDS


@pytest.mark.parametrize("path", OWN_ROWS, ids=named)
def test_no_training_row_of_the_project_repeats_a_measuring_post(path: Path) -> None:
    assert shared(path) == []


@pytest.mark.parametrize("path", [path for path in TRAINING_BESIDE if path.is_file()], ids=named)
def test_no_training_row_beside_the_project_repeats_a_measuring_post(path: Path) -> None:
    assert shared(path) == []


def test_no_term_alias_rule_or_other_text_of_nlp_repeats_a_measuring_post() -> None:
    assert {named(path): found for path in WRITTEN if (found := shared(path))} == {}


@pytest.mark.parametrize("card", CARDS, ids=named)
def test_a_model_card_names_what_was_learned_from_and_no_measuring_file(card: Path) -> None:
    learned = dict(re.findall(r"`([^`]+)` sha256 `([0-9a-f]{64})`", card.read_text(encoding="utf-8")))
    assert learned, "a card without hashes cannot be checked"
    assert DEV_NAMES & {Path(name).name for name in learned} == set()
    files = [path for path in [*MEASURING_HERE, *MEASURING_BESIDE, *FACTS_BESIDE] if path.is_file()]
    hashes = {hashlib.sha256(path.read_bytes()).hexdigest(): path.name for path in files}
    assert {name: hashes[value] for name, value in learned.items() if value in hashes} == {}


@pytest.mark.parametrize("path", OWN_ROWS, ids=named)
def test_no_training_row_has_the_id_of_a_measuring_one(path: Path) -> None:
    measuring = [path for path in [*MEASURING_HERE, *MEASURING_BESIDE] if path.is_file()]
    ids = {str(row["id"]) for file in measuring for row in rows_of(file) if "id" in row}
    assert [row["id"] for row in rows_of(path) if row["id"] in ids] == []


def test_a_leak_would_be_seen() -> None:
    post = next(text for _, text in texts(MEASURING_HERE[0]) if len(text.split()) > 2 * WORDS)
    leaked = json.dumps({"text": f"En toen {post.upper()}!!"}, ensure_ascii=False)
    assert shingles(leaked) & measured().keys()
