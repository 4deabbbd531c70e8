"""A text as its words, disguises undone, each with its place in the text; marks, emoji and handles do not count."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from nlp.normalise import fold, normalise
from nlp.normalising.known import KNOWN
from pipeline.joining.spelling import GROUPS, NUMBERS, WORDS, words_of

MOST_WORDS = 400
"""Words of a text that are compared; a longer text is only ever the same to the letter."""

_CLOCK = r"\d{1,2}[:.uh]\d{2}(?!\d)|\d{1,3}\.\d{3}(?!\d)"
_PARTS = re.compile(rf"@?\[(?P<mask>[^\]\s]{{1,12}})\]|t/m|(?P<clock>{_CLOCK})|\d+(?![^\W_])|[^\W_]+(?:['’][^\W_]+)*")
_HASHTAG = re.compile(r"#\w+")
_EMOJI = re.compile("[\u2190-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff\ufe0f\u200d\u20e3]")
_SILENT_MASKS = frozenset({"@", "link"})
_TELLING_EMOJI = words_of(WORDS["telling"]["emoji"])
_LEET = str.maketrans("013457", "oieast")


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
            if found["mask"] not in _SILENT_MASKS:
                words.append(Word(f"[{found['mask']}]", "", start, end))
        else:
            bare = fold(plain[start:end])
            words.extend(Word(each, bare, start, end) for each in _spelt_out(said))
        if len(words) > MOST_WORDS:
            break
    return Wording(
        text, tuple(words), tuple(hashtags), frozenset(c for c in text if c in _TELLING_EMOJI), len(words) <= MOST_WORDS
    )


def _spelt_out(said: str) -> Sequence[str]:
    if said in GROUPS:
        return [NUMBERS.get(said, said)]
    if re.fullmatch(_CLOCK, said):
        hour, _, minutes = re.sub("[.uh]", ":", said).partition(":")
        return (
            [str(int(hour))]
            if minutes in ("", "00")
            else [str(int(hour + minutes))]
            if len(minutes) == 3
            else [f"{int(hour)}:{minutes}"]
        )
    short = re.fullmatch(r"(\w+)['’](re|m|ll|ve|s)", said)
    if short:
        return [NUMBERS.get(short[1], short[1]), short[2]]
    plain = said.replace("'", "").replace("’", "")
    if plain in GROUPS or plain.isalpha():
        return [NUMBERS.get(plain, plain)]
    letters = plain.translate(_LEET)
    if letters.isalpha() and ((len(letters) >= 3 and letters in KNOWN) or re.match(r"[a-z]+\d+[a-z]", plain)):
        return [letters]
    return [str(int(run)) if run.isdigit() else run for run in re.findall(r"\d+|[^\W\d_]+", plain)]
