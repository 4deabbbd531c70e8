"""Undo the ways a text is disguised (Unicode tricks, leet, spaced and stretched letters, emoji) and keep a map back.

It rewrites only what is plainly a disguise; it never decides what a text means.
"""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

EMOJI_WORDS: dict[str, str] = {
    "🔪": "mes",
    "🗡": "dolk",
    "🔫": "pistool",
    "💣": "bom",
    "🧨": "vuurwerkbom",
    "🪓": "bijl",
    "🔨": "hamer",
    "⚔": "zwaarden",
    "🏹": "pijl en boog",
    "🩸": "bloed",
    "⚰": "doodskist",
    "🪦": "grafsteen",
    "💀": "doodshoofd",
    "☠": "doodshoofd",
    "⏰": "wekker",
    "⏳": "zandloper",
    "💊": "pillen",
    "💉": "spuit",
    "🌿": "wiet",
    "🍃": "wiet",
    "🍁": "wiet",
    "❄": "sneeuw",
    "💨": "rook",
    "🍬": "snoep",
    "🍪": "koekje",
    "🔌": "plug",
    "💶": "geld",
    "💰": "geld",
    "💸": "geld",
    "🖕": "middelvinger",
    "👊": "vuist",
    "🥊": "bokshandschoen",
    "🤫": "stil",
    "🚔": "politieauto",
    "🚨": "sirene",
    "👮": "politie",
    "🐷": "varken",
    "🐀": "rat",
    "🐍": "slang",
    "📍": "plek",
    "🎯": "doelwit",
    "🏫": "school",
    "🔥": "vuur",
    "💥": "knal",
    "🎮": "game",
    "⚽": "voetbal",
    "🎵": "muziek",
    "🎶": "muziek",
    "🎤": "microfoon",
    "🕊": "duif",
    "🕯": "kaars",
    "😂": "haha",
    "🤣": "haha",
}
"""Emoji that carry meaning here, as the Dutch word the encoder knows; most of these are unknown to its tokenizer."""

_HOMOGLYPHS = str.maketrans(
    "аеорсухіјѕԁһӏɡԛԝαορνικτυАВЕКМНОРСТУХІЈЅΑΒΕΖΗΙΚΜΝΟΡΤΥΧ",
    "aeopcyxijsdhlgqwaopviktuABEKMHOPCTYXIJSABEZHIKMNOPTYX",
)
_INVISIBLE = frozenset(
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u2060\u2061\u2062\u2063\u2064\ufeff\u3164\uffa0"
)
_LEET = {
    "0": "o",
    "1": "i",
    "3": "e",
    "4": "a",
    "5": "s",
    "7": "t",
    "8": "b",
    "@": "a",
    "$": "s",
    "!": "i",
    "|": "l",
    "€": "e",
}
_LETTER = "A-Za-zÀ-ÖØ-öø-ÿ"
_LEET_WORD = re.compile(
    rf"(?<![\w\[@])(?=[{_LETTER}0-9@$!|€]{{0,48}}[{_LETTER}][01345@$!|€78]{{1,2}}[{_LETTER}])[{_LETTER}][{_LETTER}0-9@$!|€]{{0,48}}"
)
_LEET_RUN = re.compile(rf"(?<=[{_LETTER}])[01345@$!|€78]{{1,2}}(?=[{_LETTER}])")
_SPACED = re.compile(
    rf"(?<![\w'’])[{_LETTER}]"
    rf"(?:(?: [{_LETTER}]){{2,}}|(?:[.\-_*·][{_LETTER}]){{2,}}|(?:, ?[{_LETTER}]){{3,}})"
    r"(?![\w'’])"
)
_STRETCHED = re.compile(rf"([{_LETTER}])\1{{2,}}")
_PLAIN = re.compile(r"[\x20-\x7e\n\t]*\Z")
_ABBREVIATION = frozenset(
    {
        "b.v",
        "o.a",
        "i.p.v",
        "m.b.t",
        "t.a.v",
        "a.u.b",
        "n.a.v",
        "o.l.v",
        "d.w.z",
        "r.i.p",
        "z.s.m",
        "p.s",
        "m.a.w",
        "t.z.t",
    }
)


@dataclass(frozen=True, slots=True)
class Normalised:
    """The rewritten text, and for each of its characters the span [start, end) of the given text it stands for."""

    text: str
    starts: Sequence[int]
    ends: Sequence[int]

    def original(self, start: int, end: int) -> tuple[int, int]:
        """The span of the given text behind [start, end) of the rewritten one; empty spans stay empty."""
        if start >= end:
            at = self.starts[start] if start < len(self.starts) else (self.ends[-1] if self.ends else 0)
            return at, at
        return min(self.starts[start:end]), max(self.ends[start:end])


def normalise(text: str) -> Normalised:
    """Rewrite `text` to what a reader takes it for, with the map back. Linear in the length of the text."""
    identity = Normalised(text, range(len(text)), range(1, len(text) + 1))
    made = identity if _PLAIN.match(text) else _characters(text)
    for undo in (_undo_spacing, _undo_leet, _undo_stretching):
        made = undo(made)
    return made


def fold(text: str) -> str:
    """Lower case without accents, one character for each given one: the form that words and names are matched in."""
    if text.isascii():
        return text.lower()
    return "".join(map(_fold_character, text))


@lru_cache(maxsize=8192)
def _fold_character(character: str) -> str:
    if character in "’‘`´":
        return "'"
    if character in "–—‐‑":
        return "-"
    return unicodedata.normalize("NFD", character.lower())[:1] or character


def _characters(text: str) -> Normalised:
    """Unicode forms, look-alikes, invisible characters and emoji, one cluster at a time."""
    out: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    mixed = _mixed_words(text)
    index, length = 0, len(text)
    while index < length:
        character, begin = text[index], index
        index += 1
        if character.isascii():
            if character < " " and character not in "\n\t":
                character = " "
            piece = character
            if index < length and unicodedata.combining(text[index]):
                while index < length and unicodedata.combining(text[index]):
                    index += 1
                piece = unicodedata.normalize("NFC", text[begin : min(index, begin + 4)])
        elif character in EMOJI_WORDS:
            piece = f" {EMOJI_WORDS[character]} "
        else:
            piece = _one_character(character)
            if begin in mixed:
                piece = piece.translate(_HOMOGLYPHS)
        for made in piece:
            out.append(made)
            starts.append(begin)
            ends.append(index)
    return Normalised("".join(out), starts, ends)


@lru_cache(maxsize=8192)
def _one_character(character: str) -> str:
    if character in _INVISIBLE or unicodedata.category(character) in {"Cf", "Mn", "Me", "Cc", "Cs"}:
        return ""
    if unicodedata.category(character) in {"Zs", "Zl", "Zp"}:
        return "\n" if character in "\u2028\u2029" else " "
    if "\U0001f3fb" <= character <= "\U0001f3ff":
        return ""
    if "\U0001f1e6" <= character <= "\U0001f1ff" or "\U0001f130" <= character <= "\U0001f189":
        name = unicodedata.name(character, "")
        return name[-1].lower() if name[-2:-1] == " " else character
    if character in "’‘":
        return "'"
    if character in "“”„":
        return '"'
    return unicodedata.normalize("NFKC", character)[:8]


def _mixed_words(text: str) -> frozenset[int]:
    """Positions in words that mix Latin with Cyrillic or Greek letters: there a look-alike is a disguise."""
    positions: set[int] = set()
    for word in re.finditer(r"\w+", text):
        token = word.group()
        if not token.isascii() and re.search(rf"[{_LETTER}]", token) and re.search(r"[\u0370-\u052f\u0261]", token):
            positions.update(range(word.start(), word.end()))
    return frozenset(positions)


def _undo_spacing(made: Normalised) -> Normalised:
    def joined(found: re.Match[str]) -> str | None:
        letters = re.sub(rf"[^{_LETTER}]", "", found.group())
        if found.group().lower().rstrip(".") in _ABBREVIATION or (letters.isupper() and "." in found.group()):
            return None
        return letters

    return rewrite(made, _SPACED, joined)


def _undo_leet(made: Normalised) -> Normalised:
    def plain(found: re.Match[str]) -> str:
        word = _LEET_RUN.sub(lambda run: "".join(_LEET[c] for c in run.group()), found.group())
        return re.sub(r"[034@$€]+$", lambda run: "".join(_LEET[c] for c in run.group()), word)

    return rewrite(made, _LEET_WORD, plain)


def _undo_stretching(made: Normalised) -> Normalised:
    def short(found: re.Match[str]) -> str:
        return found.group(1) * (2 if found.group(1).lower() in "aeiou" else 1)

    return rewrite(made, _STRETCHED, short)


def rewrite(made: Normalised, pattern: re.Pattern[str], new: Callable[[re.Match[str]], str | None]) -> Normalised:
    """Replace matches; a replacement of equal length keeps its letters' places, another one points at the whole."""
    if not pattern.search(made.text):
        return made
    out: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    at = 0
    for found in pattern.finditer(made.text):
        replacement = new(found)
        if replacement is None:
            continue
        begin, end = found.span()
        out.append(made.text[at:begin] + replacement)
        starts.extend(made.starts[at:begin])
        ends.extend(made.ends[at:begin])
        if len(replacement) == end - begin:
            starts.extend(made.starts[begin:end])
            ends.extend(made.ends[begin:end])
        else:
            first, last = made.original(begin, end)
            starts.extend([first] * len(replacement))
            ends.extend([last] * len(replacement))
        at = end
    out.append(made.text[at:])
    starts.extend(made.starts[at:])
    ends.extend(made.ends[at:])
    return Normalised("".join(out), starts, ends)
