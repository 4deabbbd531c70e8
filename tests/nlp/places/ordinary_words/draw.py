"""Draws the real sentences that hold a place's name which is also an ordinary word, in a fixed order, and prints ids.

Run as `python draw.py POSTS_FOLDER [--text]`; it reads no part of the product and judges nothing.
"""

import hashlib
import json
import re
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

HERE = Path(__file__).parent
SEED = "ordinary words, 2026"
FILES = {
    "nl": ("ordinary_nl.jsonl", "train/ordinary_nl.jsonl"),
    "en": ("ordinary_en.jsonl", "train/ordinary_en.jsonl"),
}
QUOTA = {("nl", "place"): 150, ("nl", "primary"): 50, ("en", "place"): 70, ("en", "primary"): 30}
"""How many judged sentences come from each language and group of words (`words.csv`)."""
PER_WORD = 6
SHORTEST, LONGEST = 4, 60
"""Words in a sentence."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of one post: `line` counts from 1, `number` from 0 over the pieces of the split."""

    file: str
    line: int
    number: int
    text: str

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.text.encode()).hexdigest()[:16]

    @property
    def id(self) -> str:
        return f"{self.file}:{self.line}:{self.number}"


@dataclass(frozen=True, slots=True)
class Drawn:
    """A sentence and the word it was drawn for."""

    group: tuple[str, str]
    word: str
    sentence: Sentence


def sentences(text: str) -> Iterator[tuple[int, str]]:
    """The pieces of a text between full stops, question and exclamation marks and line ends, with their number."""
    for number, piece in enumerate(re.split(r"[.!?\n]", text)):
        if SHORTEST <= len(piece.split()) <= LONGEST:
            yield number, piece.strip()


def read(folder: Path, files: Sequence[str]) -> Iterator[Sentence]:
    """Every sentence of the posts in these files."""
    for file in files:
        with (folder / file).open(encoding="utf-8") as lines:
            for line, post in enumerate(lines, start=1):
                for number, text in sentences(json.loads(post)["text"]):
                    yield Sentence(file, line, number, text)


def words() -> dict[str, str]:
    """The ordinary words and their group: `place`, or `primary` when only primary schools are called so."""
    lines = (HERE / "words.csv").read_text(encoding="utf-8").splitlines()[1:]
    return dict(tuple(line.rsplit(",", 1)) for line in lines)  # type: ignore[misc]


@lru_cache(maxsize=1)
def _any_of(known: tuple[str, ...]) -> re.Pattern[str]:
    """The words by first letter, longest first, so that most positions of a text cost one look."""
    by_first: defaultdict[str, list[str]] = defaultdict(list)
    for word in sorted(known, key=lambda word: (-len(word), word)):
        by_first[word[0]].append(re.escape(word[1:]))
    one_of = "|".join(f"{re.escape(first)}(?:{'|'.join(rest)})" for first, rest in sorted(by_first.items()))
    return re.compile(rf"(?<![\w@/])(?:{one_of})(?!\w)")


def occurrences(text: str, known: tuple[str, ...]) -> list[tuple[int, str]]:
    """Where the known words stand in a text as whole words, the longest first where they overlap."""
    lowered = "".join(c if len(c.lower()) != 1 else c.lower() for c in text)
    return [(match.start(), match[0]) for match in _any_of(known).finditer(lowered)]


def order(folder: Path) -> Iterator[Drawn]:
    """All sentences that may be drawn: group by group, in rounds that take one sentence a word, one of each post."""
    known = words()
    names = tuple(known)
    for language, files in FILES.items():
        holding: defaultdict[str, list[Sentence]] = defaultdict(list)
        for sentence in read(folder, files):
            for word in sorted({word for _, word in occurrences(sentence.text, names)}):
                holding[word].append(sentence)
        used: set[tuple[str, int]] = set()
        same: set[str] = set()
        for group in ("place", "primary"):
            mine = sorted((word for word in holding if known[word] == group), key=_shuffled)
            queues = {word: sorted(holding[word], key=lambda s: _shuffled(s.id)) for word in mine}
            for _ in range(PER_WORD):
                for word in mine:
                    while queues[word]:
                        sentence = queues[word].pop(0)
                        if (sentence.file, sentence.line) in used or sentence.digest in same:
                            continue
                        used.add((sentence.file, sentence.line))
                        same.add(sentence.digest)
                        yield Drawn((language, group), word, sentence)
                        break


def _shuffled(name: str) -> str:
    return hashlib.sha256(f"{SEED}|{name}".encode()).hexdigest()


def main() -> None:
    """Print the draw as id, word and digest; with --text also the sentence, for whoever judges it."""
    for drawn in order(Path(sys.argv[1])):
        shown = [*drawn.group, drawn.sentence.id, drawn.word, drawn.sentence.digest]
        print("\t".join([*shown, drawn.sentence.text] if "--text" in sys.argv else shown))


if __name__ == "__main__":
    main()
