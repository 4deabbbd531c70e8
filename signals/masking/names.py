"""Finds personal names in running text, by name lists and by the words around them. Places, schools and months stay.

A name that is also an ordinary word counts only inside a sentence; one in lower case only where the text says so.
"""

import re
from collections.abc import Iterator
from itertools import islice

from signals.masking.name_cues import AFTER, BEFORE, HONORIFIC, STREET_SUFFIX
from signals.masking.reading import BLANK
from signals.masking.token import Found, Token
from signals.masking.word_lists import fold, phrases_by_word, word_list

_WORD = re.compile(r"[^\W\d_](?:[\w]|['\-](?=[^\W\d_])){0,40}")
_CAPITAL = re.compile(r"[A-ZÀ-ÖØ-ÞĀ-ŽİŞĞ]")
_SURNAME = re.compile(
    r"(?:[ ](?:van|von|vd|v\.d\.|de|den|der|ten|ter|te|da|dos|el|al|ben|bin|ould|in|'t|op|la|le)(?![\w']))"
    r"{0,3}[ \-](?P<last>[^\W\d_][\w'\-]{0,40}\.?)"
)
_SENTENCE_END = re.compile(r"(?:^|[.!?…:\n\"“”„(\[\-–•|#>*])[\s\"'“”„(*]*$")
_MANY_CAPITALS = 0.6


def find(buffer: str) -> Iterator[Found]:
    """Every personal name, with its surname where that follows."""
    found = [Found(*span, Token.NAME) for span in (*_told(buffer), *_listed(buffer))]
    yield from sorted(found, key=lambda f: (f.start, -f.end))


def _listed(buffer: str) -> Iterator[tuple[int, int]]:
    """Names written with a capital that stand in the list."""
    sure, ordinary = word_list("first_names.txt"), word_list("first_names_ordinary.txt")
    places, never = word_list("place_words.txt"), word_list("exceptions.txt")
    title = _is_title(buffer)
    done = 0
    for match in _WORD.finditer(buffer):
        word = match[0]
        start = match.start()
        if start < done or not _CAPITAL.match(word):
            continue
        folded = fold(word)
        stem = folded.removesuffix("'s")
        if stem not in sure and stem not in ordinary:
            parts = stem.split("-")
            if len(parts) == 1 or not (parts[0] in sure and parts[-1] in sure):
                if stem.endswith("s") and stem[:-1] in sure and len(stem) > 4 and stem not in places:
                    stem = stem[:-1]
                else:
                    continue
        if stem in never or _in_place_name(buffer, match.start(), match.end(), stem):
            continue
        end = match.start() + len(stem) if word.endswith("'s") else match.end()
        full = _with_surname(buffer, end, title=title)
        certain = stem in sure and stem not in places and len(stem) > 2 and not (word.isupper() and len(word) < 4)
        if not certain and full == end and (title or _opens_sentence(buffer, start) or stem in places):
            continue
        done = full
        yield start, full


def _told(buffer: str) -> Iterator[tuple[int, int]]:
    """Names that the words around them announce, in any case."""
    for match in HONORIFIC.finditer(buffer):
        span = _honoured(buffer, match)
        if span:
            yield span
    for pattern, unlisted in BEFORE:
        for match in pattern.finditer(buffer):
            span = _announced(buffer, match.end(), unlisted=unlisted)
            if span:
                yield span
    for pattern, unlisted in AFTER:
        for match in pattern.finditer(buffer):
            span = _announced(buffer, match.start("name"), unlisted=unlisted)
            if span and span[1] >= match.end("name"):
                yield span


def _announced(buffer: str, start: int, *, unlisted: bool) -> tuple[int, int] | None:
    """The name at `start`; one that no list knows only when `unlisted` and written with a capital."""
    match = _WORD.match(buffer, start)
    if match is None:
        return None
    folded = fold(match[0])
    if folded in word_list("exceptions.txt") or _in_place_name(buffer, match.start(), match.end(), folded):
        return None
    capital = bool(_CAPITAL.match(match[0])) and not match[0].isupper()
    if folded in word_list("first_names.txt") and folded not in word_list("common_words.txt"):
        known = True
    else:
        known = capital and (folded in word_list("first_names_ordinary.txt") or (unlisted and not _is_title(buffer)))
        known = known and folded not in word_list("place_words.txt") and folded not in word_list("common_words.txt")
    return (start, _with_surname(buffer, match.end(), title=not capital)) if known else None


def _honoured(buffer: str, match: re.Match[str]) -> tuple[int, int] | None:
    end = match.end("name")
    folded = fold(match["name"])
    if folded in word_list("exceptions.txt") or folded in word_list("common_words.txt"):
        return None
    if _CAPITAL.match(match["name"]) and not buffer.isupper():
        return match.start("prefix"), _with_surname(buffer, end, title=True)
    if match["prefix"]:
        known = folded in word_list("surnames_with_prefix.txt") or folded in word_list("surnames.txt")
    else:
        known = folded in word_list("first_names.txt") or folded in word_list("surnames.txt")
    return (match.start("prefix"), end) if known and match["close"] else None


def _with_surname(buffer: str, end: int, *, title: bool) -> int:
    """Where the name ends when a surname or an initial follows it."""
    match = _SURNAME.match(buffer, end)
    if match is None or not _CAPITAL.match(match["last"]):
        return end
    last = match["last"]
    prefixed = match.start("last") - end > 1
    if len(last) == 2 and last.endswith("."):
        return match.end("last")
    last = last.rstrip(".'-")
    folded = fold(last)
    blocked = (
        "exceptions.txt",
        "place_words.txt",
        "all_place_words.txt",
        "common_words.txt",
        "first_names_ordinary.txt",
    )
    if (
        len(last) < 2
        or (last.isupper() and not prefixed)
        or STREET_SUFFIX.search(folded)
        or folded in word_list("after_place.txt")
    ):
        return end
    if not prefixed and any(folded in word_list(name) for name in blocked):
        return end
    if title and not prefixed and folded not in word_list("surnames.txt"):
        return end
    return match.start("last") + len(last)


def _in_place_name(buffer: str, start: int, end: int, word: str) -> bool:
    """Whether the word is part of a place's name here: a known phrase, a school or a street."""
    before = [fold(w) for w in re.findall(r"[\w'\-.]+", buffer[max(0, start - 60) : start].rpartition(BLANK)[2])][-4:]
    after = [fold(m[0]) for m in islice(re.finditer(r"[\w'\-]+", buffer[end : end + 60].partition(BLANK)[0]), 5)]
    if before and before[-1] in word_list("before_place.txt"):
        return True
    if after and after[0] in word_list("after_place.txt") and buffer[end : end + 1] in " -":
        return True
    if any(STREET_SUFFIX.search(w) for w in after[:4]) and _runs_on(buffer, end, after):
        return True
    around = [*before, word, *after]
    here = len(before)
    for phrase in phrases_by_word("place_phrases.txt").get(word, ()):
        for offset, part in enumerate(phrase):
            first = here - offset
            if part == word and first >= 0 and tuple(around[first : first + len(phrase)]) == phrase:
                return True
    return False


def _runs_on(buffer: str, end: int, after: list[str]) -> bool:
    """Whether the words up to a street word belong to one name: capitals and small links only."""
    place = end
    for match in islice(_WORD.finditer(buffer, end), 4):
        if buffer[place : match.start()] not in (" ", "-"):
            return False
        folded = fold(match[0])
        if STREET_SUFFIX.search(folded):
            return bool(_CAPITAL.match(match[0])) or folded in after[:1] or folded not in word_list("after_place.txt")
        if folded not in word_list("name_links.txt") and not _CAPITAL.match(match[0]):
            return False
        place = match.end()
    return False


def _opens_sentence(buffer: str, start: int) -> bool:
    return _SENTENCE_END.search(buffer, max(0, start - 12), start) is not None or not buffer[:start].strip()


def _is_title(buffer: str) -> bool:
    """Whether most words have a capital, so that a capital says nothing."""
    words = [m[0] for m in islice(_WORD.finditer(buffer), 200)]
    return len(words) > 3 and sum(w[0].isupper() for w in words) > _MANY_CAPITALS * len(words)
