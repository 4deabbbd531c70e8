"""What changed since a reader last saw a signal: an edit word for word, a deletion, more sightings. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher
from enum import StrEnum

from pipeline.store.case import Case
from pipeline.store.last_looks import OtherVersion, Since
from review_ui.signal.marks import readable

_WORDS = re.compile(r"\s+|[^\s]+")
_MOST_WORDS = 1500
"""Longer texts are not compared: nobody would read it, and it costs the square of their length."""


class Kind(StrEnum):
    """What an edit did to a stretch of the text."""

    SAME = "same"
    ADDED = "added"
    GONE = "gone"


@dataclass(frozen=True)
class Piece:
    """A stretch of both versions together."""

    kind: Kind
    text: str


@dataclass(frozen=True)
class Changed:
    """`since` is when the reader saw it last, None where there is nothing to compare with. `more` counts sightings.

    `other` is the same post in its other version, and `edit` the two together; empty where it cannot be shown.
    """

    since: datetime | None
    more: int
    removed: bool
    other: OtherVersion | None
    other_is_later: bool
    edit: tuple[Piece, ...]

    @property
    def anything(self) -> bool:
        """Whether this reader has to be told something."""
        return self.since is not None and (self.more != 0 or self.removed)


def changed(case: Case, before: Since) -> Changed:
    """The signal as it stands beside how this reader saw it last, and beside the other version of its post."""
    other = before.later or before.earlier
    later = before.later is not None
    older, newer = (case.text, other.text if other else None) if later else (other.text if other else None, case.text)
    seen = before.looked_at
    return Changed(
        since=seen,
        more=case.sightings - before.sightings if before.sightings is not None else 0,
        removed=seen is not None and case.source_removed_at is not None and case.source_removed_at > seen,
        other=other,
        other_is_later=later,
        edit=edited(older, newer) if older and newer else (),
    )


def edited(older: str, newer: str) -> tuple[Piece, ...]:
    """Both versions in one, word by word; empty when no word differs, or when they are too long to compare."""
    old, new = _WORDS.findall(older), _WORDS.findall(newer)
    if max(len(old), len(new)) > _MOST_WORDS or " ".join(older.split()) == " ".join(newer.split()):
        return ()
    return tuple(Piece(kind, readable(words)) for kind, words in _pieces(old, new) if words)


def _pieces(old: list[str], new: list[str]) -> Iterator[tuple[Kind, str]]:
    for what, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if what == "equal":
            yield Kind.SAME, "".join(new[c:d])
        else:
            yield Kind.GONE, "".join(old[a:b])
            yield Kind.ADDED, "".join(new[c:d])
