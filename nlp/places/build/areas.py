"""Quarters, districts and neighbourhoods from the table of areas, with the names of what holds them."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from nlp.places.build.draft import Draft, Name, Row, number, rows, slug
from nlp.places.entry import Entry, Exactness
from nlp.places.municipalities import spelled
from signals.place import PlaceKind

_LARGE = {"stadsdeel", "gebied"}
_COMPASS = {"Centrum", "Noord", "Zuid", "Oost", "West"}
_FORMER = {"area:amsterdam/zuidoost": ("area:amsterdam-zuidoost",)}
"""Ids of postal towns that are a quarter in truth."""


def area_id(municipality: str, name: str, level: str) -> str:
    """The id of an area without an official code; neighbours of one name differ by their level."""
    return f"area:{slug(municipality)}/{slug(name)}" + ("" if level in _LARGE else f"-{level}")


def areas(tables: Path, towns: Iterable[Row]) -> Iterator[Draft]:
    """Every area of the table that is no town."""
    places = {row["place"] for row in towns}
    for row in rows(tables / "areas_nl.csv"):
        level, name = row["level"], row["name"]
        if level in {"woonplaats", "plaats"} or name in {"", "Overig"}:
            continue
        city = spelled(row["municipality"])
        identifier = area_id(city, name, level)
        unverified = "unverified" in row["source"].lower() or "general" in row["source"].lower()
        lat, lon = number(row["lat"]), number(row["lon"])
        entry = Entry(
            id=identifier,
            kind=PlaceKind.AREA,
            type=level,
            name=name,
            municipality=city,
            lat=lat,
            lon=lon,
            coordinate=Exactness.NONE if lat is None else Exactness.AREA_POINT,
            verified=not unverified,
            former=_FORMER.get(identifier, ()),
            source=row["source"],
        )
        yield Draft(entry, tuple(_names(row, city, places)), (row["parent"], row["grandparent"]))


def _names(row: Row, city: str, places: set[str]) -> list[Name]:
    name = row["name"]
    names: list[Name] = [(name, "official")]
    if row["level"] == "stadsdeel" or name in _COMPASS:
        names += [(f"{city}-{name}", "official"), (f"{city} {name}", "official")]
    names += [(a, "nickname") for a in row["aliases"].split("|") if a and "(" not in a]
    if name in places and name != "Holendrecht":
        # A town of that name is meant more often than a quarter far away.
        names = [n for n in names if n[0] != name] or [(f"{city} {name}", "official")]
    return names
