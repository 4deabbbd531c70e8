"""What routing asks of the gazetteer: what a place is, what it lies in, whose police unit it is.

Containment follows names in official lists and addresses, never a distance or a coordinate.
"""

from collections.abc import Iterable
from functools import cache
from typing import Protocol

from signals.place import PlaceKind


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
        """Name of the area or town it lies in; empty when not known."""

    @property
    def police_unit(self) -> str:
        """The police unit (eenheid) of its municipality; empty when not known."""


class PlaceBook:
    """A gazetteer as a tree: every place with what it lies in."""

    def __init__(self, places: Iterable[Place]) -> None:
        self._by_id: dict[str, Place] = {}
        self._holders: dict[tuple[str, str], Place] = {}
        for place in places:
            self._by_id[place.id] = place
            if place.kind in (PlaceKind.AREA, PlaceKind.CITY):
                key = (place.municipality, place.name)
                known = self._holders.get(key)
                # A town and one of its quarters can share a name; a parent that is named means the larger one.
                if known is None or (place.kind is PlaceKind.CITY and known.kind is not PlaceKind.CITY):
                    self._holders[key] = place

    def entry(self, place_id: str) -> Place | None:
        """The place with this id, or None when there is none."""
        return self._by_id.get(place_id)

    def around(self, place_id: str) -> tuple[Place, ...]:
        """The place itself and everything it lies in, from small to large, the municipality last.

        Empty when the place is not known; just itself when nobody wrote down where it lies.
        """
        chain: list[Place] = []
        current = self._by_id.get(place_id)
        while current is not None and current not in chain:
            chain.append(current)
            current = self._holders.get((current.municipality, current.parent)) if current.parent else None
        whole = self._holders.get((chain[0].municipality, chain[0].municipality)) if chain else None
        if whole is not None and whole not in chain:
            chain.append(whole)
        return tuple(chain)

    def police_unit(self, place_id: str) -> str | None:
        """The police unit of a place; None when its municipality, and so its unit, is not known for sure."""
        place = self._by_id.get(place_id)
        return place.police_unit or None if place is not None and place.municipality else None


@cache
def shipped_places() -> PlaceBook:
    """The gazetteer that ships with the product, loaded at first use and kept."""
    from nlp.places import gazetteer  # loading takes a moment, so only who routes pays for it

    return PlaceBook(gazetteer.load())
