"""Long texts in windows, so that neither many innocent words around a threat nor a text's length hides it.

A short text is one window. It judges nothing: the gate and the encoder read each window as a text of its own.
"""

import re
from collections.abc import Sequence
from typing import Final

import numpy as np

from nlp.encoder import Encoded
from nlp.heads import ACTIONABLE
from signals.analysis import Span

WHOLE: Final = 320
"""Characters of a text that is read as one; about 80 tokens, and training texts are no longer than 96."""
STEP: Final = 160
"""The next window begins at the first sentence after so many characters: half of a window is read twice."""
_SENTENCE = re.compile(r"[^.!?\n]+[.!?\n]*\s*|[.!?\n]+\s*")


def windows(text: str) -> list[Span]:
    """Stretches of at most `WHOLE` characters, of whole sentences where these are not longer, that cover the text."""
    if len(text) <= WHOLE:
        return [(0, len(text))]
    parts = [
        (at, min(at + STEP, found.end()))
        for found in _SENTENCE.finditer(text)
        for at in range(found.start(), found.end(), STEP)
    ]
    made: list[Span] = []
    first = 0
    while True:
        start, last = parts[first][0], first
        while last + 1 < len(parts) and parts[last + 1][1] - start <= WHOLE:
            last += 1
        made.append((start, parts[last][1]))
        if last + 1 == len(parts):
            return made
        first = next(i for i in range(first + 1, last + 2) if i > last or parts[i][0] - start >= STEP)


def joined(read: Sequence[tuple[Span, Encoded]]) -> Encoded:
    """One text's numbers from those of its windows: the post's from the window that is likeliest to be actionable, each
    token's facts at their highest. Not empty."""
    if len(read) == 1 and read[0][0][0] == 0:
        return read[0][1]
    post = max((encoded.post for _, encoded in read), key=lambda numbers: float(numbers[ACTIONABLE]))
    tokens: dict[Span, np.ndarray[tuple[int], np.dtype[np.float32]]] = {}
    for (at, _), encoded in read:
        for (start, end), facts in zip(encoded.spans, encoded.facts, strict=True):
            if start < end:
                span = (at + start, at + end)
                tokens[span] = np.maximum(tokens[span], facts) if span in tokens else facts
    spans = tuple(sorted(tokens))
    return Encoded(post, np.stack([tokens[span] for span in spans]), spans) if spans else read[0][1]
