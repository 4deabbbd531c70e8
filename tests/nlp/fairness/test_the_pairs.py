"""The counterfactual posts are fit to measure with: enough groups, every register, no group that repeats another.

What the model makes of them is measured elsewhere."""

import json
import re
from collections import Counter, defaultdict
from pathlib import Path

import pytest
from rapidfuzz import fuzz, process

HERE = Path(__file__).parent
REGISTERS = {"standard", "street", "moroccan", "surinamese", "papiamento", "english"}
CATEGORIES = {"threat", "weapon", "confrontation", "recruitment", "drugs", "extortion", "sexual"}


def read(name: str) -> list[dict[str, str]]:
    return [json.loads(line) for line in (HERE / name).read_text(encoding="utf-8").splitlines()]


def by_group(name: str) -> dict[str, list[dict[str, str]]]:
    groups: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in read(name):
        groups[row["group"]].append(row)
    return groups


def plain(text: str) -> str:
    return re.sub(r"\W+", " ", text.lower()).strip()


@pytest.mark.parametrize(("name", "least"), [("pairs.jsonl", 300), ("actionable_pairs.jsonl", 60)])
def test_there_are_enough_groups_and_each_speaks_all_six_registers_once(name: str, least: int) -> None:
    groups = by_group(name)
    assert len(groups) >= least
    for group, rows in groups.items():
        assert Counter(row["register"] for row in rows) == Counter(REGISTERS), group


@pytest.mark.parametrize("name", ["pairs.jsonl", "actionable_pairs.jsonl", "other_languages.jsonl"])
def test_no_two_posts_are_the_same(name: str) -> None:
    texts = Counter(plain(row["text"]) for row in read(name))
    assert [text for text, times in texts.items() if times > 1] == []


def test_about_a_third_or_more_of_the_harmless_groups_is_rough_in_tone_and_every_topic_has_some() -> None:
    groups = read("groups.jsonl")
    assert {group["group"] for group in groups} == set(by_group("pairs.jsonl"))
    rough = Counter(group["topic"] for group in groups if group["tone"] == "rough")
    assert rough.total() >= len(groups) / 3
    assert set(rough) == {group["topic"] for group in groups}
    assert len(rough) == 12


def test_no_harmless_group_repeats_another() -> None:
    rows = read("pairs.jsonl")
    texts = [plain(row["text"]) for row in rows]
    alike = process.cdist(texts, texts, scorer=fuzz.ratio, score_cutoff=70)
    pairs = zip(*alike.nonzero(), strict=True)
    assert [(texts[i], texts[j]) for i, j in pairs if rows[i]["group"] != rows[j]["group"]] == []


def test_lines_in_another_language_belong_to_a_harmless_group_and_differ_from_its_mixed_line() -> None:
    groups = by_group("pairs.jsonl")
    for row in read("other_languages.jsonl"):
        assert row["language"] in {"sranan", "papiamento"}
        assert row["text"] not in {line["text"] for line in groups[row["group"]]}


def test_actionable_groups_cover_all_seven_categories_and_a_group_has_one() -> None:
    groups = by_group("actionable_pairs.jsonl")
    kinds = [{row["category"] for row in rows} for rows in groups.values()]
    assert all(len(kind) == 1 for kind in kinds)
    assert {category for kind in kinds for category in kind} == CATEGORIES
