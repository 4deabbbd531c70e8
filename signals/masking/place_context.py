"""Whether a word that could be a name is part of a place's name where it stands: a known phrase, a school, a street."""

import re
from itertools import islice

from signals.masking.name_cues import STREET_SUFFIX
from signals.masking.reading import BLANK
from signals.masking.word_lists import fold, phrases_by_word, word_list

_WORD = re.compile(r"[\w'\-]+")
_WINDOW = 60
_LONGEST_PHRASE = 4


def in_place_name(buffer: str, start: int, end: int) -> bool:
    """Whether the word [start, end) belongs to a place (`Anton Pieck`, `station Alexander`, `Jan van Galenstraat`)."""
    word = fold(buffer[start:end])
    behind = buffer[max(0, start - _WINDOW) : start].rpartition(BLANK)[2]
    before = [fold(part) for part in _WORD.findall(behind)][-_LONGEST_PHRASE:]
    ahead = buffer[end : end + _WINDOW].partition(BLANK)[0]
    after = [fold(part) for part in _WORD.findall(ahead)][:_LONGEST_PHRASE]
    if before and before[-1] in word_list("before_place.txt") and behind[-1:] == " ":
        return True
    if after and after[0] in word_list("after_place.txt") and ahead[:1] in (" ", "-"):
        return True
    if any(STREET_SUFFIX.search(part) for part in after) and _runs_on(buffer, end):
        return True
    around = (*before, word, *after)
    for phrase in phrases_by_word("place_phrases.txt").get(word, ()):
        for offset, part in enumerate(phrase):
            first = len(before) - offset
            if part == word and first >= 0 and around[first : first + len(phrase)] == phrase:
                return True
    return False


def _runs_on(buffer: str, end: int) -> bool:
    """Whether the words up to a street word belong to one name: capitals and small links only."""
    place = end
    last = ""
    for count, match in enumerate(islice(_WORD.finditer(buffer, end), _LONGEST_PHRASE)):
        if buffer[place : match.start()] not in (" ", "-", ""):
            return False
        folded = fold(match[0])
        capital = match[0][0].isupper()
        if STREET_SUFFIX.search(folded):
            return capital or count == 0 or folded not in word_list("after_place.txt")
        if (match[0].isupper() and len(match[0]) > 1) or (not capital and folded not in word_list("name_links.txt")):
            return False
        if last == "van" and folded in ("de", "het"):
            return False  # 'Youssef van het Calvijn College' is a person of a school, 'Jan van Galenstraat' a street
        last = folded
        place = match.end()
    return False
