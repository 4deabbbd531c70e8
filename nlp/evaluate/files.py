"""Sorting the files given to `seinpost evaluate` by what they hold, which the first row tells. Measures nothing."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter

from nlp.evaluate.pairs import GroupRow, LanguageRow, PairRow
from nlp.labelled import (
    FactsRow,
    LabelledPost,
    OrdinaryPost,
    numbered_lines,
    read_labelled,
    read_ordinary,
    read_rows,
)


@dataclass(frozen=True, slots=True)
class Given:
    """Everything to measure on: labelled posts with their facts, counterfactual posts, real ordinary posts.

    `languages`: the harmless groups wholly in another language, as posts named by group and language.
    """

    posts: Sequence[LabelledPost]
    facts: dict[str, FactsRow]
    pairs: Sequence[PairRow]
    groups: Sequence[GroupRow]
    languages: Sequence[OrdinaryPost]
    ordinary: Sequence[OrdinaryPost]

    def __len__(self) -> int:
        return len(self.posts) + len(self.pairs) + len(self.languages) + len(self.ordinary)


def read(paths: Iterable[Path]) -> Given:
    """All rows of the files, or LabelledFileError naming file and line."""
    kinds = ("pairs", "groups", "languages", "ordinary", "labelled")
    sorted_paths: dict[str, list[Path]] = {kind: [] for kind in kinds}
    for path in paths:
        sorted_paths[_kind(path)].append(path)
    posts, facts = read_labelled(sorted_paths["labelled"])
    return Given(
        posts,
        facts,
        [row for path in sorted_paths["pairs"] for row in read_rows(path, TypeAdapter(PairRow))],
        [row for path in sorted_paths["groups"] for row in read_rows(path, TypeAdapter(GroupRow))],
        [_post(row) for path in sorted_paths["languages"] for row in read_rows(path, TypeAdapter(LanguageRow))],
        read_ordinary(sorted_paths["ordinary"]),
    )


def _kind(path: Path) -> str:
    first = next((line for _, line in numbered_lines(path)), "")
    try:
        row = json.loads(first)
    except ValueError:
        return "labelled"
    keys = set(row) if isinstance(row, dict) else set()
    if "register" in keys:
        return "pairs"
    if {"group", "language"} <= keys:
        return "languages"
    if "tone" in keys:
        return "groups"
    return "ordinary" if "text" in keys and keys <= {"id", "text", "lang"} else "labelled"


def _post(row: LanguageRow) -> OrdinaryPost:
    return OrdinaryPost(id=f"{row.group}/{row.language}", text=row.text, lang=row.language)
