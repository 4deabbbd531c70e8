"""Finds the place of the gazetteer that a reader names, for adding it to a signal.

It guesses nothing: where several fit they are offered, and none is chosen.
"""

import threading
from dataclasses import dataclass
from functools import lru_cache

from forwarding.places import PlaceBook, installed_places
from pipeline.store.queue import NamedPlace
from review_ui.report.places import named, searched_as
from signals.place import PlaceKind

MOST_OFFERED = 8
SHORTEST = 2
_ONE_LOADS = threading.Lock()
_FIRST = (PlaceKind.STATION, PlaceKind.CITY, PlaceKind.AREA, PlaceKind.SCHOOL, PlaceKind.STREET)


@dataclass(frozen=True)
class Offer:
    """A place that fits what was typed: its id, and how a list names it."""

    id: str
    kind: PlaceKind
    name: str


def fitting(typed: str) -> list[Offer]:
    """At most eight places, best first; one alone when the typed name is exactly that of one place."""
    words = searched_as(typed).split()
    if len("".join(words)) < SHORTEST:
        return []
    with _ONE_LOADS:
        rows = _rows(installed_places())
    whole = " ".join(words)
    exact = [offer for offer, _, listed in rows if listed == whole]
    if len(exact) == 1:
        return exact
    found = [row for row in rows if all(f" {word}" in row[1] for word in words)]
    found.sort(key=lambda row: (not row[1].startswith(f" {whole}"), _FIRST.index(row[0].kind), len(row[2]), row[2]))
    return [offer for offer, _, _ in found[:MOST_OFFERED]]


def place_of(place_id: str) -> NamedPlace | None:
    """The place with this id as a signal names it; None when the gazetteer has none."""
    with _ONE_LOADS:
        entry = installed_places().entry(place_id)
    return NamedPlace(entry.id, entry.kind, entry.name) if entry is not None else None


@lru_cache(maxsize=2)
def _rows(book: PlaceBook) -> tuple[tuple[Offer, str, str], ...]:
    """Each place with the words it is found by, and the name that a list shows, as it is searched."""
    rows = []
    for place in book:
        listed = named(place)
        words = f" {searched_as(place.name)} {searched_as(place.municipality)} {place.kind.value}"
        rows.append((Offer(place.id, place.kind, listed), words, searched_as(listed)))
    return tuple(rows)
