"""Cutting a folded text into tokens with a kind each: the alphabet that the grammar of times is written in.

Linear in the text; it decides nothing about meaning, except that a number glued to letters ('A10', 'h3a') is no number.
"""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from nlp.times.lexicon import HASHTAG_WORDS, TRIGGERS, WORDS, Value
from nlp.times.table import words

MOST_AT_ONCE: Final = 20_000
"""A longer text is read in stretches of about so many characters, so that memory stays bounded."""

KINDS: Final = tuple(
    """
    word stop comma dash slash other num nth hhmm dotted four year date today tomorrow morgen yesterday now nu
    noww soon later just once ago weekend about tegen rond from till by after during in within on between and van
    of this next coming last final every often een article left school lesson bell break brk big small s early
    late direct zo moment bit since sinds keer long these sharp event toe uit is when hele end begin noon midnight ampm
    quarter voor over to uur season half anderhalf few vanpart unit month fixed part partly weekday short
    weekdaypart habit tomorrowpart yesterdaypart clockface money
    """.split()  # noqa: SIM905 - a table is read more easily in lines
)
CODE: Final[dict[str, str]] = {kind: chr(0x100 + at) for at, kind in enumerate(KINDS)}

_TOKEN = re.compile(r"(\d+)|(t/m|[^\W\d_]+(?:'[^\W\d_]+)*)|([^\s\"'“”„*_])|(\n)")
_FIGURES = re.compile(
    r"(?P<hhmm>(?:[01]?\d|2[0-4]):[0-5]\d(?![\d:])|(?:[01]?\d|2[0-4])[uh][0-5]\d(?![\d\w]))"
    r"|(?P<dotted>(?:[01]?\d|2[0-4])\.[0-5]\d(?![\d.]*\d))"
    r"|(?P<date>[0-3]?\d[-/.][01]?\d[-/.](?:20)?\d\d(?![\d])|[0-3]?\d[-/][01]?\d(?![\d/-]|\.\d))"
)
_HASHTAG = re.compile("(" + "|".join((*HASHTAG_WORDS, "naschool", "om$")) + ")")
_WORD = re.compile(r"[^\W\d_]+")
_TIMELY_NUMBER = re.compile(
    r"\d[:.uh]\d\d|\d ?(?:[uh]\b|uur|[ap]m\b|min|e\b|[-/]\d|tot\b|dag|w|m)|[\U0001f550-\U0001f567]"
    r"|(?:om|at|rond|tot|till?|tussen|between|vanaf|from|by|voor|na|after|in|wekker|@|m3a|mea) ?\d|2(?:day|n|m)|#\\w{9}"
)
_AFTER_NUMBER = words("scan", "after_number")


class Token(NamedTuple):
    """One word, number or mark of the text, [start, end), with its kind and value."""

    kind: str
    value: Value
    start: int
    end: int
    word: str


def stretches(text: str) -> Iterator[tuple[int, str]]:
    """The text in pieces cut at a space where there is one, each with its offset."""
    at = 0
    while len(text) - at > MOST_AT_ONCE:
        cut = max(text.rfind(" ", at, at + MOST_AT_ONCE), text.rfind("\n", at, at + MOST_AT_ONCE))
        cut = cut + 1 if cut > at else at + MOST_AT_ONCE
        yield at, text[at:cut]
        at = cut
    yield at, text[at:] if at else text


def worth_reading(text: str) -> bool:
    """Whether a text can hold a time expression at all: a quick look that spares most texts the grammar."""
    return not TRIGGERS.isdisjoint(_WORD.findall(text)) or _TIMELY_NUMBER.search(text) is not None


def scan(text: str) -> list[Token]:
    """All tokens of a text, quotes and blanks left out."""
    tokens: list[Token] = []
    at = 0
    for found in _TOKEN.finditer(text):
        start, end = found.span()
        if start < at:
            continue
        word = found.group()
        if found.lastindex == 2:
            known = WORDS.get(word)
            if known:
                tokens.append(Token(known[0], known[1], start, end, word))
            elif len(word) > 8 and start and text[start - 1] == "#":
                tokens.extend(_hashtag(word, start))
            elif "'" in word:
                tokens.extend(_apostrophes(word, start))
            else:
                tokens.append(Token("word", (), start, end, word))
        elif found.lastindex == 1:
            token = _number(text, start, end, tokens)
            tokens.append(token)
            at = token.end
        else:
            tokens.append(_mark(word, start))
    return tokens


def _apostrophes(word: str, start: int) -> Iterator[Token]:
    for piece in word.split("'"):
        if piece:
            yield _word(piece, start)
        start += len(piece) + 1


def _word(word: str, start: int) -> Token:
    kind, value = WORDS.get(word, ("word", ()))
    return Token(kind, value, start, start + len(word), word)


def _hashtag(word: str, start: int) -> Iterator[Token]:
    at = start
    for piece in _HASHTAG.split(word):
        if piece == "naschool":
            yield from (_word("na", at), _word("school", at + 2))
        elif piece:
            yield _word(piece, at)
        at += len(piece)


def _mark(mark: str, start: int) -> Token:
    end = start + len(mark)
    if mark in ".!?;\n:)(…|•":
        return Token("stop", (), start, end, mark)
    if "\U0001f550" <= mark <= "\U0001f567":
        at = ord(mark) - 0x1F550
        return Token("clockface", ((at % 12 + 1) * 60 + (30 if at >= 12 else 0),), start, end, mark)
    if mark in "@&":
        return _word(mark, start)
    kind = {",": "comma", "-": "dash", "/": "slash", "€": "money", "$": "money", "£": "money"}.get(mark, "other")
    return Token(kind, (), start, end, mark)


def _number(text: str, start: int, end: int, before: list[Token]) -> Token:
    if _stuck(text, start) and not _ends_range(text, start, before):
        return Token("word", (), start, end, text[start:end])
    if end - start > 4:
        return Token("word", (), start, end, text[start:end])
    figures = _FIGURES.match(text, start)
    if figures:
        return _figures(figures)
    digits, value = text[start:end], int(text[start:end])
    after = text[end : end + 1]
    if after.isalpha():
        follow = _TOKEN.match(text, end)
        suffix = follow.group() if follow else ""
        if suffix in {"e", "de", "ste", "st", "nd", "rd", "th"} and value < 100:
            return Token("nth", (value,), start, end + len(suffix), digits + suffix)
        if (suffix == "u" and value <= 24) or (suffix == "h" and (6 < value <= 24 or _told(before))):
            return Token("hhmm", (value * 60, 0), start, end + 1, digits + suffix)
        if suffix in {"day", "nite", "night", "moro"}:
            return _word(digits + suffix, start)
        if suffix not in _AFTER_NUMBER:
            return Token("word", (), start, end, digits)
    if after in {"%", "€", "+"} or (after in ".," and text[end + 1 : end + 2].isdigit()):
        return Token("word", (), start, end, digits)
    if len(digits) == 4:
        if 1980 <= value <= 2060:
            return Token("year", (value,), start, end, digits)
        kind = "four" if value // 100 <= 24 and value % 100 < 60 else "word"
        return Token(kind, (value // 100 * 60 + value % 100,), start, end, digits)
    return Token("num" if len(digits) < 4 else "word", (value,), start, end, digits)


def _stuck(text: str, start: int) -> bool:
    """Whether a number is part of something else: 'A10', '€5', '3,50', '+31'."""
    last = text[start - 1] if start else " "
    if last.isalnum():
        return not text.endswith("om", 0, start)
    return last in "€$£+%#" or (last in ".,:/-" and start > 1 and text[start - 2].isdigit())


def _ends_range(text: str, start: int, before: list[Token]) -> bool:
    return text[start - 1] in "-/" and len(before) > 1 and before[-2].kind in {"num", "hhmm", "dotted", "uur"}


def _told(before: list[Token]) -> bool:
    return bool(before) and before[-1].kind in {"about", "rond", "till", "from", "by"}


def _figures(found: re.Match[str]) -> Token:
    start, end = found.span()
    word = found.group()
    parts = tuple(int(part) for part in re.split(r"[-:/.uh]", word))
    if found.group("date") is not None:
        day, month = parts[:2]
        if not (1 <= day <= 31 and 1 <= month <= 12):
            first = re.match(r"\d+", word)
            width = len(first.group()) if first else 1
            return Token("num", (day,), start, start + width, word[:width])
        return Token("date", parts, start, end, word)
    exact = int(len(word) > 4 and (word[0] == "0" or parts[0] > 12))
    return Token("hhmm" if found.group("hhmm") else "dotted", (parts[0] * 60 + parts[1], exact), start, end, word)
