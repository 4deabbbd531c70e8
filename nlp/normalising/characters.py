"""One character at a time: Unicode forms, look-alike letters, invisible characters and emoji.

Knows no words, but for a look-alike word all in another alphabet: that is rewritten only when it gives a known one.
"""

import re
import unicodedata
from functools import lru_cache

from nlp.normalising.aligned import Disguise, Normalised, Undone, untouched
from nlp.normalising.emoji import EMOJI_WORDS
from nlp.normalising.known import HIDDEN, KNOWN
from nlp.normalising.lookalikes import LOOKALIKES, ORTHOGRAPHY
from nlp.normalising.marks import MARKS, marked_words, without_marks

_FIRST_MARK = "\u0300"
LETTER = "A-Za-zÀ-ÖØ-öø-ÿ"

_INVISIBLE = frozenset(
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u2060\u2061\u2062\u2063\u2064\ufeff\u3164\uffa0"
)
_ANY_MARK = re.compile(f"[{MARKS}]")
_PLAIN = re.compile(r"[\x20-\x7e\n\t]*\Z")
_TOKEN = re.compile(rf"[\w{MARKS}]+")
_ODD = re.compile(rf"[^\x20-\x7e\n\t][{MARKS}]*")
_LATIN = re.compile(rf"[{LETTER}]")
_FOREIGN = re.compile(
    "[\u0110\u0111\u0126\u0127\u0131\u0138\u0141\u0142\u014a\u014b\u0166\u0167\u0180-\u01bf\u01e4\u01e5\u0221-\u02af"
    "\u0370-\u052f\u0531-\u0587\u13a0-\u13fd\u1d00-\u1d7f\u2c60-\u2ce3\ua4d0-\ua4ff\ua726-\ua7ff\uab30-\uabbf]"
)
"""Where letters of `LOOKALIKES` lie."""


def plain_characters(text: str) -> Normalised:
    """The text in plain letters, one cluster at a time."""
    if _PLAIN.match(text):
        return untouched(text)
    pieces: list[tuple[int, int, str]] = []
    undone: list[Undone] = []
    alike, marked = _disguised_words(text), marked_words(text)
    at = 0
    for found in _ODD.finditer(text):
        begin, end = found.span()
        if end - begin == 1 and begin not in alike and begin not in marked and text[begin] < _FIRST_MARK:
            piece, what = _one_character(text[begin])
        else:
            if begin > at and _ANY_MARK.match(text, begin):
                begin -= 1
            piece, what = _in_context(text, begin, end, alike=begin in alike, marked=begin in marked)
        pieces.append((begin, end, piece))
        at = end
        if what is None:
            continue
        first, last = marked[begin] if what is Disguise.MARKED and begin in marked else (begin, end)
        if undone and undone[-1].what is what and undone[-1].end >= first:
            undone[-1] = Undone(undone[-1].start, last, what)
        else:
            undone.append(Undone(first, last, what))
    return _put_together(text, pieces, tuple(undone))


def _put_together(text: str, pieces: list[tuple[int, int, str]], undone: tuple[Undone, ...]) -> Normalised:
    """The text with each span that is given replaced by its piece."""
    out: list[str] = []
    at = 0
    for begin, end, piece in pieces:
        out += (text[at:begin], piece)
        at = end
    made = "".join(out) + text[at:]
    if all(end - begin == len(piece) == 1 for begin, end, piece in pieces):
        return Normalised(made, range(len(text)), range(1, len(text) + 1), undone)
    starts: list[int] = []
    ends: list[int] = []
    at = 0
    for begin, end, piece in pieces:
        starts.extend(range(at, begin))
        ends.extend(range(at + 1, begin + 1))
        starts.extend([begin] * len(piece))
        ends.extend([end] * len(piece))
        at = end
    starts.extend(range(at, len(text)))
    ends.extend(range(at + 1, len(text) + 1))
    return Normalised(made, starts, ends, undone)


def _in_context(text: str, begin: int, end: int, *, alike: bool, marked: bool) -> tuple[str, Disguise | None]:
    """A character with the marks on it, in its word."""
    piece, what = _cluster(text[begin:end], marked=marked)
    if piece >= "\u0590" and unicodedata.category(piece[0]) == "Mn" and text[begin - 1 : begin].isascii():
        return "", Disguise.MARKED  # a vowel sign of another script, on a letter of ours
    return (piece.translate(LOOKALIKES), Disguise.LOOKALIKE) if alike else (piece, what)


def _cluster(cluster: str, *, marked: bool) -> tuple[str, Disguise | None]:
    """A character and the marks on it."""
    character, marks = cluster[0], cluster[1:]
    if marked:
        bare = without_marks(cluster)
        piece, what = (bare, None) if bare.isascii() else _one_character(bare)
        return piece, Disguise.MARKED if bare != cluster else what
    if _ANY_MARK.match(character):
        return "", Disguise.MARKED
    if not marks:
        return _one_character(character)
    whole = unicodedata.normalize("NFC", cluster[:3])
    if len(cluster) <= 3 and character.isalpha() and not _ANY_MARK.search(whole[1:]):
        return whole, None
    piece, what = (character, None) if character.isascii() else _one_character(character)
    # A frame around a figure makes it an emoji.
    return piece, what if marks == "\u20e3" else Disguise.MARKED


@lru_cache(maxsize=8192)
def _one_character(character: str) -> tuple[str, Disguise | None]:
    category = unicodedata.category(character)
    if character in EMOJI_WORDS:
        return f" {EMOJI_WORDS[character]} ", Disguise.EMOJI
    if character < " ":
        return " ", None
    selector = "VARIATION SELECTOR" in unicodedata.name(character, "")
    if category in {"Mn", "Me"} and not selector and character not in _INVISIBLE:
        return character, None  # a vowel sign, without which other scripts cannot be read
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
    for word in _TOKEN.finditer(text):
        token = _ANY_MARK.sub("", word.group())
        if token.isascii() or not _FOREIGN.search(token):
            continue
        latin = token.translate(LOOKALIKES)
        if ORTHOGRAPHY.issuperset(_FOREIGN.findall(token)):
            alike = latin.lower() in HIDDEN
        else:
            known = latin.isascii() and latin.lower() in KNOWN
            # Two letters that give no word may be a unit, as in micrograms.
            mixed = _LATIN.search(token) is not None and (known or len(token) > 2)
            alike = mixed or (known and mostly_latin and len(token) > 2)
        if alike:
            positions.update(range(*word.span()))
    return frozenset(positions)
