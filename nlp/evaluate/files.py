"""Sorting the files given to `seinpost evaluate` by what they hold, which the first row tells. Measures nothing."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError

from nlp.evaluate.pairs import GroupRow, LanguageRow, PairRow
from nlp.labelled import (
    FactsRow,
    LabelledFileError,
    LabelledPost,
    OrdinaryPost,
    read_labelled,
    read_ordinary,
)
from signals.frozen import Frozen

Line = TypeVar("Line", bound=Frozen)


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
        [row for path in sorted_paths["pairs"] for row in _lines(path, PairRow)],
        [row for path in sorted_paths["groups"] for row in _lines(path, GroupRow)],
        [_post(row) for path in sorted_paths["languages"] for row in _lines(path, LanguageRow)],
        read_ordinary(sorted_paths["ordinary"]),
    )


def _kind(path: Path) -> str:
    first = next((line for _, line in _numbered(path)), "")
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


def _numbered(path: Path) -> list[tuple[int, str]]:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as problem:
        raise LabelledFileError(f"{path}: cannot be read as UTF-8 text ({type(problem).__name__})") from None
    return [(number, line) for number, line in enumerate(lines, 1) if line.strip()]


def _lines(path: Path, kind: type[Line]) -> list[Line]:
    rows: list[Line] = []
    for number, line in _numbered(path):
        try:
            rows.append(kind.model_validate_json(line))
        except ValidationError as problem:
            field = ".".join(str(part) for part in problem.errors()[0]["loc"]) or "the line"
            raise LabelledFileError(f"{path}:{number}: {field} is missing or wrong") from None
    return rows
