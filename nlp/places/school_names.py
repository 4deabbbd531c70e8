"""Reads a published school name: its parts, its words with abbreviations written in full, and its list of levels.

It makes no new names; `nlp.places.aliases` does.
"""

import re

from nlp.places import school_words as words

Phrase = tuple[str, ...]
Said = tuple[Phrase, Phrase]
"""A name as a row of words, and the rules that made it, in order."""


def parts(given: str) -> list[list[Said]]:
    """The school first, then its buildings; each in one or more readings without the list of levels."""
    read = (_readings(part) for part in words.PLACE_MARK.split(words.GLUED_FOR.sub(" voor", given)))
    return [readings for readings in read if readings]


def _readings(part: str) -> list[Said]:
    """The names in one part of a published name, without its list of levels, with the rules that were applied."""
    tokens = _tokens(part)
    written = tuple(w for token in tokens for w in words.SHORTENED.get(token, token).split())
    written = tuple(
        words.INFLECTED.get(word, word) if following in words.COMMUNITIES else word
        for word, following in zip(written, (*written[1:], ""), strict=False)
    )
    if all(word in words.LEVELS | words.JOINTS for word in written):
        return []
    if written == tokens:
        return _without_levels(tokens, ())
    return [*_without_levels(written, ("abbreviation written in full",)), *_without_levels(tokens, ("as abbreviated",))]


def _without_levels(phrase: Phrase, rules: Phrase) -> list[Said]:
    start, end = _levels(phrase)
    if start == end:
        return [(phrase, rules)]
    rules = (*rules, "list of levels dropped")
    before, after = phrase[:start], trim(phrase[end:])
    names: list[Said] = [(name, rules) for name in (before, after) if name]
    if before and after:
        names.append(((*before, *after), rules))
    if phrase[start] in {"lyceum", "gymnasium"} and start + 1 < end:
        names.append((phrase[: start + 1], rules))  # 'Erasmus Lyceum Havo Mavo': the first level may be the kind
    return names


def _levels(phrase: Phrase) -> tuple[int, int]:
    """Where the list of levels stands: from 'voor', or from the first of two levels, to the last of them."""
    joints = words.JOINTS | words.DENOMINATIONS | words.PEDAGOGIES | {"v"}
    levels = [words.SHORTENED.get(word, word) in words.LEVELS for word in phrase]
    for start in range(1, len(phrase)):
        starts = phrase[start] in {"voor", "v"}
        if not (starts or levels[start]) or phrase[start : start + 2] == ("lyceum", "lyceum"):
            continue
        end = start
        while end < len(phrase) and (levels[end] or words.SHORTENED.get(phrase[end], phrase[end]) in joints):
            end += 1
        while end > start and not levels[end - 1]:
            end -= 1  # 'voor praktijkonderwijs De Sprong': the article belongs to the name
        if sum(levels[start:end]) >= (1 if starts else 2):
            return start, end
    return len(phrase), len(phrase)


def _tokens(part: str) -> Phrase:
    """Words in lower case; a full stop after an abbreviation and quotation marks are no part of them."""
    spaced = re.sub(r"(?<=[a-z]{2})\.(?=[A-Za-z])", ". ", words.GLUED_LEVELS.sub(" ", part).replace("`", "'"))
    stripped = (re.sub(r"^[\"“”(]+|[\"“”),.;:]+$", "", word) for word in spaced.lower().split())
    tokens = [part for word in stripped if word not in {"", "-", "–"} for part in _kinds_apart(word)]
    for at, word in enumerate(tokens):
        if word in {"v", "v."}:
            tokens[at] = "voor" if tokens[at + 1 : at + 2] and _is_level(tokens[at + 1]) else "van"
    return tuple(tokens)


def _kinds_apart(word: str) -> list[str]:
    """'lyceum-mavo' and 'mavo/vbo' are two words; 'nassau-veluwe' is one."""
    halves = re.split(r"[-/]", word)
    known = words.KINDS | words.LEVELS
    return halves if len(halves) > 1 and all(words.SHORTENED.get(half, half) in known for half in halves) else [word]


def _is_level(word: str) -> bool:
    return words.SHORTENED.get(word, word) in words.LEVELS | words.DENOMINATIONS


def trim(name: Phrase) -> Phrase:
    """Without joining words left over at either end."""
    first, last = 0, len(name)
    while last > first and name[last - 1] in {"van", "voor", "en", "de", "het", "&", "in", "of", "met", "v"}:
        last -= 1
    while first < last and name[first] in {"voor", "en", "&", "of", "met", "e.o"}:
        first += 1
    return name[first:last]
