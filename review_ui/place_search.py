"""The gazetteer as people search it: every word that was typed begins a word of a place's name or its municipality.

It guesses nobody's whereabouts, keeps nothing of what is typed, and chooses no place: who asks puts them in order.
"""

import threading
from dataclasses import dataclass
from functools import lru_cache
from unicodedata import combining, normalize

from forwarding.places import Place, PlaceBook, installed_places
from signals.place import PlaceKind

SHORTEST = 2
"""Letters and digits. Fewer fit half the country."""
_ONE_LOADS = threading.Lock()
"""The gazetteer takes a second or two to load at first; a second letter typed meanwhile waits for it."""
_FIRST = (PlaceKind.STATION, PlaceKind.CITY, PlaceKind.AREA, PlaceKind.SCHOOL, PlaceKind.STREET)


@dataclass(frozen=True)
class Found:
    """A place, and the name that a list shows."""

    place: Place
    listed: str
    begins: bool
    """Whether its own name begins with what was typed."""

    @property
    def rank(self) -> tuple[bool, int]:
        """What comes first in any list: a name that begins so, then by kind."""
        return not self.begins, _FIRST.index(self.place.kind)


def gazetteer() -> PlaceBook:
    """All places, loaded once."""
    with _ONE_LOADS:
        return installed_places()


def matching(typed: str) -> list[Found]:
    """The places that fit, in no order; none for fewer than two letters or digits."""
    words = searched_as(typed).split()
    if len("".join(words)) < SHORTEST:
        return []
    with _ONE_LOADS:
        rows = _rows(installed_places())
    whole = f" {' '.join(words)}"
    return [
        Found(place, listed, searched.startswith(whole))
        for place, listed, searched in rows
        if all(f" {word}" in searched for word in words)
    ]


@lru_cache(maxsize=2)
def _rows(book: PlaceBook) -> tuple[tuple[Place, str, str], ...]:
    """Each place with the name that a list shows, and the words it is found by."""
    return tuple(
        (
            place,
            named(place),
            f" {searched_as(place.name)} {searched_as(place.municipality)} {place.kind.value}",
        )
        for place in book
    )


def named(place: Place) -> str:
    """A place as a list names it: with its town, but a station, whose names are unique in the country."""
    name = place.name
    if place.kind is PlaceKind.STATION:
        return name if "station" in name.lower() else f"station {name}"
    if place.municipality and place.municipality.lower() not in name.lower():
        return f"{name}, {place.municipality}"
    return name


def searched_as(text: str) -> str:
    """Small letters without marks; whatever is no letter or digit parts words."""
    bare = "".join(c for c in normalize("NFKD", text.lower()) if not combining(c))
    return " ".join("".join(c if c.isalnum() else " " for c in bare).split())
