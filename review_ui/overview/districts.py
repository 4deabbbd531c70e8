"""Which open signals stand in which district: by what the gazetteer says a place lies in, never by a coordinate.

A place is shown as its district and as nothing smaller. It draws nothing; the list it makes is the map's equal.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from forwarding.places import PlaceBook
from pipeline.store.overview import Line
from signals.label import LEVEL_ORDER, Level

DRAWN = Path(__file__).parent.parent / "static" / "overview_districts.json"
MOST_LINES = 20
"""Signals listed under one district; how many there are stands with its name."""


@dataclass(frozen=True)
class District:
    """A municipality or stadsdeel. `drawn` when the map has its border; the id is empty where no place is known."""

    id: str
    name: str
    drawn: bool

    @property
    def anchor(self) -> str:
        """Its place on the page."""
        return "wijk-" + "".join(c if c.isalnum() else "-" for c in self.id.lower() or "geen")


@dataclass(frozen=True)
class Here:
    """A district with its open signals, most urgent first."""

    district: District
    lines: tuple[Line, ...]

    @property
    def level(self) -> Level:
        """The most urgent level among them."""
        return min((line.level for line in self.lines), key=LEVEL_ORDER.index)


NOWHERE = District("", "", False)
"""No place named, or one that the gazetteer does not hold."""


def district_of(place_id: str, book: PlaceBook) -> District:
    """The district a place lies in; its municipality where nobody wrote down in which district."""
    around = book.around(place_id)
    borders = _drawn()
    for place in around:
        if place.id in borders:
            return borders[place.id]
    return District(around[-1].id, around[-1].name, False) if around else NOWHERE


def by_district(lines: Iterable[Line], book: PlaceBook) -> list[Here]:
    """Every district with an open signal, by name: first those on the map, then the others, then no place at all.

    The order says nothing about how many there are. A signal that names places in two districts stands in both.
    """
    found: dict[District, list[Line]] = {}
    for line in lines:
        districts = dict.fromkeys(district_of(place.id, book) for place in line.places)
        known = [district for district in districts if district is not NOWHERE] or [NOWHERE]
        for district in known:
            found.setdefault(district, []).append(line)
    ordered = sorted(found, key=lambda district: (district is NOWHERE, not district.drawn, district.name.casefold()))
    return [Here(district, tuple(found[district])) for district in ordered]


def drawn() -> Iterator[tuple[District, list[Any]]]:
    """Every district that has a border, with its border: polygons of rings of points, east and north."""
    for feature in json.loads(DRAWN.read_text())["features"]:
        yield District(feature["id"], _named(feature["properties"]), True), feature["geometry"]["coordinates"]


@cache
def _drawn() -> dict[str, District]:
    return {district.id: district for district, _ in drawn()}


def _named(said: dict[str, str]) -> str:
    name, town = said["name"], said["municipality"]
    return name if name == town else f"{town} {name}"
