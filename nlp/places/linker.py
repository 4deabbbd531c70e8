"""Finds places in a text: a spaCy pipeline component that matches the gazetteer's names and weighs their context.

Works on normalised text and reports spans of it; it names what lost and why, so that every choice can be explained.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache, partial

import ahocorasick_rs
import spacy
from spacy.language import Language
from spacy.tokens import Doc

from nlp.normalise import fold
from nlp.places import context
from nlp.places.aliases import PRIMARY_WORDS
from nlp.places.gazetteer import Alias, Entry, Gazetteer, load
from signals.place import PlaceKind

HOME = ("Amsterdam", "Zaanstad", "Rotterdam", "Den Haag", "Utrecht", "Almere", "Haarlem")
"""Municipalities that win a tie, in this order: the regions the product is made for, then the large cities."""

_STREET = re.compile(
    r"(?<!\w)(?:(?:[A-Z][\w'’.-]{1,20} ){0,2}[A-Z][\w'’-]{1,30}?|[a-z][\w'’-]{3,30}?)"
    r"(?P<tail>straat|laan|plein|gracht|kade|dreef|singel|plantsoen)(?!\w)"
)
_NOT_STREET = re.compile(
    r"^(?:ver|be|om|over|open|aan|toe|ineen|dicht|los|neer|weg|terug|school|dorps|stads|kerk|speel|parkeer|buurt|markt|bus|stations|winkel|zij|achter|hoofd|dwars|dood|op|wind|"
    r"sport|voorste|straat|metro|feest|festival|markt|wijk|fiets|doodlopende|een|de|het)$"
)
_RANK = {PlaceKind.STATION: 0, PlaceKind.SCHOOL: 1, PlaceKind.CITY: 2, PlaceKind.AREA: 3, PlaceKind.STREET: 4}


@dataclass(frozen=True, slots=True)
class Found:
    """A place at [start, end) of the normalised text."""

    start: int
    end: int
    kind: PlaceKind
    id: str
    name: str
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Lost:
    """A name that was seen and not taken, and why."""

    start: int
    end: int
    id: str
    why: str


@dataclass(slots=True)
class Links:
    """What one text holds: the places in order, and the names that lost."""

    found: list[Found] = field(default_factory=list)
    lost: list[Lost] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Match:
    start: int
    end: int
    aliases: tuple[Alias, ...]


class _Scene:
    """A text with what is asked of it for every name in it, worked out once."""

    def __init__(self, text: str, folded: str) -> None:
        self.text = text
        self.folded = folded

    @cached_property
    def words(self) -> Counter[str]:
        return Counter(re.findall(r"[a-zà-ÿ]+", self.folded))

    @cached_property
    def football(self) -> bool:
        return context.FOOTBALL.search(self.folded) is not None

    @cached_property
    def weather(self) -> bool:
        return context.WIND.search(self.folded) is not None

    def holds_beside(self, surface: str, wanted: frozenset[str]) -> bool:
        """Whether one of the wanted words stands in the text, apart from the name itself."""
        return any(word in self.words and word != surface for word in wanted)


class Linker:
    """The matcher and its spaCy pipeline over one gazetteer."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self.gazetteer = gazetteer
        self._names = [name for name in gazetteer.aliases if len(name) >= 2]
        self._automaton = ahocorasick_rs.AhoCorasick(
            [fold(name) for name in self._names], matchkind=ahocorasick_rs.MatchKind.Standard
        )
        self._pipeline = _pipeline()

    def link(self, text: str) -> Links:
        """Places in a normalised text. A text without any known name costs one pass of the automaton."""
        folded = fold(text)
        matches = self._matches(folded)
        streets = list(_STREET.finditer(text))
        if not matches and not streets:
            return Links()
        doc = self._pipeline.make_doc(text)
        doc.user_data["links"] = weigh(doc, folded, matches, self.gazetteer, streets)
        links: Links = self._pipeline.get_pipe("seinpost_places")(doc).user_data["links"]
        return links

    def _matches(self, folded: str) -> list[_Match]:
        matches: list[_Match] = []
        for index, start, end in self._automaton.find_matches_as_indexes(folded, overlapping=True):
            if _at_word_edges(folded, start, end):
                matches.append(_Match(start, end, self.gazetteer.aliases[self._names[index]]))
        return matches


def weigh(
    doc: Doc, folded: str, matches: Sequence[_Match], gazetteer: Gazetteer, streets: Sequence[re.Match[str]]
) -> Links:
    """Choose among overlapping names (longest first), ask the context of each, then settle which entry is meant."""
    links = Links()
    kept: list[_Match] = []
    taken = bytearray(len(folded))
    scene = _Scene(doc.text, folded)
    for match in sorted(matches, key=lambda m: (m.start - m.end, m.start)):
        if any(taken[match.start : match.end]):
            links.lost.append(Lost(match.start, match.end, match.aliases[0].id, "inside a longer name"))
            continue
        why = _refusal(scene, match, gazetteer)
        if why:
            links.lost.append(Lost(match.start, match.end, match.aliases[0].id, why))
        else:
            kept.append(match)
            taken[match.start : match.end] = b"\x01" * (match.end - match.start)
    sure = [_entries(match, gazetteer) for match in kept]
    towns = {entries[0].municipality for entries in sure if len({e.municipality for e in entries}) == 1}
    seen: set[str] = set()
    for match, entries in sorted(zip(kept, sure, strict=True), key=lambda pair: pair[0].start):
        surface = folded[match.start : match.end]
        best = min(entries, key=partial(_preference, towns=towns))
        if surface in seen:
            continue
        seen.add(surface)
        others = tuple(entry.id for entry in entries if entry.id != best.id)[:5]
        links.found.append(Found(match.start, match.end, best.kind, best.id, best.name, others))
    _add_streets(doc.text, streets, taken, links)
    links.found.sort(key=lambda place: place.start)
    return links


def _entries(match: _Match, gazetteer: Gazetteer) -> list[Entry]:
    """The entries a name may mean: a primary school only when no other place has the name."""
    others = [alias for alias in match.aliases if alias.kind != "primary"]
    return [gazetteer.entry(alias.id) for alias in (others or match.aliases)]


def _preference(entry: Entry, towns: set[str]) -> tuple[bool, bool, int, int, str]:
    curated = entry.source == "curated"
    near = entry.municipality not in towns
    home = HOME.index(entry.municipality) if entry.municipality in HOME else len(HOME)
    return near, not curated, home, _RANK[entry.kind], entry.id


def _at_word_edges(folded: str, start: int, end: int) -> bool:
    before = folded[start - 1] if start else " "
    after = folded[end] if end < len(folded) else " "
    if before.isalnum() or before in "@/" or after.isalnum():
        return False
    return not (after == "-" and end + 1 < len(folded) and folded[end + 1].isalnum() and folded[start:end].isdigit())


def _refusal(scene: _Scene, match: _Match, gazetteer: Gazetteer) -> str:
    """Why this name is no place here; empty when it is one."""
    folded, text = scene.folded, scene.text
    surface = folded[match.start : match.end]
    before = re.findall(r"[^\s.,!?;:()\"]+", folded[max(0, match.start - 40) : match.start])
    previous = before[-1].strip("#") if before else ""
    after = re.findall(r"[^\s.,!?;:()\"]+", folded[match.end : match.end + 25])
    following = after[0] if after else ""
    if all(alias.kind == "primary" for alias in match.aliases):
        return "" if previous in PRIMARY_WORDS else "a primary school's name without the word basisschool"
    if surface.isdigit():
        return _digits_refusal(scene, match)
    if surface in context.COMPASS:
        return _compass_refusal(scene, match, previous, following)
    if not all(alias.ordinary for alias in match.aliases if alias.kind != "primary"):
        return ""
    capital = text[match.start].isupper() and bool(before) and not text[match.start : match.end].isupper()
    kinds = {entry.kind for entry in _entries(match, gazetteer)}
    if PlaceKind.SCHOOL in kinds and scene.holds_beside(surface, context.SCHOOL_WORDS):
        near = capital or previous in context.BEFORE_PLACE or previous in {"de", "het", "t"}
        return "" if near else "an ordinary word without a place word before it"
    if previous in context.STRONG_BEFORE and (capital or kinds & {PlaceKind.CITY}):
        return ""
    if capital and previous in context.BEFORE_PLACE:
        return ""
    if previous in context.BEFORE_PLACE and PlaceKind.AREA in kinds:
        return "" if scene.holds_beside(surface, context.AREA_WORDS) else "an ordinary word without an area word near"
    return "an ordinary word without support from its context"


def _digits_refusal(scene: _Scene, match: _Match) -> str:
    folded = scene.folded
    after = folded[match.end : match.end + 4]
    before = folded[max(0, match.start - 2) : match.start]
    if re.match(r"[\s-]*\d|[.,:]\d|%", after) or re.search(r"\d[\s.,:-]?$|[€$+]$", before):
        return "part of a longer number"
    return "football" if scene.football else ""


def _compass_refusal(scene: _Scene, match: _Match, previous: str, following: str) -> str:
    text, folded = scene.text, scene.folded
    if following in context.AFTER_NOT_PLACE or scene.weather:
        return "a point of the compass"
    if folded[match.end : match.end + 1] == "-" or folded[max(0, match.start - 1) : match.start] == "-":
        return "part of a compound"
    if previous in {"het", "de", "een", "the"}:
        return "a point of the compass"
    if folded[match.start : match.end] == "centrum" and previous != "in":
        return "an ordinary word"
    capital = text[match.start].isupper() and match.start > 0
    if previous in context.STRONG_BEFORE | {"van", "fi", "heel", "repping", "rep"} or (capital and previous):
        return ""
    scene_words = frozenset({"opps", "block", "gang", "boys", "mannen", "jongens", "gasten"})
    return "" if scene.holds_beside("", scene_words) else "a point of the compass"


def _add_streets(text: str, streets: Sequence[re.Match[str]], taken: bytearray, links: Links) -> None:
    for street in streets:
        start, end = street.span()
        stem = fold(text[start : street.start("tail")])
        if any(taken[start:end]) or _NOT_STREET.match(stem.strip()):
            continue
        if not text[start].isupper() and street.group("tail") not in {"straat", "dreef"}:
            continue
        name = text[start:end]
        slug = re.sub(r"[^a-z0-9]+", "-", fold(name)).strip("-")
        links.found.append(Found(start, end, PlaceKind.STREET, f"street:{slug}", name[0].upper() + name[1:]))


@Language.component("seinpost_places")
def _mark_places(doc: Doc) -> Doc:
    """Copy the places into the document's spans, for any later spaCy component."""
    links: Links = doc.user_data["links"]
    spans = (doc.char_span(p.start, p.end, label=p.kind.value, alignment_mode="expand") for p in links.found)
    doc.spans["places"] = [span for span in spans if span is not None]
    return doc


def _pipeline() -> Language:
    pipeline = spacy.blank("nl")
    pipeline.add_pipe("seinpost_places")
    return pipeline


@lru_cache(maxsize=1)
def shipped() -> Linker:
    """The linker over the shipped gazetteer."""
    return Linker(load())
