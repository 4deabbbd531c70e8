"""The fragment that a recipient may read: at most 280 code points of masked text around the reasons. Never a name."""

import unicodedata
from collections.abc import Sequence

from signals.analysis import Span
from signals.masking import mask
from signals.referral import EXCERPT_LENGTH

_GAP = "…"
# Marks that turn the reading order round can make a text say something else than it says.
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c")


def excerpt(masked_text: str, reasons: Sequence[Span]) -> str:
    """The stretch of `masked_text` that holds most of the `reasons` (code-point spans), with what stands around them.

    Without reasons (a tip the machine found nothing in) it is the beginning of the text.
    """
    room = EXCERPT_LENGTH - 2 * len(_GAP)
    if len(masked_text) <= EXCERPT_LENGTH:
        start, end = 0, len(masked_text)
    else:
        start, end = _window(len(masked_text), sorted(reasons) or [(0, 0)], room)
        start, end = _whole_words(masked_text, start, end)
    cut = _readable(masked_text[start:end])
    cut = f"{_GAP if start > 0 else ''}{cut}{_GAP if end < len(masked_text) else ''}"
    # The text was masked when it came in; masking again costs nothing and a fragment can only lose by it.
    again = mask(cut).text
    return again if len(again) <= EXCERPT_LENGTH else again[: EXCERPT_LENGTH - 1] + _GAP


def _window(length: int, reasons: Sequence[Span], room: int) -> Span:
    """A window of `room` code points: from a reason on, covering as much of all reasons as any such window can."""
    best = max(
        (start for start, _ in reasons),
        key=lambda left: (sum(max(0, min(e, left + room) - max(s, left)) for s, e in reasons), -left),
    )
    last = max((min(e, best + room) for s, e in reasons if s < best + room and e > best), default=best)
    spare = room - (last - best)
    start = max(0, min(best - spare // 2, length - room))
    return start, min(length, start + room)


def _whole_words(text: str, start: int, end: int) -> Span:
    """The window without the half words at its edges, as long as those are words of ordinary length."""
    longest = 20
    if start > 0 and not text[start - 1].isspace():
        space = next((i for i in range(start, min(start + longest, end)) if text[i].isspace()), None)
        start = start if space is None else space + 1
    if end < len(text) and not text[end].isspace():
        space = next((i for i in range(end - 1, max(end - longest, start), -1) if text[i].isspace()), None)
        end = end if space is None else space
    return start, end


def _readable(text: str) -> str:
    """The text on one line, without control characters and without marks that turn the reading order."""
    kept = (" " if unicodedata.category(c) == "Cc" else c for c in text if c not in _TURNING)
    return " ".join("".join(kept).split())
