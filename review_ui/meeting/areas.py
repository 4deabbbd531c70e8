"""What a sheet can be about: a region of the network, the schools around one place, or the whole country.

A region is a list of municipalities. It holds no number and compares no area with another.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from forwarding.places import PlaceBook
from forwarding.regions import MUNICIPALITIES

WHOLE = "alles"
NETWORK = "netwerk:"
"""Before the id of the place whose corridor makes the network."""


@dataclass(frozen=True)
class Area:
    """What a sheet is about. `places` None: everything, also signals without a place."""

    code: str
    name: str
    places: tuple[str, ...] | None


def region(code: str, book: PlaceBook) -> Area | None:
    """The region with this code, or everything; None for another code."""
    if code == WHOLE:
        return Area(WHOLE, "", None)
    if code not in MUNICIPALITIES:
        return None
    name, municipalities = MUNICIPALITIES[code]
    inside = frozenset(municipalities)
    ids = (known for place in book if place.municipality in inside for known in (place.id, *place.former))
    return Area(code, name, tuple(ids))


def network(place_ids: Iterable[str], book: PlaceBook) -> Area | None:
    """The schools around the first of these places; None where the gazetteer does not know it."""
    listed = tuple(place_ids)
    place = book.entry(listed[0])
    every = tuple(known for listed_id in listed for known in sorted(book.every_id(listed_id)))
    return Area(f"{NETWORK}{listed[0]}", place.name, every) if place is not None else None


def choices() -> list[tuple[str, str]]:
    """Codes and names of the regions, in the order of the alphabet."""
    return [(code, name) for code, (name, _) in MUNICIPALITIES.items()]
