"""What the official school files change in a gazetteer: new, renamed, moved, closed and reopened schools. Pure.

A closed school stays known, for posts go on naming it; only its mark changes. A school that moved loses its
coordinate and its quarter, for nothing may rest on where it was.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from nlp.places.aliases import school_aliases
from nlp.places.capitals import spellings
from nlp.places.duo import FAMILIES, DuoFile, Location
from nlp.places.entry import Alias, Entry
from nlp.places.gazetteer import Gazetteer, UnknownPlaceError
from nlp.places.municipalities import SPELLINGS, municipality_now
from nlp.places.police_units import police_unit
from signals.place import PlaceKind

SOURCE = "DUO"
_TOO_MANY = 0.2
_ALWAYS_FINE = 10
"""A file that closes more than this share, and more than this number, is likely to be a part of the official one."""
_KIND_WORDS = ("college", "lyceum", "gymnasium", "school", "mavo", "havo", "scholengemeenschap", "praktijk")


class TooManyClosed(Exception):
    """The file lacks so many known schools that it is likely to be a part of the official one."""


@dataclass(frozen=True, slots=True)
class Change:
    """What is different about one school: for a rename and a move, from what to what."""

    id: str
    name: str
    was: str = ""
    now: str = ""


@dataclass(frozen=True, slots=True)
class SchoolChanges:
    """Everything that files change, and the entries and names to lay over the gazetteer."""

    new: tuple[Change, ...]
    renamed: tuple[Change, ...]
    moved: tuple[Change, ...]
    closed: tuple[Change, ...]
    reopened: tuple[Change, ...]
    read: int
    entries: tuple[Entry, ...]
    aliases: tuple[Alias, ...]


def known_places(gazetteer: Gazetteer) -> Mapping[str, str]:
    """The towns and municipalities that the gazetteer knows, by their capitals."""
    towns = {entry.name for entry in gazetteer if entry.kind is PlaceKind.CITY}
    registers = {official.upper(): ours for official, ours in SPELLINGS.items()}
    return {**spellings(towns | {entry.municipality for entry in gazetteer} - {""}), **registers}


def compare(
    gazetteer: Gazetteer, files: Sequence[DuoFile], day: date, *, partial: bool = False, complete: bool = False
) -> SchoolChanges:
    """What the files change. With `partial` nothing is closed, with `complete` any number may be.

    Closed is what the gazetteer has of the same kind of school in a province that the file is about, and the file not.
    Raises TooManyClosed when that is a large share of them.
    """
    towns = _Towns(gazetteer)
    found: dict[str, list[Change]] = {"new": [], "renamed": [], "moved": [], "reopened": []}
    entries: list[Entry] = []
    aliases: list[Alias] = []
    for location in (location for file in files for location in file.locations):
        before = _known(gazetteer, f"brin:{location.code}")
        after = _entry(location, before, towns)
        differences = list(_differences(before, after, location))
        for what, change in differences:
            found[what].append(change)
        if after != before:
            entries.append(after)
        if {"new", "renamed"} & {what for what, _ in differences}:
            aliases += _aliases(location, after.id, gazetteer)
    closed = [] if partial else [replace(entry, closed=day) for entry in _closed(gazetteer, files, complete)]
    return SchoolChanges(
        new=tuple(found["new"]),
        renamed=tuple(found["renamed"]),
        moved=tuple(found["moved"]),
        closed=tuple(Change(entry.id, entry.name) for entry in closed),
        reopened=tuple(found["reopened"]),
        read=sum(len(file.locations) for file in files),
        entries=(*entries, *closed),
        aliases=tuple(aliases),
    )


class _Towns:
    """Where a town and its municipality stand in the gazetteer."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._towns = {
            (entry.municipality, entry.name): entry.id
            for entry in gazetteer
            if entry.kind is PlaceKind.CITY and entry.type == "woonplaats"
        }
        self._wholes = {entry.municipality: entry.id for entry in gazetteer if entry.type == "gemeente"}

    def parent(self, town: str, municipality: str) -> str:
        """Id of the town, else of the municipality, else nothing."""
        return self._towns.get((municipality, town)) or self._wholes.get(municipality, "")


def _known(gazetteer: Gazetteer, identifier: str) -> Entry | None:
    try:
        return gazetteer.entry(identifier)
    except UnknownPlaceError:
        return None


def _entry(location: Location, before: Entry | None, towns: _Towns) -> Entry:
    """The school as the register has it; what the register does not say stays as it was, unless it moved."""
    municipality = municipality_now(location.municipality, location.province, location.town)
    address = ", ".join(part for part in (location.street, location.postcode) if part)
    fresh = Entry(
        id=f"brin:{location.code}",
        kind=PlaceKind.SCHOOL,
        type=location.type,
        name=location.name,
        municipality=municipality,
        province=location.province,
        parent=towns.parent(location.town, municipality),
        police_unit=police_unit(municipality, location.province),
        address=address,
        verified=True,
        source=SOURCE,
    )
    if before is None:
        return fresh
    everyday = before.name if before.official else location.name
    same = replace(
        fresh,
        id=before.id,
        name=everyday,
        official=location.name if location.name != everyday else "",
        former=before.former,
    )
    if _moved(before, location):
        return same
    return replace(
        same,
        parent=before.parent if before.municipality == municipality else same.parent,
        address=address or before.address,
        lat=before.lat,
        lon=before.lon,
        coordinate=before.coordinate,
    )


def _differences(before: Entry | None, after: Entry, location: Location) -> Iterator[tuple[str, Change]]:
    if before is None:
        yield "new", Change(after.id, after.name)
        return
    if before.closed is not None:
        yield "reopened", Change(after.id, after.name)
    was = before.official or before.name
    if _plain(was) != _plain(location.name):
        yield "renamed", Change(after.id, after.name, was, location.name)
    if _moved(before, location):
        yield "moved", Change(after.id, after.name, before.address, after.address)


def _moved(before: Entry, location: Location) -> bool:
    """Whether the address is another one; where one side has no street, whether the postcode is."""
    *street, postcode = before.address.rsplit(", ", 1) if before.address else ("", "")
    if not postcode or not location.postcode:
        return False
    if street and street[0] and location.street and _plain(street[0]) != _plain(location.street):
        return True
    return _plain(postcode) != _plain(location.postcode)


def _plain(text: str) -> str:
    """A name or address apart from capitals, blanks and punctuation."""
    return "".join(sign for sign in text.casefold() if sign.isalnum())


def _closed(gazetteer: Gazetteer, files: Iterable[DuoFile], complete: bool) -> Iterator[Entry]:
    """Schools that a file about their kind and province no longer has."""
    by_family: dict[str, list[DuoFile]] = {}
    for file in files:
        by_family.setdefault(file.family, []).append(file)
    for family, together in by_family.items():
        there = {f"brin:{location.code}" for file in together for location in file.locations}
        provinces = {province for file in together for province in file.provinces}
        covered = [
            entry
            for entry in gazetteer
            if entry.id.startswith("brin:")
            and entry.type in FAMILIES[family]
            and entry.province in provinces
            and entry.closed is None
        ]
        gone = [entry for entry in covered if entry.id not in there]
        if not complete and len(gone) > max(_ALWAYS_FINE, _TOO_MANY * len(covered)):
            raise TooManyClosed(
                f"the {family} file lacks {len(gone)} of the {len(covered)} known schools of its provinces;"
                " if it is a part of the official file, say --partial, if so many closed, say --complete"
            )
        yield from gone


def _aliases(location: Location, identifier: str, gazetteer: Gazetteer) -> Iterator[Alias]:
    """The names of a school by rule. What no word list vouches for counts as an ordinary word: it needs its context."""
    primary = location.type in {"po", "sbo"}
    for made in school_aliases(location.name, "", [], primary=primary, town=location.town):
        known = gazetteer.aliases.get(made.text, ())
        if not primary and any(_is_town(gazetteer, alias) for alias in known):
            continue
        plain = " " in made.text or any(word in made.text for word in _KIND_WORDS)
        ordinary = primary or made.weak or any(alias.ordinary for alias in known) or not plain
        yield Alias(made.text, identifier, made.kind, ordinary, made.rule)


def _is_town(gazetteer: Gazetteer, alias: Alias) -> bool:
    return gazetteer.entry(alias.id).kind in {PlaceKind.CITY, PlaceKind.AREA}
