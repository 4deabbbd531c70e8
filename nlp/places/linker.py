"""Finds places in a text and links them to the gazetteer; names what lost and why, so that every choice is explained.

Works on normalised text and reports spans of it. `nlp.places.component` offers it as a spaCy pipeline component.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from nlp.normalise import fold
from nlp.places import context, shape
from nlp.places.entry import Entry
from nlp.places.evidence import entries_of, refusal
from nlp.places.gazetteer import Gazetteer, load
from nlp.places.matching import Match, Matcher
from nlp.places.resolve import ranked, sure_towns
from nlp.places.scene import Scene, expected_kinds
from nlp.places.unlisted import find_unlisted
from nlp.places.words import Words, words_of
from signals.place import PlaceKind


@dataclass(frozen=True, slots=True)
class Found:
    """A place at [start, end) of the normalised text; `others` are the ids of places that may be meant as well."""

    start: int
    end: int
    kind: PlaceKind
    id: str
    name: str
    others: tuple[str, ...] = ()
    how: str = ""


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
class _Reading:
    """A name with the places it may stand for."""

    match: Match
    entries: tuple[Entry, ...]
    side: str = ""
    """The side of the town that the match ends with, where no table lists that part of town."""


class Linker:
    """The matcher over one gazetteer. `link` is a function of its arguments only."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self.gazetteer = gazetteer
        self._matcher = Matcher(gazetteer.aliases)

    def link(self, text: str, region: str = "") -> Links:
        """Places in a normalised text. `region` is the municipality that its source is about, if any."""
        words = words_of(text)
        scene = Scene(words, region)
        links = Links()
        kept, taken = self._chosen(scene, [*self._matcher.find(words), *self._matcher.find_misspelt(words)], links)
        self._settle(scene, kept, links)
        _add_unlisted(text, taken, links)
        links.found.sort(key=lambda place: place.start)
        return links

    def _chosen(self, scene: Scene, matches: Sequence[Match], links: Links) -> tuple[list[_Reading], bytearray]:
        """Of overlapping names the longest that is a place; what is tried and refused is kept with its reason."""
        readings = [self._reading(scene.words, match) for match in matches]
        towns = sure_towns(reading.entries for reading in readings if not _is_ordinary(reading))
        taken = bytearray(len(scene.words.text))
        kept: list[_Reading] = []
        spans: set[tuple[int, int]] = set()
        for reading in sorted(readings, key=_length_first):
            match = reading.match
            if (match.start, match.end) in spans:
                continue
            if any(taken[match.start : match.end]):
                links.lost.append(Lost(match.start, match.end, reading.entries[0].id, "inside a longer name"))
                continue
            why = refusal(scene, match, reading.entries, towns)
            if why:
                links.lost.append(Lost(match.start, match.end, reading.entries[0].id, why))
                continue
            kept.append(reading)
            spans.add((match.start, match.end))
            taken[match.start : match.end] = b"\x01" * (match.end - match.start)
        return kept, taken

    def _reading(self, words: Words, match: Match) -> _Reading:
        """The match as far as its name reaches, and the places it may stand for."""
        match = self._with_bare_name(words, match)
        entries = self._entries(match)
        kinds = frozenset(entry.kind for entry in entries)
        as_station = shape.station(words, match, kinds, self.gazetteer.aliases)
        if as_station is not match:
            return _Reading(as_station, self._entries(as_station))
        sided = shape.with_side(words, match) if kinds == {PlaceKind.CITY} else match
        if sided is not match:
            return _Reading(sided, entries, side=words.words[sided.last])
        if PlaceKind.SCHOOL in kinds:
            whole = shape.school(words, match)
            if whole != match:
                schools = tuple(entry for entry in entries if entry.kind is PlaceKind.SCHOOL)
                return _Reading(shape.without_article(words, whole), schools)
        return _Reading(shape.without_article(words, match), entries)

    def _with_bare_name(self, words: Words, match: Match) -> Match:
        """'het Zuiderpark' may be the school of that name, or the park without the article."""
        if match.first == match.last or words.words[match.first] not in context.ARTICLES:
            return match
        bare = self.gazetteer.aliases.get(words.folded[words.starts[match.first + 1] : match.end], ())
        known = {alias.id for alias in match.aliases}
        more = tuple(alias for alias in bare if alias.id not in known and alias.kind != "primary")
        return replace(match, aliases=match.aliases + more)

    def _entries(self, match: Match) -> tuple[Entry, ...]:
        return tuple({alias.id: self.gazetteer.entry(alias.id) for alias in entries_of(match.aliases)}.values())

    def _settle(self, scene: Scene, kept: Iterable[_Reading], links: Links) -> None:
        """Choose the entry of each name, with the municipalities of the others in sight; list each name once."""
        readings = sorted(kept, key=lambda reading: reading.match.start)
        towns = sure_towns(reading.entries for reading in readings)
        seen: set[str] = set()
        for reading in readings:
            match = reading.match
            surface = scene.words.folded[match.start : match.end]
            if surface in seen:
                continue
            seen.add(surface)
            best, *others = ranked(reading.entries, towns, scene.region, expected_kinds(scene, match))
            if reading.side:
                links.found.append(_side_of(best, reading))
                continue
            links.found.append(
                Found(match.start, match.end, best.kind, best.id, best.name, tuple(e.id for e in others), match.how)
            )


def _side_of(town: Entry, reading: _Reading) -> Found:
    slug = re.sub(r"[^a-z0-9]+", "-", fold(town.name)).strip("-")
    name = f"{town.name}-{reading.side.capitalize()}"
    match = reading.match
    return Found(match.start, match.end, PlaceKind.AREA, f"area:{slug}/{reading.side}", name, (town.id,), match.how)


def _length_first(reading: _Reading) -> tuple[int, bool, int]:
    """The longest name first; of equal ones the one that is spelt right."""
    return reading.match.start - reading.match.end, bool(reading.match.how), reading.match.start


def _is_ordinary(reading: _Reading) -> bool:
    return all(alias.ordinary for alias in reading.match.aliases)


def _add_unlisted(text: str, taken: bytearray, links: Links) -> None:
    """Places by their form; one that holds a listed name and more ('Sportpark Ookmeer') stands in its stead."""
    within: dict[int, Found] = {found.start: found for found in links.found}
    for place in sorted(find_unlisted(text), key=lambda place: (place.start - place.end, place.start)):
        if any(taken[place.start : place.end]):
            inside = [within[at] for at in range(place.start, place.end) if at in within] if place.whole else []
            if not inside or inside[-1].end > place.end:
                continue
            for found in inside:
                del within[found.start]
                links.lost.append(Lost(found.start, found.end, found.id, "inside a longer name"))
        taken[place.start : place.end] = b"\x01" * (place.end - place.start)
        within[place.start] = Found(place.start, place.end, place.kind, place.id, place.name)
    links.found = list(within.values())


@lru_cache(maxsize=1)
def shipped() -> Linker:
    """The linker over the shipped gazetteer."""
    return Linker(load())
