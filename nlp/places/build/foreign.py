"""Cities and well-known quarters abroad, so that a post on London is not taken for one on a Dutch place.

Names and coordinates of cities are GeoNames'; quarters are general knowledge. None has a municipality, a parent
or a police unit; the country stands in the id (`world:ma/casablanca`).
"""

from collections.abc import Iterable, Iterator
from pathlib import Path

from nlp.places.build.draft import Draft, Name, number, rows, slug
from nlp.places.entry import Entry, Exactness
from signals.place import PlaceKind

TABLE = Path(__file__).parents[2] / "data" / "foreign_places.csv"
_DUTCH = {PlaceKind.CITY, PlaceKind.AREA}


def foreign(known: Iterable[Draft], table: Path = TABLE) -> Iterator[Draft]:
    """Every row that has a name which no Dutch town or area of `known` has: here the Dutch one is meant."""
    taken = {slug(name[0]) for draft in known if draft.entry.kind in _DUTCH for name in draft.names}
    for row in rows(table):
        own: Name = (row["name"], "official")
        others: list[Name] = [(alias, "short") for alias in row["aliases"].split("|") if alias]
        names = [name for name in (own, *others) if slug(name[0]) not in taken]
        if names:
            yield Draft(_entry(row), tuple(names))


def _entry(row: dict[str, str]) -> Entry:
    lat, lon = number(row["lat"]), number(row["lon"])
    kind = PlaceKind(row["kind"])
    return Entry(
        id=row["id"],
        kind=kind,
        type=row["type"],
        name=row["name"],
        municipality="",
        lat=lat,
        lon=lon,
        coordinate=Exactness.NONE if lat is None else Exactness.PLACE_CENTRE,
        verified=row["source"] == "GeoNames",
        source=row["source"],
    )
