"""Where a signal plays and whom its list of recipients leaves out: each place with region, police unit, who is told.

It explains a list; who is told is `forwarding.routing`'s work, and a person's.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from forwarding.places import PlaceBook, installed_places
from forwarding.regions import region_of
from forwarding.routing import Proposal
from pipeline.store.queue import NamedPlace
from signals.referral import RecipientKind


@dataclass(frozen=True)
class PlaceReached:
    """One place of a signal. `unit` None: nobody wrote down for sure whose ground it is."""

    name: str
    region: str | None
    unit: str | None
    anybody: bool
    police: bool


@dataclass(frozen=True)
class Reach:
    """All places of a signal, in the signal's order."""

    places: tuple[PlaceReached, ...]

    @property
    def regions(self) -> tuple[str, ...]:
        """The regions, each once."""
        return tuple(dict.fromkeys(place.region for place in self.places if place.region))

    @property
    def units(self) -> tuple[str, ...]:
        """The police units, each once."""
        return tuple(dict.fromkeys(place.unit for place in self.places if place.unit))

    @property
    def left_out(self) -> tuple[PlaceReached, ...]:
        """Places for which nobody, or nobody of the police, is on the list."""
        return tuple(place for place in self.places if not (place.anybody and place.police))


def reach(named: Sequence[NamedPlace], proposals: Sequence[Proposal], book: PlaceBook | None = None) -> Reach:
    """What the list of a signal with these places leaves out; who cannot be sent to is counted as left out."""
    places = book or installed_places()
    told = [one for one in proposals if one.sendable]
    found = []
    for place in named:
        entry = places.entry(place.id)
        kinds = {one.kind for one in told if places.current(place.id) in one.places}
        found.append(
            PlaceReached(
                name=place.name,
                region=region_of(entry.municipality) if entry is not None else None,
                unit=places.police_unit(place.id),
                anybody=bool(kinds),
                police=RecipientKind.POLICE in kinds,
            )
        )
    return Reach(tuple(found))
