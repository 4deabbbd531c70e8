"""Which area a point lies in, by the collected borders. Used while building only, and only for exact coordinates.

The borders are simplified to some tens of metres, so a point near one is said to lie in neither.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import cos, hypot, radians
from pathlib import Path
from typing import Literal

from pydantic import BaseModel

from nlp.places.build.areas import area_id
from nlp.places.municipalities import municipality_now

CLEAR_METRES = 50.0
"""A point nearer to a border than this could lie on the other side."""
_METRES = 111_320.0
_LEVELS = ("wijk", "gebied", "stadsdeel")
Ring = list[tuple[float, float]]


class _One(BaseModel):
    type: Literal["Polygon"]
    coordinates: list[Ring]


class _Many(BaseModel):
    type: Literal["MultiPolygon"]
    coordinates: list[list[Ring]]


class _Feature(BaseModel):
    properties: dict[str, str]
    geometry: _One | _Many


class _File(BaseModel):
    features: list[_Feature]


@dataclass(frozen=True, slots=True)
class _Area:
    id: str
    municipality: str
    level: str
    polygons: list[list[Ring]]
    box: tuple[float, float, float, float]


class Borders:
    """The borders of one file, asked by point."""

    def __init__(self, areas: Sequence[_Area]) -> None:
        self._areas = areas

    @staticmethod
    def load(path: Path) -> "Borders":
        """The borders of a GeoJSON file in longitude and latitude."""
        return Borders([_area(feature) for feature in _File.model_validate_json(path.read_bytes()).features])

    def area(self, lat: float, lon: float, municipality: str) -> str:
        """Id of the smallest area of the municipality that surely holds the point; empty when none does."""
        for level in _LEVELS:
            for area in self._around(lat, lon):
                if area.level == level and area.municipality == municipality:
                    return area.id
        return ""

    def municipality(self, lat: float, lon: float) -> str:
        """The municipality that surely holds the point; empty when near a border or outside all."""
        return next((area.municipality for area in self._around(lat, lon) if area.level == "gemeente"), "")

    def _around(self, lat: float, lon: float) -> Iterator[_Area]:
        for area in self._areas:
            west, south, east, north = area.box
            if west <= lon <= east and south <= lat <= north and _inside(area, lat, lon):
                yield area


def _area(feature: _Feature) -> _Area:
    polygons = feature.geometry.coordinates if isinstance(feature.geometry, _Many) else [feature.geometry.coordinates]
    corners = [corner for polygon in polygons for ring in polygon for corner in ring]
    lons, lats = [corner[0] for corner in corners], [corner[1] for corner in corners]
    said = feature.properties
    municipality = municipality_now(said["municipality"], "")
    level = said["level"]
    identifier = "" if level == "gemeente" else area_id(municipality, said["name"], level)
    return _Area(identifier, municipality, level, polygons, (min(lons), min(lats), max(lons), max(lats)))


def _inside(area: _Area, lat: float, lon: float) -> bool:
    """Inside one of the polygons, outside its holes, and clear of every edge."""
    held = any(
        _within(polygon[0], lat, lon) and not any(_within(h, lat, lon) for h in polygon[1:])
        for polygon in area.polygons
    )
    return held and all(_clear(ring, lat, lon) for polygon in area.polygons for ring in polygon)


def _within(ring: Ring, lat: float, lon: float) -> bool:
    """Whether a ray to the east crosses the ring an odd number of times."""
    odd = False
    for (x1, y1), (x2, y2) in pairwise(ring):
        if (y1 > lat) != (y2 > lat) and lon < (x2 - x1) * (lat - y1) / (y2 - y1) + x1:
            odd = not odd
    return odd


def _clear(ring: Ring, lat: float, lon: float) -> bool:
    """Whether every edge is further away than the borders are exact. Metres on a plane: fine over some kilometres."""
    wide = _METRES * cos(radians(lat))
    points = [((x - lon) * wide, (y - lat) * _METRES) for x, y in ring]
    return all(_distance(a, b) >= CLEAR_METRES for a, b in pairwise(points))


def _distance(start: tuple[float, float], end: tuple[float, float]) -> float:
    """From the origin to a line segment."""
    (x1, y1), (x2, y2) = start, end
    length = (x2 - x1) ** 2 + (y2 - y1) ** 2
    along = 0.0 if length == 0 else max(0.0, min(1.0, -(x1 * (x2 - x1) + y1 * (y2 - y1)) / length))
    return hypot(x1 + along * (x2 - x1), y1 + along * (y2 - y1))
