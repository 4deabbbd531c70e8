"""Finds personal names in running text, by name lists and by the words around them. Places, schools and months stay.

A name that is also an ordinary word counts only inside a sentence; one in lower case only where the text says so.
"""

import re
from collections.abc import Iterator
from itertools import islice

from signals.masking.name_cues import (
    HINTS_AFTER,
    HINTS_BEFORE,
    HONORIFIC,
    HONORIFIC_CLOSE,
    HONORIFIC_WORD,
    STREET_SUFFIX,
    SURNAME,
    TELLS_AFTER,
    TELLS_BEFORE,
)
from signals.masking.place_context import in_place_name
from signals.masking.token import Found, Token
from signals.masking.word_lists import fold, word_list

_WORD = re.compile(r"[^\W\d_]\w*(?:['\-][^\W\d_]\w*)*")
_SENTENCE_END = re.compile(r"(?:^|[.!?…:\n\"“”„(\[\-–•|#>*])[\s\"'“”„(*]*$")
_DAY = re.compile(r"\b[0-3]?\d\s$")
_ANNOUNCE = ("heet", "naam", "noem", "alias", "aka", "a.k.a", "name", "calle", " uit ", " van ", " in ")
_SAID = (
    "heet",
    "naam",
    "name",
    "noem",
    "geheten",
    "bekend",
    "alias",
    "aka",
    "a.ka",
    "ak.a",
    "a.k.a",
    "calle",
    "ı",
    "İ",
)
"""What a text holds in which `TELLS_BEFORE` finds anything (its patterns take a Turkish i for an i)."""
_HONOUR = (
    *("meneer", "mijnheer", "mevr", "mvr", "dhr", "mw", "juf", "meester", "docent", "mentor", "lera", "conci", "agent"),
    *("rector", "teamleider", "tante", "oom", "mr", "miss", "sir"),
)
_MANY_CAPITALS = 0.6
_TITLE_WORDS = 40
_CUE_WINDOW = 48
_SHORTEST_SHOUT = 5
"""A word in capitals inside an ordinary text is a name only from this length: shorter ones are abbreviations."""


def find(buffer: str) -> Iterator[Found]:
    """Every personal name, with its surname where that follows."""
    lowered = buffer.lower()
    told = any(map(lowered.__contains__, _ANNOUNCE))
    honoured = any(map(lowered.__contains__, _HONOUR))
    titled = honoured and HONORIFIC_WORD.search(buffer) is not None
    sure, ordinary = word_list("first_names.txt"), word_list("first_names_ordinary.txt")
    words = list(_WORD.finditer(buffer))
    title = _is_title(words)
    done = 0
    for match in words:
        word = match[0]
        folded = word.lower()
        capital = word[0] != folded[0]
        # Most words are no name and stand in no sign of one: they leave here.
        if not (capital or honoured or folded in sure or not folded.isascii()):
            continue
        folded = fold(word)
        start, end = match.span()
        if start < done or len(word) < 2:
            continue
        if titled and (full := _honoured(buffer, start, end, folded, capital=capital)):
            begin = HONORIFIC.search(buffer, max(0, start - _CUE_WINDOW), start)
            yield Found(begin.start("prefix") if begin else start, full, Token.NAME)
            done = full
            continue
        if folded not in sure and folded not in ordinary:
            stem = _stem(folded, sure)
            if stem:
                folded = stem
                end = start + len(stem) if word[len(stem) :].startswith("'") else end
            elif not (told and capital and not word.isupper()):
                continue
        if _is_name(buffer, start, end, folded, title=title, told=told):
            done = _with_surname(buffer, end, title=title or not capital)
            yield Found(start, done, Token.NAME)


def _stem(folded: str, sure: frozenset[str]) -> str | None:
    """The listed name inside a word: a genitive (`Sannes`, `Mo's`) or a double name (`Anne-Sophie`)."""
    if folded.endswith("'s") and folded[:-2] in sure:
        return folded[:-2]
    if "-" in folded and all(part in sure for part in folded.split("-")):
        return folded
    if len(folded) > 5 and folded.endswith("s") and folded[:-1] in sure and folded not in word_list("common_words.txt"):
        return folded[:-1]
    return None


def _is_name(buffer: str, start: int, end: int, folded: str, *, title: bool, told: bool) -> bool:
    word = buffer[start:end]
    if folded in word_list("exceptions.txt") or (
        word[1:] != word[1:].lower() and not word.isupper() and "-" not in word
    ):
        return False
    sure = folded in word_list("first_names.txt")
    place = folded in word_list("place_words.txt")
    capital = word[0].isupper()
    if len(word) == 3 and _is_month(buffer, start):
        return False
    if capital and not (word.isupper() and (len(word) < _SHORTEST_SHOUT or not sure)):
        if sure and not place and len(word) > 2:
            return not in_place_name(buffer, start, end)
        if sure or folded in word_list("first_names_ordinary.txt"):
            opens = title or _opens_sentence(buffer, start)
            if _surname_listed(buffer, end) or not (opens or place or (word.isupper() and not title)):
                return not in_place_name(buffer, start, end)
    return _is_cued(buffer, start, end, folded, told=told) and not in_place_name(buffer, start, end)


def _is_cued(buffer: str, start: int, end: int, folded: str, *, told: bool) -> bool:
    """Whether the words around make it a name, in any case."""
    if folded in word_list("common_words.txt") or folded in word_list("all_place_words.txt"):
        return False
    from_here = max(0, start - _CUE_WINDOW)
    announced = told and (_told_before(buffer, from_here, start) or TELLS_AFTER.match(buffer, end))
    if folded in word_list("first_names.txt"):
        if announced:
            return True
        if len(folded) < 3 or folded in word_list("place_words.txt"):
            return False
        return bool(HINTS_BEFORE.search(buffer, from_here, start) or HINTS_AFTER.match(buffer, end))
    # A name no list knows, or one that is also a word: only when announced, with a capital that says something.
    if not announced or not buffer[start].isupper():
        return False
    return _told_before(buffer, from_here, start) or not _opens_sentence(buffer, start)


def _told_before(buffer: str, from_here: int, start: int) -> bool:
    window = buffer[from_here:start].lower()
    return any(map(window.__contains__, _SAID)) and TELLS_BEFORE.search(buffer, from_here, start) is not None


def _honoured(buffer: str, start: int, end: int, folded: str, *, capital: bool) -> int | None:
    """Where the name ends that follows an honorific (`juf Sanne`, `meneer van den Dool`, `meester de wit`)."""
    match = HONORIFIC.search(buffer, max(0, start - _CUE_WINDOW), start)
    if match is None or folded in word_list("exceptions.txt") or folded in word_list("all_place_words.txt"):
        return None
    if in_place_name(buffer, start, end):
        return None
    if capital and not buffer.isupper():
        return _with_surname(buffer, end, title=True) if folded not in word_list("name_links.txt") else None
    prefix = bool(match["prefix"])
    lists = ("surnames_with_prefix.txt",) if prefix else ("first_names.txt",)
    known = folded in word_list("surnames.txt") or any(folded in word_list(name) for name in lists)
    if folded in word_list("common_words.txt") and not prefix:
        known = False
    return end if known and HONORIFIC_CLOSE.match(buffer, end) else None


def _surname_listed(buffer: str, end: int) -> bool:
    match = SURNAME.match(buffer, end)
    if match is None or not match["last"][0].isupper():
        return False
    last = fold(match["last"].rstrip(".'-"))
    prefixed = match.start("last") - end > 1
    return (last in word_list("surnames.txt") or prefixed) and last not in word_list("first_names.txt")


def _with_surname(buffer: str, end: int, *, title: bool) -> int:
    """Where the name ends when a surname or an initial follows it."""
    match = SURNAME.match(buffer, end)
    if match is None or not match["last"][0].isupper():
        return end
    last = match["last"]
    if len(last) == 2 and last.endswith("."):
        return match.end("last")
    last = last.rstrip(".")
    folded = fold(last)
    prefixed = match.start("last") - end > 1
    if len(last) < 2 or STREET_SUFFIX.search(folded) or folded in word_list("after_place.txt"):
        return end
    if not prefixed:
        listed = folded in word_list("surnames.txt")
        blocked = ("exceptions.txt", "place_words.txt", "all_place_words.txt")
        if last.isupper() or (title and not listed) or any(folded in word_list(name) for name in blocked):
            return end
        if not listed and folded in word_list("common_words.txt"):
            return end
    return match.start("last") + len(last)


def _is_month(buffer: str, start: int) -> bool:
    return _DAY.search(buffer, max(0, start - 4), start) is not None


def _opens_sentence(buffer: str, start: int) -> bool:
    return _SENTENCE_END.search(buffer, max(0, start - 12), start) is not None or not buffer[:start].strip()


def _is_title(words: list[re.Match[str]]) -> bool:
    """Whether most words have a capital, so that a capital says nothing."""
    seen = [match[0][0].isupper() for match in islice(words, _TITLE_WORDS)]
    return len(seen) > 3 and sum(seen) > _MANY_CAPITALS * len(seen)
