"""A masked text and the way back to the text it was made from. It masks nothing itself."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field

from signals.masking.token import Found, Token


@dataclass(frozen=True, slots=True)
class Masked:
    """A text with its tokens. `named_text` is the same with personal names readable; None when no name was masked.

    All offsets count Unicode code points.
    """

    text: str
    named_text: str | None
    # Where each piece of the masked text starts, in it and in the given text; odd pieces are tokens, even ones kept.
    _starts: tuple[int, ...] = field(repr=False)
    _origins: tuple[int, ...] = field(repr=False)

    def to_original(self, start: int, end: int) -> tuple[int, int]:
        """The span of the given text that [start, end) of the masked text stands for; a token is all that it hides."""
        if not 0 <= start <= end <= len(self.text):
            raise ValueError(f"the span {start}-{end} does not lie in a masked text of {len(self.text)} characters")
        first = self._edge(start, rising=False)
        return first, max(first, self._edge(end, rising=True))

    def _edge(self, place: int, *, rising: bool) -> int:
        piece = bisect_right(self._starts, place) - 1
        into = place - self._starts[piece]
        if piece % 2 == 0:
            return self._origins[piece] + into
        # Inside a token: a span opens where the hidden stretch opens and closes where it closes.
        return self._origins[piece + 1] if rising and into else self._origins[piece]


def align(text: str, stretches: Sequence[Found]) -> Masked:
    """Put the tokens in place of the stretches, which stand in order and do not overlap."""
    if not stretches:
        return Masked(text, None, (0,), (0,))
    masked: list[str] = []
    named: list[str] = []
    starts: list[int] = [0]
    origins: list[int] = [0]
    length = done = 0
    for start, end, token in stretches:
        kept = text[done:start]
        masked += (kept, token.value)
        named += (kept, text[start:end] if token is Token.NAME else token.value)
        length += len(kept)
        starts += (length, length + len(token.value))
        origins += (start, end)
        length += len(token.value)
        done = end
    masked.append(text[done:])
    named.append(text[done:])
    has_name = any(stretch.token is Token.NAME for stretch in stretches)
    return Masked("".join(masked), "".join(named) if has_name else None, tuple(starts), tuple(origins))
