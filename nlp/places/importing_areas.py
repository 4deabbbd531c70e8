"""What the official tables of districts and neighbourhoods change in a gazetteer. Pure.

An area without an official code that has the same name in the same municipality becomes the official one and keeps its
old id beside; what was known of its names and of what it lies in stays.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from nlp.places.cbs import Area
from nlp.places.entry import Alias, Entry
from nlp.places.gazetteer import Gazetteer, UnknownPlaceError
from signals.place import PlaceKind

SOURCE = "CBS"
_FITS = {"gemeente": ("gemeente",), "wijk": ("wijk", "plek", "gebied"), "buurt": ("buurt", "plek", "wijk")}
"""The types that an area without a code may have to be the official one of a level, the best first."""
_MANY = 3
"""A name that more municipalities have than this is known only with the municipality's name before it."""
_NO_NAME = ("verspreide", "overig", "buitengebied", "industrie", "bedrijven")


@dataclass(frozen=True, slots=True)
class AreaChanges:
    """Ids of what is new, of what got its official code (from, to), and what to lay over the gazetteer."""

    new: tuple[str, ...]
    coded: tuple[tuple[str, str], ...]
    read: int
    entries: tuple[Entry, ...]
    aliases: tuple[Alias, ...]


def compare_areas(gazetteer: Gazetteer, areas: Sequence[Area]) -> AreaChanges:
    """What the tables change. Nothing is closed: an area that a table lacks stays as it is."""
    index = _by_name(gazetteer)
    names = {area.code: area.name for area in areas}
    wholes = {entry.municipality: entry for entry in gazetteer if entry.type == "gemeente"}
    having = _municipalities_of(areas)
    new: list[str] = []
    coded: list[tuple[str, str]] = []
    entries: list[Entry] = []
    aliases: list[Alias] = []
    used: set[str] = set()
    for area in sorted(areas, key=lambda area: (("GM", "WK", "BU").index(area.code[:2]), area.code)):
        municipality = names[area.municipality]
        coded_before = _known(gazetteer, f"cbs:{area.code}")
        before = coded_before or _same(index, area, municipality, used)
        if before is not None:
            used.add(before.id)
        # Where the code is one of an entry's former ids, the entry is the official area already.
        identifier = coded_before.id if coded_before is not None else f"cbs:{area.code}"
        after = _entry(area, identifier, municipality, before, wholes.get(municipality))
        if before is None:
            new.append(identifier)
        elif before.id != identifier:
            coded.append((before.id, identifier))
        if after != before:
            entries.append(after)
        aliases += _aliases(area, identifier, municipality, gazetteer, len(having[_plain(area.name)]))
    return AreaChanges(tuple(new), tuple(coded), len(areas), tuple(entries), tuple(aliases))


def _known(gazetteer: Gazetteer, identifier: str) -> Entry | None:
    try:
        return gazetteer.entry(identifier)
    except UnknownPlaceError:
        return None


def _by_name(entries: Iterable[Entry]) -> Mapping[tuple[str, str], list[Entry]]:
    index: dict[tuple[str, str], list[Entry]] = {}
    for entry in entries:
        if not entry.id.startswith("cbs:"):
            index.setdefault((entry.municipality, _plain(entry.name)), []).append(entry)
    return index


def _same(index: Mapping[tuple[str, str], list[Entry]], area: Area, municipality: str, used: set[str]) -> Entry | None:
    """The entry without a code that is this area. A verified one must be of the same level."""
    found = index.get((municipality, _plain(area.name)), [])
    for fitting in _FITS[area.level]:
        for entry in found:
            if entry.type == fitting and entry.id not in used and (fitting == area.level or not entry.verified):
                return entry
    return None


def _entry(area: Area, identifier: str, municipality: str, before: Entry | None, whole: Entry | None) -> Entry:
    of = f"cbs:{area.municipality}"
    parent = "" if area.level == "gemeente" else f"cbs:{area.district}" if area.district else of
    fresh = Entry(
        id=identifier,
        kind=PlaceKind.CITY if area.level == "gemeente" else PlaceKind.AREA,
        type=area.level,
        name=area.name,
        municipality=municipality,
        province=whole.province if whole else "",
        parent=parent,
        police_unit=whole.police_unit if whole else "",
        verified=True,
        source=SOURCE,
    )
    if before is None:
        return fresh
    larger = before.parent not in {"", of, whole.id if whole else ""}
    return replace(
        fresh,
        kind=before.kind,
        name=before.name,
        parent=before.parent if larger else parent,
        lat=before.lat,
        lon=before.lon,
        coordinate=before.coordinate,
        former=before.former if before.id == fresh.id else (before.id, *before.former),
    )


def _municipalities_of(areas: Iterable[Area]) -> Mapping[str, set[str]]:
    having: dict[str, set[str]] = {}
    for area in areas:
        having.setdefault(_plain(area.name), set()).add(area.municipality)
    return having


def _aliases(area: Area, identifier: str, municipality: str, gazetteer: Gazetteer, times: int) -> Iterator[Alias]:
    """Its name where that is one; a word alone counts as an ordinary word, for nobody vouches that it is none."""
    text = " ".join(area.name.lower().split())
    if area.level == "gemeente":
        yield Alias(text, identifier, "official", any(alias.ordinary for alias in gazetteer.aliases.get(text, ())))
        return
    if text.startswith(_NO_NAME) or text == municipality.lower():
        return
    known = gazetteer.aliases.get(text, ())
    town = any(gazetteer.entry(alias.id).kind is PlaceKind.CITY for alias in known)
    if town or times > _MANY:
        yield Alias(f"{municipality.lower()} {text}", identifier, "official", False, "with its municipality")
    else:
        yield Alias(text, identifier, "official", " " not in text or any(alias.ordinary for alias in known))


def _plain(name: str) -> str:
    return "".join(sign for sign in name.casefold() if sign.isalnum())
