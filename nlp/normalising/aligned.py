"""A rewritten text that knows where each of its characters came from and which disguises were undone.

Holds the map and makes rewrites; what counts as a disguise is decided by its neighbours.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum


class Disguise(StrEnum):
    """Every way of writing that is undone."""

    UNICODE = "other forms of letters"
    LOOKALIKE = "letters of another alphabet"
    INVISIBLE = "invisible characters"
    MARKED = "marks on letters"
    EMOJI = "emoji for a word"
    SPACED = "letters apart"
    LEET = "digits and signs for letters"
    STRETCHED = "stretched letters"
    STARRED = "covered letters"
    REVERSED = "word turned round"
    SHORTENED = "vowels left out"
    MIXED_CASE = "capitals among small letters"
    MISTYPED = "letters swapped or left out"
    GLUED = "words glued together"


@dataclass(frozen=True, slots=True)
class Undone:
    """One rewrite: the span [start, end) of the given text, and what was undone there."""

    start: int
    end: int
    what: Disguise


@dataclass(frozen=True, slots=True)
class Normalised:
    """The rewritten text, and for each of its characters the span [start, end) of the given text it stands for."""

    text: str
    starts: Sequence[int]
    ends: Sequence[int]
    undone: tuple[Undone, ...] = ()

    def original(self, start: int, end: int) -> tuple[int, int]:
        """The span of the given text behind [start, end) of the rewritten one; empty spans stay empty."""
        if start >= end:
            at = self.starts[start] if start < len(self.starts) else (self.ends[-1] if self.ends else 0)
            return at, at
        return min(self.starts[start:end]), max(self.ends[start:end])


def untouched(text: str) -> Normalised:
    """The text as it is."""
    return Normalised(text, range(len(text)), range(1, len(text) + 1))


def rewrite(
    made: Normalised,
    pattern: re.Pattern[str],
    new: Callable[[re.Match[str]], str | None],
    what: Disguise | None = None,
) -> Normalised:
    """Replace matches; a replacement of equal length keeps its letters' places, another one points at the whole.

    With `what`, every replacement that changes something is noted down as undone.
    """
    return _replaced(made, pattern, new, _kept_or_whole, what)


def spread(made: Normalised, pattern: re.Pattern[str], new: Callable[[re.Match[str]], str | None]) -> Normalised:
    """Put blanks into matches: each letter keeps its own place, a new blank shares that of the letter before it.

    A sign at the head of the match may be left out; letters may change their case."""
    return _replaced(made, pattern, new, _letter_by_letter, Disguise.GLUED)


_Places = tuple[Sequence[int], Sequence[int]]
"""For each character of a replacement the start and the end of what it stands for in the given text."""


def _replaced(
    made: Normalised,
    pattern: re.Pattern[str],
    new: Callable[[re.Match[str]], str | None],
    places: Callable[[Normalised, int, int, str], _Places],
    what: Disguise | None,
) -> Normalised:
    """Replace matches; `places` says where the characters of a replacement for [start, end) came from."""
    if not pattern.search(made.text):
        return made
    out: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    undone: list[Undone] = []
    at = 0
    for found in pattern.finditer(made.text):
        replacement = new(found)
        if replacement is None or replacement == found.group():
            continue
        begin, end = found.span()
        first, last = places(made, begin, end, replacement)
        out.append(made.text[at:begin] + replacement)
        starts.extend(made.starts[at:begin])
        ends.extend(made.ends[at:begin])
        starts.extend(first)
        ends.extend(last)
        if what is not None:
            undone.append(Undone(*made.original(begin, end), what))
        at = end
    if not at:
        return made
    out.append(made.text[at:])
    starts.extend(made.starts[at:])
    ends.extend(made.ends[at:])
    return Normalised("".join(out), starts, ends, (*made.undone, *undone))


def _kept_or_whole(made: Normalised, begin: int, end: int, replacement: str) -> _Places:
    if len(replacement) == end - begin:
        return made.starts[begin:end], made.ends[begin:end]
    first, last = made.original(begin, end)
    return [first] * len(replacement), [last] * len(replacement)


def _letter_by_letter(made: Normalised, _begin: int, end: int, replacement: str) -> _Places:
    source = end - len(replacement.replace(" ", ""))
    sources: list[int] = []
    for character in replacement:
        sources.append(source - 1 if character == " " else source)
        source += character != " "
    return [made.starts[at] for at in sources], [made.ends[at] for at in sources]
