"""What forwarding asks of the gazetteer: what a place is, what it lies in, whose police unit, how words name a school.

Containment follows names in official lists and addresses, never a distance or a coordinate.
"""

from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from signals.place import PlaceKind

if TYPE_CHECKING:
    from nlp.places.linker import Linker

_HOLDERS = (PlaceKind.AREA, PlaceKind.CITY)


class Place(Protocol):
    """One entry of the gazetteer, as far as routing needs it."""

    @property
    def id(self) -> str:
        """Stable id, source before the colon."""

    @property
    def kind(self) -> PlaceKind:
        """What it is."""

    @property
    def name(self) -> str:
        """Its everyday name."""

    @property
    def municipality(self) -> str:
        """Name of the municipality it lies in; empty when not known."""

    @property
    def parent(self) -> str:
        """Id of the area or town it lies in; empty when not known."""

    @property
    def police_unit(self) -> str:
        """The police unit (eenheid) of its municipality; empty when not known."""

    @property
    def former(self) -> tuple[str, ...]:
        """Ids that it had before; older lists and signals still name them."""


class PlaceBook:
    """A gazetteer as a tree: every place with what it lies in."""

    def __init__(self, places: Iterable[Place]) -> None:
        self._by_id: dict[str, Place] = {}
        self._municipality: dict[str, Place] = {}
        former: dict[str, Place] = {}
        for place in places:
            self._by_id[place.id] = place
            former.update(dict.fromkeys(place.former, place))
            # A municipality bears its own name and lies in nothing; a town of that name may lie in it.
            if place.kind in _HOLDERS and place.name == place.municipality and not place.parent:
                self._municipality[place.municipality] = place
        self._by_id = former | self._by_id

    def __iter__(self) -> Iterator[Place]:
        """Every place once, under the id it has now."""
        return (place for place_id, place in self._by_id.items() if place.id == place_id)

    def entry(self, place_id: str) -> Place | None:
        """The place with this id, now or before, or None when there is none."""
        return self._by_id.get(place_id)

    def current(self, place_id: str) -> str:
        """The id that this place has now; the id itself when the place is not known."""
        place = self._by_id.get(place_id)
        return place.id if place is not None else place_id

    def every_id(self, place_id: str) -> frozenset[str]:
        """The ids that this place has and had, the given one among them."""
        place = self._by_id.get(place_id)
        return frozenset({place_id, place.id, *place.former}) if place is not None else frozenset({place_id})

    def around(self, place_id: str) -> tuple[Place, ...]:
        """The place itself and everything it lies in, from small to large, the municipality last.

        Empty when the place is not known; just itself when nobody wrote down where it lies.
        """
        chain: list[Place] = []
        current = self._by_id.get(place_id)
        while current is not None and current not in chain:
            chain.append(current)
            current = self._by_id.get(current.parent) if current.parent else None
        whole = self._municipality.get(chain[0].municipality) if chain else None
        if whole is not None and whole not in chain:
            chain.append(whole)
        return tuple(chain)

    def police_unit(self, place_id: str) -> str | None:
        """The police unit of a place; None when its municipality, and so its unit, is not known for sure."""
        place = self._by_id.get(place_id)
        return place.police_unit or None if place is not None and place.municipality else None


class _Installed:
    """Which imported places this process routes by; set once, when the process starts."""

    imported: Path | None = None


def install(imported: Path | None) -> None:
    """Route by the shipped places with the imported ones in this folder on top, from now on."""
    _Installed.imported = imported


def installed_places() -> PlaceBook:
    """The places that this installation knows, loaded at first use and kept."""
    return _book(_Installed.imported)


def installed_by_name(name: str) -> tuple[Place, ...]:
    """The places that go by a name in lower case, likeliest first; no primary schools, which share their names."""
    from nlp.places import gazetteer, resolve

    book = gazetteer.load(imported=_Installed.imported)
    entries = {alias.id: book.entry(alias.id) for alias in book.aliases.get(name, ()) if alias.kind != "primary"}
    return tuple(resolve.ordered(tuple(entries.values())))


def schools_named(words: str) -> frozenset[str]:
    """How these words name schools, as it is written there: in full, by a nickname, or a letter off."""
    from nlp.normalise import normalise

    clean = normalise(words)
    found = _linker(_Installed.imported).link(clean.text).found
    return frozenset(words[slice(*clean.original(one.start, one.end))] for one in found if one.kind is PlaceKind.SCHOOL)


def shipped_places() -> PlaceBook:
    """The gazetteer that ships with the product, loaded at first use and kept."""
    return _book(None)


@cache
def _book(imported: Path | None) -> PlaceBook:
    from nlp.places import gazetteer  # loading takes a moment, so only who routes pays for it

    return PlaceBook(gazetteer.load(imported=imported))


@cache
def _linker(imported: Path | None) -> "Linker":
    from nlp.places import gazetteer, linker

    return linker.Linker(gazetteer.load(imported=imported))
