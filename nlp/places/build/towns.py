"""Towns and municipalities from the table of postcodes, each town in the municipality of today."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from nlp.places.build.draft import Draft, Name, Row, number, rows, slug
from nlp.places.entry import Entry, Exactness
from nlp.places.municipalities import municipality_now, spelled
from signals.place import PlaceKind

_CODED = {"Amsterdam": "GM0363", "Zaanstad": "GM0479", "Rotterdam": "GM0599", "Den Haag": "GM0518"}
"""Whose id is the official code; the other municipalities get theirs from the official file."""
_QUARTERS = {"Amsterdam-Zuidoost": "Zuidoost"}
"""Postal towns that are a quarter in truth."""
_UNKNOWN = {"Veen": "Altena", "Well": "Maasdriel", "Geerdijk": "Twenterand"}
"""Rows of the table without a municipality."""


def town_rows(tables: Path) -> list[Row]:
    """The postcode table with the municipalities of today."""
    table = list(rows(tables / "postcode4_nl.csv"))
    for row in table:
        row["was"] = row["municipality"]
        row["municipality"] = municipality_now(
            row["municipality"] or _UNKNOWN.get(row["place"], ""), row["province"], row["place"]
        )
    return table


def provinces(towns: Iterable[Row]) -> Mapping[str, str]:
    """The province of every municipality: the one that most of its postcodes say, for mergers moved some."""
    counts: dict[str, Counter[str]] = {}
    for row in towns:
        counts.setdefault(row["municipality"], Counter())[row["province"]] += 1
    return {name: found.most_common(1)[0][0] for name, found in counts.items()} | {"Vijfheerenlanden": "Utrecht"}


def towns(table: list[Row]) -> Iterator[Draft]:
    """Every town, and every municipality that is not called after one."""
    by_place: dict[tuple[str, str], list[Row]] = {}
    for row in table:
        if row["place"] not in _QUARTERS:
            by_place.setdefault((spelled(row["place"]), row["municipality"]), []).append(row)
    times = Counter(place for place, _ in by_place)
    before = Counter((place, found[0]["was"]) for (place, _), found in by_place.items())
    taken = set()
    for (place, municipality), found in by_place.items():
        code = _CODED.get(place) if place == municipality else None
        was = found[0]["was"]  # ids keep the municipality of the table, so that a merger changes none
        suffix = f"-{slug(was if before[place, was] == 1 else municipality)}" if times[place] > 1 else ""
        identifier = f"cbs:{code}" if code else f"area:{slug(place)}{suffix}"
        taken.add(identifier)
        spellings = {a for row in found[:1] for a in row["alternative_spellings"].split("|") if a}
        names: list[Name] = [(place, "official"), *((a, "official") for a in sorted(spellings))]
        whole = "gemeente" if place == municipality else "woonplaats"
        yield Draft(_town(identifier, place, municipality, whole, *_centre(found)), tuple(names))
    called = {municipality for place, municipality in by_place if place == municipality}
    for municipality in sorted({row["municipality"] for row in table} - called - {""}):
        code = _CODED.get(municipality)
        identifier = f"cbs:{code}" if code else f"area:{slug(municipality)}"
        identifier = f"area:gemeente-{slug(municipality)}" if identifier in taken else identifier
        names = [] if "(" in municipality else [(municipality, "official")]
        yield Draft(_town(identifier, municipality, municipality, "gemeente", None, None), tuple(names))


def _town(identifier: str, name: str, municipality: str, whole: str, lat: float | None, lon: float | None) -> Entry:
    return Entry(
        id=identifier,
        kind=PlaceKind.CITY,
        type=whole,
        name=name,
        municipality=municipality,
        lat=lat,
        lon=lon,
        coordinate=Exactness.NONE if lat is None else Exactness.PLACE_CENTRE,
        verified=True,
        source="4pp",
    )


def _centre(found: list[Row]) -> tuple[float | None, float | None]:
    """The mean of the town's postcodes with addresses; post-office boxes lie elsewhere."""
    points = [(row["lat"], row["lon"]) for row in found if row["kind"] != "Postbus" and number(row["lat"])]
    if not points:
        return None, None
    lat, lon = (sum(float(value) for value in axis) / len(points) for axis in zip(*points, strict=True))
    return round(lat, 5), round(lon, 5)
