"""Finds bank account numbers (IBAN), also with spaces and in lower case. A typo is masked too."""

import re
from collections.abc import Iterator

from signals.masking.reading import digits
from signals.masking.token import Found, Token

_LENGTHS = {
    "NL": 18, "BE": 16, "DE": 22, "FR": 27, "ES": 24, "IT": 27, "GB": 22, "IE": 22, "LU": 20, "AT": 20, "CH": 21,
    "PL": 28, "PT": 25, "TR": 26, "LT": 20, "LV": 21, "EE": 20, "BG": 22, "RO": 24, "MT": 31, "CY": 28, "DK": 18,
    "SE": 24, "NO": 15, "FI": 18, "CZ": 24, "SK": 24, "HU": 28, "HR": 21, "SI": 19, "GR": 27,
}  # fmt: skip
_FEWEST_DIGITS = 8
_START = re.compile(rf"(?<![^\W\d_])(?:{'|'.join(_LENGTHS)})[ .\-]?\d[ ]?\d(?=[ .\-]{{0,2}}[A-Za-z0-9])", re.IGNORECASE)


def find(buffer: str) -> Iterator[Found]:
    """Every IBAN of a country that post may name, by the length its country gives it."""
    if digits(buffer) < _FEWEST_DIGITS + 2:
        return
    done = 0
    for match in _START.finditer(buffer):
        if match.start() < done:
            continue
        wanted = _LENGTHS[match[0][:2].upper()] - 4
        end = _walk(buffer, match.end(), wanted)
        if end is not None:
            done = end
            yield Found(match.start(), end, Token.IBAN)


def _walk(buffer: str, place: int, wanted: int) -> int | None:
    """Where the account ends after `wanted` letters and digits with at most two separators between each."""
    digits = gap = 0
    while wanted and place < len(buffer):
        character = buffer[place]
        if character.isascii() and character.isalnum():
            digits += character.isdigit()
            wanted -= 1
            gap = 0
        elif character in " .-\t\u00a0" and gap < 2:
            gap += 1
        else:
            return None
        place += 1
    if wanted or digits < _FEWEST_DIGITS or (place < len(buffer) and buffer[place].isdigit()):
        return None
    return place
