"""Where a school lies, to find who can support it: every place around its own, under every id it has or had.

Containment follows the gazetteer's lists, never a distance. That it is asked is a person's choice.
"""

from collections.abc import Iterable

from forwarding.places import PlaceBook, installed_places

MOST_PLACES = 200
"""Ids that are asked about; a school with its locations lies in far fewer."""


def around_school(own_places: Iterable[str], book: PlaceBook | None = None) -> tuple[str, ...]:
    """Ids of the school's own places and of all that they lie in, sorted."""
    places = book or installed_places()
    found: set[str] = set()
    for place_id in own_places:
        found |= places.every_id(place_id)
        for holder in places.around(place_id):
            found |= places.every_id(holder.id)
    return tuple(sorted(found)[:MOST_PLACES])
