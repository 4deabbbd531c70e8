"""One character at a time: Unicode forms, look-alike letters, invisible characters and emoji.

Knows no words, but for a look-alike word all in another alphabet: that is rewritten only when it gives a known one.
"""

import re
import unicodedata
from functools import lru_cache

from nlp.normalising.aligned import Disguise, Normalised, Undone, untouched
from nlp.normalising.emoji import EMOJI_WORDS
from nlp.normalising.known import KNOWN

LETTER = "A-Za-zÀ-ÖØ-öø-ÿ"

_HOMOGLYPHS = str.maketrans(
    "аеорсухіјѕԁһӏɡԛԝѵкмтпʏαορνικτυεωАВЕКМНОРСТУХІЈЅΑΒΕΖΗΙΚΜΝΟΡΤΥΧցոսօհ",
    "aeopcyxijsdhlgqwvkmtnyaopviktuewABEKMHOPCTYXIJSABEZHIKMNOPTYXgnuoh",
)
_INVISIBLE = frozenset(
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u2060\u2061\u2062\u2063\u2064\ufeff\u3164\uffa0"
)
_PLAIN = re.compile(r"[\x20-\x7e\n\t]*\Z")
_LATIN = re.compile(rf"[{LETTER}]")
_FOREIGN = re.compile(r"[\u0370-\u052f\u0261\u0531-\u058f\u028f]")


def plain_characters(text: str) -> Normalised:
    """The text in plain letters, one cluster at a time."""
    if _PLAIN.match(text):
        return untouched(text)
    out: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    undone: list[Undone] = []
    mixed = _disguised_words(text)
    index, length = 0, len(text)
    while index < length:
        character, begin = text[index], index
        index += 1
        what: Disguise | None = None
        if character.isascii():
            if character < " " and character not in "\n\t":
                character = " "
            piece = character
            if index < length and unicodedata.combining(text[index]):
                while index < length and unicodedata.combining(text[index]):
                    index += 1
                piece = unicodedata.normalize("NFC", text[begin : min(index, begin + 4)])
        elif character in EMOJI_WORDS:
            piece, what = f" {EMOJI_WORDS[character]} ", Disguise.EMOJI
        else:
            piece, what = _one_character(character)
            if begin in mixed:
                piece, what = piece.translate(_HOMOGLYPHS), Disguise.LOOKALIKE
        for made in piece:
            out.append(made)
            starts.append(begin)
            ends.append(index)
        if what is not None:
            if undone and undone[-1].what is what and undone[-1].end == begin:
                undone[-1] = Undone(undone[-1].start, index, what)
            else:
                undone.append(Undone(begin, index, what))
    return Normalised("".join(out), starts, ends, tuple(undone))


@lru_cache(maxsize=8192)
def _one_character(character: str) -> tuple[str, Disguise | None]:
    category = unicodedata.category(character)
    if character in _INVISIBLE or category in {"Cf", "Mn", "Me", "Cc", "Cs"}:
        # A joiner or form selector belongs to the emoji before it and hides nothing.
        return "", None if character in "\u200d\ufe0e\ufe0f" else Disguise.INVISIBLE
    if category in {"Zs", "Zl", "Zp"}:
        return "\n" if character in "\u2028\u2029" else " ", None
    if "\U0001f3fb" <= character <= "\U0001f3ff":
        return "", None
    name = unicodedata.name(character, "")
    if "\U0001f1e6" <= character <= "\U0001f1ff" or "\U0001f130" <= character <= "\U0001f189":
        return (name[-1].lower(), Disguise.UNICODE) if name[-2:-1] == " " else (character, None)
    turned = re.fullmatch(r"(?:LATIN LETTER SMALL CAPITAL|LATIN SMALL LETTER (?:TURNED|REVERSED)) ([A-Z])", name)
    if turned:
        return turned.group(1).lower(), Disguise.UNICODE
    if character in "’‘":
        return "'", None
    if character in "“”„":
        return '"', None
    made = unicodedata.normalize("NFKC", character)[:8]
    return made, Disguise.UNICODE if made != character and category[0] in "LNS" and made.isalnum() else None


def _disguised_words(text: str) -> frozenset[int]:
    """Positions in words that mix alphabets, or that are all look-alikes and give a known word in a Latin text."""
    positions: set[int] = set()
    if not _FOREIGN.search(text):
        return frozenset()
    mostly_latin = len(_LATIN.findall(text)) > 2 * len(_FOREIGN.findall(text))
    for word in re.finditer(r"\w+", text):
        token = word.group()
        if token.isascii() or not _FOREIGN.search(token):
            continue
        latin = token.translate(_HOMOGLYPHS)
        if _LATIN.search(token) or (mostly_latin and len(token) >= 3 and latin.isascii() and latin.lower() in KNOWN):
            positions.update(range(word.start(), word.end()))
    return frozenset(positions)
