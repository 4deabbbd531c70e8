"""Makes the map's own file of districts from a GeoJSON file of boundaries; run by hand when the boundaries change.

`python -m review_ui.overview.build_districts BOUNDARIES.geojson`. A district is a municipality, or in Amsterdam a
stadsdeel; it carries the gazetteer's id, so that a place's district follows from lists and never from a distance.
"""

import json
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

from forwarding.places import shipped_places
from signals.place import PlaceKind

TARGET = Path(__file__).parent.parent / "static" / "overview_districts.json"
HOME = {"Amsterdam", "Zaanstad", "Oostzaan", "Wormerland"}
"""What the map shows at first: the region that the product was made for."""
IN_DISTRICTS, MERGED = {"Amsterdam"}, {"Weesp"}
STEPS = 40
Point = tuple[float, float]
Ring = list[list[float]]


def build(boundaries: dict[str, Any]) -> dict[str, Any]:
    """The features that the map draws, by id; a boundary whose name the gazetteer lacks is an error."""
    ids = {
        (place.municipality, place.name): place.id
        for place in shipped_places()
        if place.kind in (PlaceKind.CITY, PlaceKind.AREA)
        and ((place.name == place.municipality and not place.parent) or place.parent == "cbs:GM0363")
    }
    features = []
    for boundary in boundaries["features"]:
        said = boundary["properties"]
        level, town, name = (
            said[key].replace("'s-Gravenhage", "Den Haag") for key in ("level", "municipality", "name")
        )
        whole = level == "gemeente" and town not in IN_DISTRICTS | MERGED
        if not whole and not (level == "stadsdeel" and town in IN_DISTRICTS):
            continue
        parts = _parts(boundary["geometry"])
        features.append(
            {
                "type": "Feature",
                "id": ids[town, name],
                "properties": {
                    "name": name,
                    "municipality": town,
                    "home": town in HOME,
                    "label": _inside(max((part[0] for part in parts), key=_size)),
                },
                "geometry": {"type": "MultiPolygon", "coordinates": parts},
            }
        )
    return {"type": "FeatureCollection", "features": sorted(features, key=lambda feature: str(feature["id"]))}


def _parts(geometry: dict[str, Any]) -> list[list[Ring]]:
    whole = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    return [[[[round(x, 4), round(y, 4)] for x, y, *_ in ring] for ring in part] for part in whole]


def _size(ring: Ring) -> float:
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(ring)))


def _inside(ring: Ring) -> Point:
    """Roughly the point of a ring that lies furthest from its border: where a name fits."""
    xs, ys = [x for x, _ in ring], [y for _, y in ring]
    grid = [
        (min(xs) + (max(xs) - min(xs)) * i / STEPS, min(ys) + (max(ys) - min(ys)) * j / STEPS)
        for i in range(1, STEPS)
        for j in range(1, STEPS)
    ]
    x, y = max((point for point in grid if _holds(ring, point)), key=lambda point: _to_border(ring, point))
    return round(x, 4), round(y, 4)


def _holds(ring: Ring, point: Point) -> bool:
    x, y = point
    crossings = 0
    for (ax, ay), (bx, by) in pairwise(ring):
        if (ay > y) != (by > y) and x < (bx - ax) * (y - ay) / (by - ay) + ax:
            crossings += 1
    return crossings % 2 == 1


def _to_border(ring: Ring, point: Point) -> float:
    # A degree to the east is about 0.61 of one to the north here.
    x, y = point
    best = float("inf")
    for (ax, ay), (bx, by) in pairwise(ring):
        dx, dy = (bx - ax) * 0.61, by - ay
        along = ((x - ax) * 0.61 * dx + (y - ay) * dy) / ((dx * dx + dy * dy) or 1)
        along = min(1.0, max(0.0, along))
        best = min(best, ((x - ax) * 0.61 - along * dx) ** 2 + ((y - ay) - along * dy) ** 2)
    return best


if __name__ == "__main__":
    made = build(json.loads(Path(sys.argv[1]).read_text()))
    TARGET.write_text(json.dumps(made, ensure_ascii=False, separators=(",", ":")) + "\n")
    sys.stdout.write(f"{len(made['features'])} districts in {TARGET.name}\n")
