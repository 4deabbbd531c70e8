"""What every place lies in, as an id: by its exact coordinate, else by the names in its official row or address."""

from collections.abc import Iterable, Mapping

from nlp.places.build.borders import Borders
from nlp.places.build.draft import Draft
from nlp.places.entry import Entry
from signals.place import PlaceKind

_SIZE = {"gemeente": 0, "woonplaats": 1, "stadsdeel": 2, "gebied": 3, "wijk": 4, "buurt": 5}
_SMALL = 6
_POSTAL = {"Amsterdam-Zuidoost": "Zuidoost", "Amsterdam Zuidoost": "Zuidoost"}
"""Postal towns that are a quarter in truth."""


class Holders:
    """The towns and areas by municipality and name, and the municipalities themselves."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._by_name: dict[tuple[str, str], list[Entry]] = {}
        self._municipality: dict[str, str] = {}
        for entry in entries:
            if entry.type in _SIZE:
                self._by_name.setdefault((entry.municipality, entry.name), []).append(entry)
            if entry.type == "gemeente":
                self._municipality.setdefault(entry.municipality, entry.id)

    def parent(self, draft: Draft, borders: Borders, known: Mapping[str, Entry]) -> str:
        """Id of the smallest known place that surely holds this one; empty for municipalities and strays."""
        entry = draft.entry
        if entry.type == "gemeente":
            return ""
        if (
            entry.coordinate_exact
            and entry.kind is PlaceKind.SCHOOL
            and entry.lat is not None
            and entry.lon is not None
        ):
            area = borders.area(entry.lat, entry.lon, entry.municipality)
            if area in known:
                return area
        for name in filter(None, draft.within):
            larger = [
                holder
                for holder in self._by_name.get((entry.municipality, _POSTAL.get(name, name)), ())
                if size(holder) < size(entry) and holder.id != entry.id
            ]
            if larger:
                return max(larger, key=size).id
        return self.municipality(entry)

    def municipality(self, entry: Entry) -> str:
        """Id of the municipality of a place; empty where nobody wrote it down."""
        found = self._municipality.get(entry.municipality, "")
        return found if found != entry.id else ""


def size(entry: Entry) -> int:
    """The larger the area, the smaller the number."""
    return _SIZE.get(entry.type, _SMALL)
