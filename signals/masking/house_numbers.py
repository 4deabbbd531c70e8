"""Finds house numbers after a street or a postcode. The street stays: it is a place, the number is a person's door.

Times, ages, amounts, school years, scores and tram lines after a street stay readable.
"""

import re
from collections.abc import Iterator

from signals.masking.reading import digits
from signals.masking.token import Found, Token
from signals.masking.word_lists import fold, word_list

_NUMBER = re.compile(
    r"(?<=[ .:])[1-9]\d{0,4}(?!\d)(?:\s?[\-/]\s?(?:\d{1,4}|[a-z]{1,2}|i{1,3}|iv)\b"
    r"|\s?(?:hs|huis|bis|sous|boven|beneden)\b|\s?\d?\s?hoog\b|\s[A-Z]\b|[a-z]\b)?"
    r"(?!\w)(?!\s?[:.,]\d)(?!\s?(?:%|€|uur|u\b|h\b|jaar|jr\b|euro|eu\b|min|sec|km|meter|m\b|x\b|keer|man\b|mannen|jongens"
    r"|mensen|meiden|meisjes|gasten|boys|agenten|politie|auto|scooter|dagen|dag\b|weken|maanden|december|januari|februari"
    r"|maart|april|mei\b|juni|juli|augustus|september|oktober|november|havo|vwo|vmbo|mavo|mbo|op\s\d|tegen\s\d|vs\b"
    r"|leerlingen|scholieren|steken|schoten|doden|gewonden|minuten|uren|ruiten|gram|kilo|halte|a\s?\d|of\s\d|tot\s\d"
    r"|ste\b|de\s(?:klas|jaar|uur)|th\b|messen|acres|kinderen|personen))",
    re.IGNORECASE,
)
_CLEAR = r"straat|str\.?|weg|laan|plein|kade|gracht|zijde|dijk|singel|steeg|plantsoen|dreef|burgwal|boulevard|straatje"
_WITH_CAPITAL = (
    r"pad|hof|wal|park|markt|baan|veld|hoek|haven|erf|akker|werf|meent|dam|vaart|schans|zoom|weide|rade|poort|promenade"
    r"|passage|allee|steiger|rak|meer|end|einde|land|eiland|ring|horst|bos|burg|tuin"
)
_NR = r",?[ ]{1,3}(?:(?:nr\.?|nummer|huisnr\.?|no\.?)[ ]?)?$"
_STREET = re.compile(
    rf"(?:(?P<before>[\w'\-]{{2,40}})[ ])?(?<![\w'\-])"
    rf"(?!(?:nr|no|nummer|huisnr)\b)(?P<word>[^\W\d_][\w'\-]{{0,40}}\.?){_NR}",
    re.IGNORECASE,
)
_CLEAR_END = re.compile(rf"(?:{_CLEAR})$", re.IGNORECASE)
_CAPITAL_END = re.compile(rf"(?:{_WITH_CAPITAL})$", re.IGNORECASE)
_LAAN_VAN = re.compile(
    r"\b(?:laan|plein|weg|hof)\s(?:van|der|den|naar)(?:\s(?:de|den|der|het))?\s[\w'\-]{2,40}\s(?:nr\.?\s)?$",
    re.IGNORECASE,
)
_TOLD = re.compile(
    r"(?:\bhuis(?:nr\.?|nummer)[:\s]{1,3}(?:is\s)?|(?<!\w)[1-9]\d{3}\s?[A-Z]{2}[,\s]{1,2}(?:nr\.?\s?)?)$"
)
_SCORE_OR_YEAR = re.compile(r"\d\s?-\s?\d|(?:19|20)\d\d")
_WINDOW = 90


def find(buffer: str) -> Iterator[Found]:
    """Every house number with its addition (`12-B`, `4 hs`, `31-3`)."""
    if not digits(buffer):
        return
    for match in _NUMBER.finditer(buffer):
        start = match.start()
        if _follows_street(buffer, start, match[0]) or _TOLD.search(buffer, max(0, start - _WINDOW), start):
            yield Found(*match.span(), Token.HOUSE_NUMBER)


def _follows_street(buffer: str, start: int, number: str) -> bool:
    behind = buffer[max(0, start - _WINDOW) : start]
    if _LAAN_VAN.search(behind):
        return True
    match = _STREET.search(behind)
    if match is None:
        return False
    word = match["word"]
    folded = fold(word)
    if folded in word_list("streets.txt"):
        return True
    capital = word[0].isupper()
    if not (_CLEAR_END.search(word) or (capital and _CAPITAL_END.search(word))):
        return False
    if not capital and _SCORE_OR_YEAR.fullmatch(number):
        return False
    if folded in word_list("not_streets.txt") or len(folded) < 5:
        # A bare 'Gracht' or 'Weg' is a street only as the last word of a name: 'Gedempte Gracht'.
        before = match["before"] or ""
        return capital and bool(before) and (before[0].isupper() or before.endswith("e"))
    towns = folded in word_list("all_place_words.txt") or folded in word_list("place_words.txt")
    return not (towns and not _CLEAR_END.search(word))
