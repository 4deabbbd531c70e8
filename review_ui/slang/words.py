"""What the listed words of a text mean: every sense, the harmless ones as prominent as the others, and who says so.

Local and pure: nothing is looked up elsewhere. A meaning is no verdict on who used the word, and weighs nothing.
"""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources

from nlp.found_terms import found_terms
from nlp.normalise import fold
from nlp.terms import Term, TermList, shipped
from review_ui.signal.marks import readable
from signals.frozen import Frozen
from signals.settings_version import TeamTerm

MOST = 24
"""Different words explained of one text."""
_LONGEST = 40

REGIONS = {"nl": "Nederlands of straattaal", "en": "Engels"}
SOURCES = {"general knowledge, unverified": "algemene kennis", "own compilation": "eigen verzameling"}
"""What our own rows say about themselves; the others name a public list, which is shown as it is written."""
OF_THE_TEAM = "toegevoegd door het team"
_STREET = "straattaal list: "


@dataclass(frozen=True)
class Sense:
    """One meaning, in Dutch and in English; the English is empty where the team wrote only Dutch."""

    nl: str
    en: str = ""


@dataclass(frozen=True)
class Word:
    """One listed word of a text. `written` is how it stands there, `listed` how the list has it."""

    written: str
    listed: str
    senses: tuple[Sense, ...]
    region: str
    sources: tuple[str, ...]
    checked: bool


@dataclass(frozen=True)
class Explained:
    """The words of one text, and where each stands: [start, end) and its place in `words`."""

    words: tuple[Word, ...] = ()
    spans: tuple[tuple[int, int, int], ...] = ()


def explained(text: str, team: Sequence[TeamTerm] = ()) -> Explained:
    """The words of a masked text that need explaining, in the order they come, each once with all its senses."""
    book = _book(tuple(team))
    words: dict[str, Word] = {}
    spans: list[tuple[int, int, int]] = []
    for hit in found_terms(text, book.listed):
        key = fold(hit.term.text)
        if key not in words:
            if len(words) == MOST:
                continue
            words[key] = _word(text[hit.start : hit.end], book.rows[key])
        spans.append((hit.start, hit.end, list(words).index(key)))
    return Explained(tuple(words.values()), tuple(spans))


def _word(written: str, rows: Sequence[Term]) -> Word:
    senses = [*_everyday().get(fold(rows[0].text), ())]
    senses += [Sense(nl, meanings().english.get(nl, "")) for row in rows for nl in _parts(row)]
    sources = [
        SOURCES.get(name, name) for row in rows for name in row.source.removeprefix(_STREET).split("; ") if name.strip()
    ]
    return Word(
        written=" ".join(readable(written).split())[:_LONGEST],
        listed=rows[0].text,
        senses=tuple(dict.fromkeys(senses)),
        region=REGIONS.get(rows[0].region, ""),
        sources=tuple(dict.fromkeys(sources)),
        checked=all(row.reviewer not in ("", "none yet") for row in rows),
    )


def _parts(row: Term) -> list[str]:
    """The senses of a row of the list, which parts them by ';'. The team's own words stay whole."""
    if row.source == OF_THE_TEAM:
        return [row.sense]
    return [part.strip().removeprefix("ook ") for part in row.sense.split(";")]


@dataclass(frozen=True)
class _Book:
    listed: TermList
    rows: dict[str, list[Term]]


@lru_cache(maxsize=8)
def _book(team: tuple[TeamTerm, ...]) -> _Book:
    """Street words, English words and the team's own; plain Dutch words ('mes', 'gevecht') need no explaining."""
    chosen = [term for term in shipped().terms if term.source.startswith(_STREET) or term.region == "en"]
    chosen += [Term(term.term, term.meaning, term.category, 0.0, opens_gate=False, source=OF_THE_TEAM) for term in team]
    rows: dict[str, list[Term]] = {}
    for term in chosen:
        rows.setdefault(fold(term.text), []).append(term)
    return _Book(TermList([same[0] for same in rows.values()], "explained"), rows)


class _Everyday(Frozen):
    """Everyday senses that several forms of a word share, parted by ';' in both languages alike."""

    words: tuple[str, ...]
    nl: str
    en: str

    @property
    def senses(self) -> list[Sense]:
        return [Sense(nl.strip(), en.strip()) for nl, en in zip(self.nl.split(";"), self.en.split(";"), strict=True)]


class _Meanings(Frozen):
    """The file beside this module."""

    english: dict[str, str]
    everyday: tuple[_Everyday, ...]


@cache
def meanings() -> _Meanings:
    """English for the Dutch senses of the list, and the everyday senses of words that also have another one."""
    file = resources.files("review_ui") / "slang" / "meanings.toml"
    return _Meanings.model_validate(tomllib.loads(file.read_text(encoding="utf-8")), strict=False)


@cache
def _everyday() -> dict[str, list[Sense]]:
    senses: dict[str, list[Sense]] = {}
    for row in meanings().everyday:
        for word in row.words:
            senses.setdefault(fold(word), []).extend(row.senses)
    return senses


def phrases() -> list[str]:
    """Everything said here that has to be said in English too."""
    return [*REGIONS.values(), *SOURCES.values(), OF_THE_TEAM]
