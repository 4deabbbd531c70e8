"""Finds the place of the gazetteer that a reader names, for adding it to a signal.

It guesses nothing: where several fit they are offered, and none is chosen.
"""

from dataclasses import dataclass

from pipeline.store.queue import NamedPlace
from review_ui.place_search import gazetteer, matching, searched_as
from signals.place import PlaceKind

MOST_OFFERED = 8


@dataclass(frozen=True)
class Offer:
    """A place that fits what was typed: its id, and how a list names it."""

    id: str
    kind: PlaceKind
    name: str


def fitting(typed: str) -> list[Offer]:
    """At most eight places, best first; one alone when the typed name is exactly that of one place."""
    found = [(searched_as(one.listed), one) for one in matching(typed)]
    exact = [row for row in found if row[0] == searched_as(typed)]
    if len(exact) == 1:
        found = exact
    found.sort(key=lambda row: (row[1].rank, len(row[0]), row[0]))
    return [Offer(one.place.id, one.place.kind, one.listed) for _, one in found[:MOST_OFFERED]]


def place_of(place_id: str) -> NamedPlace | None:
    """The place with this id as a signal names it; None when the gazetteer has none."""
    entry = gazetteer().entry(place_id)
    return NamedPlace(entry.id, entry.kind, entry.name) if entry is not None else None
