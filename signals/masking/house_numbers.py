"""Finds house numbers after a street or a postcode. The street stays: it is a place, the number is a person's door.

Times, ages, amounts, school years and tram lines after a street stay readable.
"""

import re
from collections.abc import Iterator

from signals.masking.reading import GAP
from signals.masking.token import Found, Token
from signals.masking.word_lists import word_list

_SUFFIX = (
    r"straat|str\.?|weg|laan|plein|kade|gracht|zijde|dijk|singel|pad|hof|steeg|plantsoen|dreef|wal|park|markt|baan|veld"
    r"|hoek|haven|ring|boulevard|erf|oord|akker|horst|stede|werf|meent|dam|vaart|schans|zoom|weide|rade|poort"
    r"|burgwal|promenade|passage|allee|steiger|rak"
)
_NUMBER = (
    r"(?P<number>[1-9]\d{0,4}(?!\d)(?:\s?[\-/]\s?(?:\d{1,4}|[a-z]{1,2}|i{1,3}|iv)\b|\s?(?:hs|huis|bis|sous|boven|beneden)\b"
    r"|\s?\d?\s?hoog\b|\s[A-Z]\b|[a-z]\b)?)"
)
_UNITS = (
    r"(?!\w)(?!\s?[:.,]\d)(?!\s?(?:%|€|uur|u\b|h\b|jaar|jr\b|euro|eu\b|min|sec|km|meter|m\b|x\b|keer|man\b|mannen|jongens"
    r"|mensen|meiden|meisjes|gasten|boys|agenten|politie|auto|scooter|dagen|dag\b|weken|maanden|december|januari|februari"
    r"|maart|april|mei\b|juni|juli|augustus|september|oktober|november|havo|vwo|vmbo|mavo|mbo|[-–]\s?\d+\s?(?:uur|u\b)"
    r"|op\s\d|tegen\s\d|vs\b|leerlingen|scholieren|steken|schoten|doden|gewonden|minuten|uren|ruiten|gram|kilo|halte"
    r"|a\s?\d|of\s\d|tot\s\d|ste\b|de\s(?:klas|jaar|uur)|th\b))"
)
_STREET = re.compile(
    rf"(?<![\w'\-])(?P<word>(?:[^\W\d_][\w'\-]{{0,40}})?(?:{_SUFFIX}))(?P<gap>,?[ ]{{1,3}}(?:(?:nr\.?|nummer|huisnr\.?|no\.?)[ ]?)?)"
    rf"{_NUMBER}{_UNITS}",
    re.IGNORECASE,
)
_POSTCODE = re.compile(
    rf"(?<![\w])[1-9]\d{{3}}\s?[A-Z]{{2}}(?:{GAP}{{1,2}}(?:nr\.?\s?|huisnummer\s?)?){_NUMBER}{_UNITS}"
)
_TOLD = re.compile(rf"\bhuis(?:nr\.?|nummer){GAP}{{1,2}}(?:is\s)?{_NUMBER}", re.IGNORECASE)
_LAAN_VAN = re.compile(
    rf"\b(?:laan|plein|weg|hof)\s(?:van|der|den|naar)(?:\s(?:de|den|der|het))?\s[\w'\-]{{2,40}}\s(?:nr\.?\s)?{_NUMBER}{_UNITS}",
    re.IGNORECASE,
)
_BEFORE = re.compile(r"(?:^|[^\w'\-])([\w'\-]{2,40})\s$")
_OTHER = re.compile(
    rf"(?<![\w'\-])(?P<word>[^\W\d_][\w'\-]{{2,40}})(?P<gap>,?[ ](?:nr\.?[ ]|nummer[ ])?){_NUMBER}{_UNITS}",
    re.IGNORECASE,
)


def find(buffer: str) -> Iterator[Found]:
    """Every house number with its addition (`12-B`, `4 hs`, `31-3`)."""
    if not any(digit in buffer for digit in "123456789"):
        return
    found = [_number(m) for m in _STREET.finditer(buffer) if _is_street(buffer, m)]
    for pattern in (_POSTCODE, _TOLD, _LAAN_VAN):
        found += (_number(m) for m in pattern.finditer(buffer))
    streets = word_list("streets.txt")
    found += (_number(m) for m in _OTHER.finditer(buffer) if m["word"].lower() in streets)
    yield from sorted(found)


def _number(match: re.Match[str]) -> Found:
    return Found(*match.span("number"), Token.HOUSE_NUMBER)


def _is_street(buffer: str, match: re.Match[str]) -> bool:
    word = match["word"].lower()
    if word not in word_list("not_streets.txt"):
        return True
    # A bare 'Gracht' or 'Weg' is a street only as the last word of a name: 'Gedempte Gracht'.
    before = _BEFORE.search(buffer, max(0, match.start() - 42), match.start())
    return before is not None and match["word"][0].isupper() and (before[1][0].isupper() or before[1].endswith("e"))
