"""Finds number plates: the Dutch sidecodes and the Belgian form. What only looks a bit like one stays readable."""

import re
from collections.abc import Iterator

from signals.masking.reading import digits
from signals.masking.token import Found, Token

# X is a letter, 9 a digit; the order is that of the vehicle authority.
_SIDECODES = (
    "XX-99-99", "99-99-XX", "99-XX-99", "XX-99-XX", "XX-XX-99", "99-XX-XX", "99-XXX-9",
    "9-XXX-99", "XX-999-X", "X-999-XX", "XXX-99-X", "X-99-XXX", "9-XX-999", "999-XX-9",
)  # fmt: skip
_CONSONANTS = "[BDFGHJKLMNPRSTVWXZ]"
_FEWEST_DIGITS = 2
_YEAR = re.compile(r"[A-Z]{2}(?:19|20)\d\d")


def _pattern(code: str, letter: str, sep: str) -> str:
    return code.replace("9", r"\d").replace("-", sep).replace("X", letter)


_DASHED = re.compile(
    "(?<![\\w-])(?:"
    + "|".join(_pattern(code, "[A-Z]", "-") for code in _SIDECODES)
    + "|[1-9]-[A-Z]{3}-[0-9]{3})(?![\\w-])"
)
_DASHED_LOWER = re.compile(
    "(?<![\\w-])(?:" + "|".join(_pattern(code, _CONSONANTS, "-") for code in _SIDECODES) + ")(?![\\w-])", re.IGNORECASE
)
# Without dashes 9999XX is a postcode far more often than a plate.
_PLAIN = re.compile(
    "\\b(?:" + "|".join(_pattern(code, _CONSONANTS, "") for code in _SIDECODES if code != "99-99-XX") + ")\\b"
)
_TOLD = re.compile(
    r"\b(?:kenteken|kentekenplaat|nummerbord|nummerplaat|plaat|plate|kent)\b[^\w\n]{0,3}(?:is|was)?[^\w\n]{0,3}(?P<plate>"
    + "|".join(_pattern(code, "[A-Z]", r"[ .\-]?") for code in _SIDECODES)
    + r"|[1-9][ .\-]?[A-Z]{3}[ .\-]?\d{3})(?!\w)",
    re.IGNORECASE,
)


def find(buffer: str) -> Iterator[Found]:
    """Every plate: dashed in any case, plain in capitals, and in any form after a word that announces it."""
    if digits(buffer) < _FEWEST_DIGITS:
        return
    found: list[Found] = []
    if "-" in buffer:
        found += (Found(*m.span(), Token.PLATE) for m in _DASHED.finditer(buffer))
        found += (Found(*m.span(), Token.PLATE) for m in _DASHED_LOWER.finditer(buffer))
    found += (Found(*m.span(), Token.PLATE) for m in _PLAIN.finditer(buffer) if not _YEAR.fullmatch(m[0]))
    found += (Found(*m.span("plate"), Token.PLATE) for m in _TOLD.finditer(buffer))
    yield from sorted(found)
