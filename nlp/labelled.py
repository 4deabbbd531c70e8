"""Labelled posts as JSON lines (the format of the labelling guide): reading them, strictly.

For training and measuring only; nothing here is used when posts are analysed.
"""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from pydantic import AwareDatetime, TypeAdapter, ValidationError

from signals.frozen import Frozen
from signals.label import Category, Genre, Lang, Level
from signals.place import PlaceKind


class LabelledFileError(Exception):
    """A labelled file cannot be read; the message names file and line, never the text."""


class LabelledPlace(Frozen):
    """A place as the labeller wrote it down: exactly as in the post, its kind and its canonical name."""

    text: str
    kind: PlaceKind
    name: str


class LabelledPost(Frozen):
    """One labelled post. `facts` and `level` are there where a reader marked them."""

    id: str
    text: str
    actionable: bool
    category: Category
    imminent: bool = False
    genre: Genre
    lang: Lang
    posted_at: AwareDatetime | None = None
    places: tuple[LabelledPlace, ...] = ()
    note: str = ""
    platform: str = ""
    facts: dict[str, tuple[str, ...]] | None = None
    level: Level | None = None

    def moment(self, otherwise: datetime) -> datetime:
        """When the post was written, or `otherwise` where the file does not say."""
        return self.posted_at or otherwise


class FactsRow(Frozen):
    """The facts and the level of one labelled post, from a file of their own."""

    id: str
    facts: dict[str, tuple[str, ...]]
    level: Level


class OrdinaryPost(Frozen):
    """A real ordinary post, for the harmless side only."""

    id: str
    text: str
    lang: str = ""


Row = TypeVar("Row")

_POST: TypeAdapter[LabelledPost] = TypeAdapter(LabelledPost)
_FACTS: TypeAdapter[FactsRow] = TypeAdapter(FactsRow)
_EITHER: TypeAdapter[LabelledPost | FactsRow] = TypeAdapter(LabelledPost | FactsRow)
_ORDINARY: TypeAdapter[OrdinaryPost] = TypeAdapter(OrdinaryPost)


def read_posts(paths: Iterable[Path]) -> list[LabelledPost]:
    """All labelled posts of the files, in order."""
    return [post for path in paths for post in read_rows(path, _POST)]


def read_facts(paths: Iterable[Path]) -> dict[str, FactsRow]:
    """Facts by post id; a later file wins."""
    return {row.id: row for path in paths for row in read_rows(path, _FACTS)}


def read_labelled(paths: Iterable[Path]) -> tuple[list[LabelledPost], dict[str, FactsRow]]:
    """Posts and facts of files that may hold either; facts inside a post count as a facts row."""
    rows = [row for path in paths for row in read_rows(path, _EITHER)]
    posts = [row for row in rows if isinstance(row, LabelledPost)]
    facts = {row.id: row for row in rows if isinstance(row, FactsRow)}
    for post in posts:
        if post.facts is not None and post.level is not None:
            facts.setdefault(post.id, FactsRow(id=post.id, facts=post.facts, level=post.level))
    return posts, facts


def read_ordinary(paths: Iterable[Path]) -> list[OrdinaryPost]:
    """All ordinary posts of the files, in order."""
    return [post for path in paths for post in read_rows(path, _ORDINARY)]


def numbered_lines(path: Path) -> list[tuple[int, str]]:
    """The lines of a file that hold something, with their numbers, or LabelledFileError."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as problem:
        raise LabelledFileError(f"{path}: cannot be read as UTF-8 text ({type(problem).__name__})") from None
    return [(number, line) for number, line in enumerate(lines, 1) if line.strip()]


def read_rows(path: Path, adapter: TypeAdapter[Row]) -> list[Row]:
    """The rows of one file, each a line of JSON, or LabelledFileError naming file and line."""
    rows: list[Row] = []
    for number, line in numbered_lines(path):
        try:
            rows.append(adapter.validate_json(line))
        except ValidationError as problem:
            field = ".".join(str(part) for part in problem.errors()[0]["loc"]) or "the line"
            raise LabelledFileError(f"{path}:{number}: {field} is missing or wrong") from None
    return rows
