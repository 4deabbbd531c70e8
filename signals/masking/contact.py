"""Finds telephone numbers: Dutch, Belgian, Surinamese and any international one, with o for 0 and digits in words.

Public numbers (112, 113, 0800, 0900) are short and stay readable.
"""

import re
from collections.abc import Iterator

from signals.masking.reading import GAP, digits
from signals.masking.token import Found, Token

_SEP = r"[\s.\-/_()*,]{0,3}"
_WORD = r"nul|een|één|twee|drie|vier|vijf|zes|zeven|acht|negen|zero|one|two|three|four|five|six|seven|eight|nine"
_DIGIT = rf"(?:[0-9]|[oO](?![^\W\d_])|{_WORD})"
_FEWEST_DIGITS = 6
_SPELLED = ("06", "o6", "nul", "zero", "0 6", "o 6", "0zes", "0 zes")
_DATE_AND_TIME = re.compile(r"0\d[\-./ ]\d\d[\-./ ](?:19|20)\d\d\s\d\d$")
_TAIL = re.compile(r"[\s.\-/]?\d{6,20}")
_CLOCK = re.compile(r"[:.]\d\d|\s?(?:u\b|uur|h\b)", re.IGNORECASE)

_PHONE = re.compile(
    rf"""
      (?<![\d+])(?:\+|00){_SEP}[1-9](?:{_SEP}\d){{7,14}}(?!\d)                         # +31 6 …, 0032 …, +597 …
    | (?<!\d)\(?(?:\(0\)|0|(?<!\w)[oO]|nul|zero){_SEP}(?:6|zes|six)(?:{_SEP}{_DIGIT}){{8}}(?!\d)   # 06, also spelled
    | (?<!\d)\(?0[1-9]\d{{1,2}}\)?[\s\-./]{{0,3}}[2-9](?:[\s\-./]?\d){{5,6}}(?![\s\-./]?\d)     # Dutch fixed line
    | (?<!\d)04\d\d(?:[\s\-./]?\d){{6}}(?!\d)                                          # Belgian mobile
    | (?<!\d)0\d[\s/]\d{{3}}[\s.]\d\d[\s.]\d\d(?!\d) | (?<!\d)0\d\d[\s/]\d\d[\s.]\d\d[\s.]\d\d(?!\d)   # Belgian fixed
    | (?<!\d)597[\s\-]?\d{{3}}[\s\-]?\d{{3,4}}(?!\d)                                   # Surinam without a plus
    | (?<![\d.,])\d{{9,20}}(?!\d)                                                      # any long run of digits
    """,
    re.IGNORECASE | re.VERBOSE,
)
_TOLD = re.compile(
    rf"\b(?:bel|app|sms|tel|telefoon|telefoonnummer|nummer|whatsapp|wapp|mobiel|call|text|phone)\b"
    rf"(?:{GAP}{{1,3}}(?:me|mij|ons|op|is|mn|m'n|hem|haar|on|at|dit|nr|nummer)\b){{0,4}}{GAP}{{1,3}}"
    r"(?P<number>(?!0[89]00|14\s?0)\d(?:[ .\-/]?\d){5,14})(?!\d)",
    re.IGNORECASE,
)


def find(buffer: str) -> Iterator[Found]:
    """Every telephone number; a date followed by a time is none."""
    lowered = buffer.lower()
    if digits(buffer) < _FEWEST_DIGITS and not any(map(lowered.__contains__, _SPELLED)):
        return
    found = [_whole(buffer, m) for m in _PHONE.finditer(buffer) if not _is_moment(buffer, m)]
    found += (Found(*m.span("number"), Token.PHONE) for m in _TOLD.finditer(buffer))
    yield from sorted(found)


def _whole(buffer: str, match: re.Match[str]) -> Found:
    """The number with the digits glued behind it, so that two numbers in a row leave no half of one."""
    tail = _TAIL.match(buffer, match.end())
    return Found(match.start(), tail.end() if tail else match.end(), Token.PHONE)


def _is_moment(buffer: str, match: re.Match[str]) -> bool:
    return bool(_DATE_AND_TIME.search(match[0]) and _CLOCK.match(buffer, match.end()))
