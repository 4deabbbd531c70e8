"""Primary, special and secondary schools from the table of schools."""

from collections.abc import Iterable, Iterator, Mapping
from math import cos, hypot, radians
from pathlib import Path

from nlp.places.aliases import school_aliases
from nlp.places.build.draft import Draft, Row, number, rows, slug
from nlp.places.entry import Entry, Exactness
from nlp.places.municipalities import municipality_now
from signals.place import PlaceKind

TYPES = {"VO": "vo", "VO-PRO": "pro", "PO": "po", "PO-SBO": "sbo", "VSO": "vso"}
_QUALITY = {"geocoded": Exactness.EXACT, "postcode4": Exactness.POSTCODE}
_FAR_KM = 4.0
"""A geocoded address further than this from the middle of its own postcode was found in the wrong place."""
Point = tuple[float, float]


def schools(tables: Path, towns: Iterable[Row]) -> Iterator[Draft]:
    """Every school location of the table."""
    common: dict[str, list[str]] = {}
    for row in rows(tables / "school_common_names_amsterdam.csv"):
        if row["candidate_brin_vestiging"]:
            common.setdefault(row["candidate_brin_vestiging"], []).append(row["common_name"])
    centres = _centres(towns)
    for row in rows(tables / "schools_nl.csv"):
        code = f"{row['brin']}{row['vestiging']}"
        kind = TYPES[row["type"]]
        known = common.get(code, [])
        names = school_aliases(
            row["name"],
            row["short_name"],
            known,
            primary=kind in {"po", "sbo"},
            town=f"{row['city']} {row['municipality']}",
            website=row["website"],
        )
        yield Draft(_school(row, code, kind, known, centres), tuple(names), (row["city"],))


def _school(row: Row, code: str, kind: str, known: list[str], centres: Mapping[str, Point]) -> Entry:
    name = known[0] if known else row["short_name"] or row["name"]
    point, exactness = _coordinate(row, centres)
    exam_only = row["source"].startswith("DUO exam file")
    street = f"{row['street']} {row['number']}".strip()
    return Entry(
        id=f"brin:{code}" if row["brin"] else f"school:{slug(row['city'])}/{slug(row['name'])}",
        kind=PlaceKind.SCHOOL,
        type=kind,
        name=name,
        official=row["name"] if row["name"] != name else "",
        municipality=municipality_now(row["municipality"], row["province"], row["city"]),
        address=", ".join(part for part in (street, row["postcode"]) if part),
        lat=point[0] if point else None,
        lon=point[1] if point else None,
        coordinate=exactness,
        verified=kind in {"vo", "pro"} and not exam_only,
        source=row["source"] + ("; in the exam file only, perhaps closed" if exam_only else ""),
    )


def _coordinate(row: Row, centres: Mapping[str, Point]) -> tuple[Point | None, Exactness]:
    """The school's own coordinate where its address was found, else the middle of its postcode, else none.

    Coordinates that somebody published without a source are not taken.
    """
    lat, lon = number(row["lat"]), number(row["lon"])
    centre = centres.get(row["postcode"][:4])
    found = _QUALITY.get(row["coord_quality"], Exactness.NONE)
    if lat is None or lon is None or found is Exactness.NONE:
        return (centre, Exactness.POSTCODE) if centre else (None, Exactness.NONE)
    if found is Exactness.EXACT and centre and _kilometres((lat, lon), centre) > _FAR_KM:
        return centre, Exactness.POSTCODE
    return (lat, lon), found


def _centres(towns: Iterable[Row]) -> Mapping[str, Point]:
    found: dict[str, Point] = {}
    for row in towns:
        lat, lon = number(row["lat"]), number(row["lon"])
        if lat is not None and lon is not None and row["kind"] != "Postbus":
            found[row["pc4"]] = (lat, lon)
    return found


def _kilometres(one: Point, other: Point) -> float:
    """On a plane, which is near enough inside one country."""
    return hypot((one[0] - other[0]) * 111.32, (one[1] - other[1]) * 111.32 * cos(radians(one[0])))
