"""A text as its words, disguises undone, each with its place in the text; marks, emoji and handles do not count."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from nlp.normalise import fold, normalise
from nlp.normalising.known import KNOWN
from pipeline.joining.figures import NUMBERS, clock, told_time
from pipeline.joining.spelling import GROUPS, WORDS, words_of
from signals.fingerprint import fingerprint
from signals.masking.token import Token

MOST_WORDS = 400
"""Words of a text that are compared; a longer text is only ever the same to the letter."""

_CLOCK = r"\d{1,2}[:.uh]\d{2}(?!\d)|\d{1,3}\.\d{3}(?!\d)"
_PARTS = re.compile(
    rf"@?\[(?P<mask>[^\]\s]{{1,12}})\]|t/m|(?P<clock>{_CLOCK})|\d+(?![^\W_])"
    r"|(?<![^\W_])[^\W\d_](?:\.[^\W\d_])+(?![^\W_])|[^\W_]+(?:['’!|][^\W_]+)*"
)
_HASHTAG = re.compile(r"#\w+")
_EMOJI = re.compile("[\u2139\u2190-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff\ufe0f\u200d\u20e3]")
_SILENT_MASKS = frozenset({"@", "link"})
_TELLING_MASKS = frozenset(token.value.strip("[]") for token in Token) - _SILENT_MASKS
_TELLING_EMOJI = words_of(WORDS["telling"]["emoji"])
_LEET = str.maketrans("013457!|", "oieastil")
_LAUGH = re.compile(r"b?(?:h+[aeo]+){2,}h*|lo+l")
_WITH_UNIT = re.compile(r"[1-9]\d+[a-z]{1,4}")
_IN_DISGUISE = re.compile(r"[a-z]+\d+[a-z]")
_RANGE = re.compile(r"\s?[-–]\s?")


@dataclass(frozen=True, slots=True)
class Word:
    """One word, folded, and the span of the given text behind it; `bare` as it was written, disguises left in."""

    said: str
    bare: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Wording:
    """The words of a text, its hashtags and telling emoji apart; `whole`: it has no more words than are compared."""

    text: str
    fingerprint: str
    words: tuple[Word, ...]
    hashtags: tuple[Word, ...]
    emoji: frozenset[str]
    whole: bool

    def between(self, start: int, end: int) -> str:
        """The text from the end of the word before `start` to the start of word `end`: what stands around words."""
        first = self.words[start - 1].end if start else 0
        last = self.words[end].start if end < len(self.words) else len(self.text)
        return self.text[first:last]


@lru_cache(maxsize=1024)
def wording(text: str) -> Wording:
    """Read a text. The same text always gives the same words."""
    # Before disguises are undone, which would read names into hashtags and emoji. As many blanks keep every place.
    hashtags = [Word(fold(each.group()[1:]), "", *each.span()) for each in _HASHTAG.finditer(text)]
    plain = _EMOJI.sub(" ", _HASHTAG.sub(lambda tag: " " * len(tag.group()), text))
    clean = normalise(plain)
    words: list[Word] = []
    for found in _PARTS.finditer(fold(clean.text)):
        start, end = clean.original(*found.span())
        said = found.group()
        if found["mask"]:
            if found["mask"] in _TELLING_MASKS:
                words.append(Word(f"[{found['mask']}]", "", start, end))
            elif found["mask"] not in _SILENT_MASKS:  # '[nieuws]' is a label, no mask
                words.extend(Word(each, "", start, end) for each in re.findall(r"[^\W_]+", found["mask"]))
        else:
            bare = fold(plain[start:end])
            spelt = _spelt_out(said, bare)
            if (
                words
                and spelt[0][0].isdigit()
                and words[-1].said[0].isdigit()
                and _RANGE.fullmatch(plain[words[-1].end : start])
            ):
                words.append(Word("tot", "", words[-1].end, start))
            words.extend(Word(each, bare, start, end) for each in spelt)
        if len(words) > MOST_WORDS:
            break
    return Wording(
        text,
        fingerprint(text),
        tuple(_with_told_times(words)),
        tuple(hashtags),
        frozenset(c for c in text if c in _TELLING_EMOJI),
        len(words) <= MOST_WORDS,
    )


def _with_told_times(words: list[Word]) -> list[Word]:
    """The words with 'half vijf' as one word, a time."""
    found: list[Word] = []
    at = 0
    while at < len(words):
        told = told_time([word.said for word in words[at : at + 4]])
        if told is None:
            found.append(words[at])
            at += 1
        else:
            count, said = told
            found.append(Word(said, "", words[at].start, words[at + count - 1].end))
            at += count
    return found


def _spelt_out(said: str, bare: str) -> Sequence[str]:
    if said in GROUPS:
        return [NUMBERS.get(said, said)]
    if _WITH_UNIT.fullmatch(bare):
        said = bare
    elif _LAUGH.fullmatch(said):
        return ["haha"]
    if re.fullmatch(_CLOCK, said):
        return [clock(said)]
    short = re.fullmatch(r"(\w+)['’](re|m|ll|ve|s)", said)
    if short:
        return [NUMBERS.get(short[1], short[1]), short[2]]
    plain = re.sub("['’.]", "", said)
    if plain in GROUPS or plain.isalpha():
        return [NUMBERS.get(plain, plain)]
    letters = plain.translate(_LEET)
    by_sound = plain.replace("8", "acht")
    if by_sound.isalpha() and by_sound != "acht" and by_sound in KNOWN:
        return [by_sound]
    marked = re.split("[!|]", plain)
    if len(marked) > 1 and (letters in KNOWN or not all(part in KNOWN for part in marked)) and letters.isalpha():
        return [letters]
    disguised = re.fullmatch("[a-z]0", plain) or _IN_DISGUISE.match(plain) or _IN_DISGUISE.match(bare)
    if letters.isalpha() and ((letters in KNOWN and len(letters) >= 3) or disguised):
        return [letters]
    return [str(int(run)) if run.isdigit() else run for run in re.findall(r"\d+|[^\W\d_]+", plain)]
