"""Which of a signal's places one contact may hear of: its own school, its own area, and nothing beyond."""

from collections.abc import Mapping, Sequence

from forwarding.places import PlaceBook
from pipeline.store.queue import NamedPlace
from signals.place import PlaceKind
from signals.referral import RecipientKind


def own_places(
    kind: RecipientKind,
    served: frozenset[str],
    named: Sequence[NamedPlace],
    corridors: Mapping[str, frozenset[str]],
    book: PlaceBook,
) -> tuple[str, ...]:
    """Names of the places, in the order given, without repeats; empty when none of them is the contact's."""
    names: list[str] = []
    for place in named:
        if kind is RecipientKind.SCHOOL:
            shown = place.name if _concerns_school(place, served, corridors, book) else None
        elif kind is RecipientKind.FIELD and place.kind is PlaceKind.SCHOOL:
            shown = _area_of_school(place, served, book)
        else:
            shown = place.name if covering(place.id, served, book) else None
        if shown is not None and shown not in names:
            names.append(shown)
    if kind is RecipientKind.HELP and any(place.kind is PlaceKind.SCHOOL for place in named):
        schools = {place.name for place in named if place.kind is PlaceKind.SCHOOL}
        return tuple(name for name in names if name in schools)
    return tuple(names)


def covering(place_id: str, served: frozenset[str], book: PlaceBook) -> str | None:
    """Id of the smallest served place that is this place or holds it, or None."""
    if place_id in served:
        return place_id
    return next((entry.id for entry in book.around(place_id) if entry.id in served), None)


def _concerns_school(
    place: NamedPlace, served: frozenset[str], corridors: Mapping[str, frozenset[str]], book: PlaceBook
) -> bool:
    """Own school only among schools; another place when its corridor names the school, or the school lies in it
    or in the same municipality."""
    if place.kind is PlaceKind.SCHOOL:
        return place.id in served
    if corridors.get(place.id, frozenset()) & served:
        return True
    here = book.entry(place.id)
    for school_id in served:
        school = book.entry(school_id)
        if school is None:
            continue
        if here is not None and here.municipality and here.municipality == school.municipality:
            return True
    return False


def _area_of_school(school: NamedPlace, served: frozenset[str], book: PlaceBook) -> str | None:
    """The area that a school lies in, for people who are in the street and not at a school."""
    if covering(school.id, served, book) is None:
        return None
    chain = book.around(school.id)
    if len(chain) > 1:
        return chain[1].name
    return chain[0].municipality or None if chain else None
