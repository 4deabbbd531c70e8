"""Long texts in windows and parts, so that neither innocent words around a threat nor a text's length hides it.

A short text is one window. It judges nothing: the gate and the encoder read each stretch as a text of its own.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from nlp.encoder import Encoded
from nlp.heads import ACTIONABLE
from signals.analysis import Span

WINDOW: Final = 320
"""Characters of a text that the gate judges as one; about 80 tokens."""
PART: Final = 160
"""Characters of a part, which the encoder reads beside the window that holds it: about as long as a training post."""
PART_MARGIN: Final = 1.5
"""How much surer (in the encoder's raw number) a part must be than a whole window, for it lacks what stands around it:
odds four and a half times as high. A judgement, not fitted: no unseen ordinary training post is flagged even at 0."""
_SENTENCE = re.compile(r"[^.!?\n]+[.!?\n]*\s*|[.!?\n]+\s*")


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of a text that the encoder reads by itself: a window, or a part of one."""

    start: int
    end: int
    part: bool = False


def windows(text: str) -> list[Span]:
    """Stretches of at most `WINDOW` characters, of whole sentences where these are not longer, that cover the text."""
    return _stretches(text, WINDOW)


def parts(text: str, window: Span) -> list[Stretch]:
    """The parts of one window of a text, in the same way; a window that is no longer than a part has none."""
    start, end = window
    if end - start <= PART:
        return []
    return [Stretch(start + a, start + b, part=True) for a, b in _stretches(text[start:end], PART)]


def _stretches(text: str, longest: int) -> list[Span]:
    """Runs of sentences that cover the text; each begins half of the longest length or more behind the one before."""
    if len(text) <= longest:
        return [(0, len(text))]
    step = longest // 2
    pieces = [
        (at, min(at + step, found.end()))
        for found in _SENTENCE.finditer(text)
        for at in range(found.start(), found.end(), step)
    ]
    made: list[Span] = []
    first = 0
    while True:
        start, last = pieces[first][0], first
        while last + 1 < len(pieces) and pieces[last + 1][1] - start <= longest:
            last += 1
        made.append((start, pieces[last][1]))
        if last + 1 == len(pieces):
            return made
        first = next(i for i in range(first + 1, last + 2) if i > last or pieces[i][0] - start >= step)


def joined(read: Sequence[tuple[Stretch, Encoded]]) -> Encoded:
    """One text's numbers from those of its stretches: the post's from the one that is likeliest to be actionable, parts
    less their margin; each token's facts at their highest. Not empty."""
    if len(read) == 1 and read[0][0].start == 0:
        return read[0][1]
    post = max(
        (_weighed(stretch, encoded) for stretch, encoded in read), key=lambda numbers: float(numbers[ACTIONABLE])
    )
    tokens: dict[Span, np.ndarray[tuple[int], np.dtype[np.float32]]] = {}
    for stretch, encoded in read:
        for (start, end), facts in zip(encoded.spans, encoded.facts, strict=True):
            if start < end:
                span = (stretch.start + start, stretch.start + end)
                tokens[span] = np.maximum(tokens[span], facts) if span in tokens else facts
    spans = tuple(sorted(tokens))
    made = replace(read[0][1], post=post)
    return replace(made, facts=np.stack([tokens[span] for span in spans]), spans=spans) if spans else made


def _weighed(stretch: Stretch, encoded: Encoded) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    numbers = encoded.post
    if stretch.part:
        numbers = numbers.copy()
        numbers[ACTIONABLE] -= PART_MARGIN
    return numbers
