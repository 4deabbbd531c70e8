"""A small drawing of the districts that a signal's places lie in, with what lies around them; plain SVG, no tiles.

Districts only: where in a district a place is stays unsaid, because the gazetteer rarely knows it for sure.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise

from forwarding.places import PlaceBook
from review_ui.overview.districts import district_of, drawn

_LON, _LAT = 610, 1000
"""Units per degree, some hundred metres each: at 52.4 degrees north a degree of longitude is 0.61 of latitude's."""
_AROUND = 0.35
"""How much of its own size is shown on each side of what is named."""
_MOST_NAMED = 4


@dataclass(frozen=True)
class Shape:
    """One district as an SVG path."""

    name: str
    path: str
    named: bool


@dataclass(frozen=True)
class SmallMap:
    """What to draw, and the names of the districts that are meant."""

    view: str
    shapes: tuple[Shape, ...]
    names: tuple[str, ...]


@dataclass(frozen=True)
class _District:
    name: str
    path: str
    box: tuple[int, int, int, int]


def small_map(place_ids: Iterable[str], book: PlaceBook) -> SmallMap | None:
    """The map of these places; None where no border of theirs is known, or where they lie all over the country."""
    found = {district.id for place_id in place_ids if (district := district_of(place_id, book)).drawn}
    return _drawn(frozenset(found)) if 0 < len(found) <= _MOST_NAMED else None


@lru_cache(maxsize=128)
def _drawn(named: frozenset[str]) -> SmallMap:
    districts = _districts()
    boxes = [districts[one].box for one in named]
    left, top = min(box[0] for box in boxes), min(box[1] for box in boxes)
    right, bottom = max(box[2] for box in boxes), max(box[3] for box in boxes)
    across, down = int((right - left) * _AROUND), int((bottom - top) * _AROUND)
    left, top, right, bottom = left - across, top - down, right + across, bottom + down
    near = {
        one: district
        for one, district in districts.items()
        if district.box[0] < right and district.box[2] > left and district.box[1] < bottom and district.box[3] > top
    }
    # What is meant is drawn last, over the borders of its neighbours.
    shapes = sorted((Shape(district.name, district.path, one in named) for one, district in near.items()), key=_order)
    names = tuple(shape.name for shape in shapes if shape.named)
    return SmallMap(f"{left} {top} {right - left} {bottom - top}", tuple(shapes), names)


def _order(shape: Shape) -> tuple[bool, str]:
    return shape.named, shape.name


def _path(ring: list[tuple[int, int]]) -> str:
    """A closed line, each point told from the one before it: a page stays small. Nothing where it shrank to a dot."""
    steps = [(x - before_x, y - before_y) for (before_x, before_y), (x, y) in pairwise(ring)]
    taken = [f"{x} {y}" for x, y in steps if x or y]
    return f"M{ring[0][0]} {ring[0][1]}l{' '.join(taken)}z" if len(taken) > 1 else ""


@cache
def _districts() -> dict[str, _District]:
    """Every district that has a border, in units with the north up."""
    made = {}
    for district, border in drawn():
        rings = [
            [(round(east * _LON), round(-north * _LAT)) for east, north in ring]
            for polygon in border
            for ring in polygon
        ]
        points = [point for ring in rings for point in ring]
        box = (
            min(x for x, _ in points),
            min(y for _, y in points),
            max(x for x, _ in points),
            max(y for _, y in points),
        )
        made[district.id] = _District(district.name, "".join(map(_path, rings)), box)
    return made
