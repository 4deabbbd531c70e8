"""A text as the matcher sees it: its words with their offsets, and the words run together.

Knows nothing of places; offsets count characters of the text given, which keeps its length when folded.
"""

import re
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

from nlp.normalise import fold

_WORD = re.compile(r"[^\W_]+(?:\*+[^\W_]+)*")
_BREAK = re.compile(r"[^ \-'\"/&+_#*.]|\.\s|\s-\s")
"""What ends a sentence, a line or a list item between two words."""
_SENTENCE = re.compile(r"[!?\n:…|]|\.\s")
_INNER = re.compile(r"(?<=[^\W\d_A-Z])(?=[A-Z])|(?<=[^\W\d_])(?=\d{3})")
"""Where a hashtag changes from one word to the next: before a capital, before an area code."""


@dataclass(frozen=True)
class Words:
    """The words of a text in order: where each starts and ends, and its folded letters without asterisks."""

    text: str
    folded: str
    starts: list[int]
    ends: list[int]
    words: list[str]

    def __len__(self) -> int:
        return len(self.words)

    def gap(self, index: int) -> str:
        """What stands before the word: everything since the end of the word before it."""
        return self.folded[self.ends[index - 1] if index else 0 : self.starts[index]]

    def before(self, index: int, back: int = 1) -> str:
        """The word so many places before, within the same sentence; empty when there is none."""
        if index < back or any(self.breaks(i) for i in range(index - back + 1, index + 1)):
            return ""
        return self.words[index - back]

    def after(self, index: int) -> str:
        """The next word of the same sentence; empty when there is none."""
        return "" if index + 1 >= len(self.words) or self.breaks(index + 1) else self.words[index + 1]

    def breaks(self, index: int) -> bool:
        """Whether a sentence or line ends between the word and the one before it."""
        return not index or _BREAK.search(self.gap(index)) is not None

    def begins_sentence(self, index: int) -> bool:
        """Whether the word is the first of a sentence or line, where a capital tells nothing."""
        return not index or _SENTENCE.search(self.gap(index)) is not None

    def is_title(self, index: int) -> bool:
        """Whether the word begins with a capital and goes on in small letters."""
        word = self.text[self.starts[index] : self.ends[index]]
        return word[:1].isupper() and not word[1:].isupper()

    def in_hashtag(self, index: int) -> bool:
        """Whether the word stands in a hashtag."""
        start = self.starts[index]
        while index and self.ends[index - 1] == start:
            index, start = index - 1, self.starts[index - 1]
        return self.text[max(0, start - 1) : start] == "#"

    @cached_property
    def squeezed(self) -> str:
        """All words without anything between them."""
        return "".join(self.words)

    @cached_property
    def begins(self) -> dict[int, int]:
        """The word that begins at an offset of the squeezed text."""
        return dict(zip(accumulate(map(len, self.words), initial=0), range(len(self.words)), strict=False))

    @cached_property
    def finishes(self) -> dict[int, int]:
        """The word that ends at an offset of the squeezed text."""
        return dict(zip(accumulate(map(len, self.words)), range(len(self.words)), strict=True))

    @cached_property
    def known(self) -> frozenset[str]:
        """The different words."""
        return frozenset(self.words)


def words_of(text: str) -> Words:
    """The words of a text; hashtags are cut where their capitals show a new word."""
    folded = fold(text)
    starts: list[int] = []
    ends: list[int] = []
    for found in _WORD.finditer(folded):
        start, end = found.span()
        starts.append(start)
        if start and folded[start - 1] == "#":
            for cut in _INNER.finditer(text, start, end):
                if start < cut.start() < end:
                    ends.append(cut.start())
                    starts.append(cut.start())
        ends.append(end)
    letters = [folded[start:end] for start, end in zip(starts, ends, strict=True)]
    if "*" in folded:
        letters = [word.replace("*", "") for word in letters]
    return Words(text, folded, starts, ends, letters)
