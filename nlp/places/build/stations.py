"""Railway stations and metro stops from the table of stations."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from nlp.places.build.borders import Borders
from nlp.places.build.draft import Draft, Name, Row, number, rows, slug
from nlp.places.entry import Entry, Exactness
from signals.place import PlaceKind

_TOWN = {
    "Alphen a/d Rijn station": "Alphen aan den Rijn", "Beek-Elsloo": "", "Blerick": "Venlo",
    "Boven-Hardinxveld": "Hardinxveld-Giessendam", "Capelle Schollevaar": "Capelle aan den IJssel",
    "Chevremont": "Kerkrade", "De Vink": "", "Driebergen-Zeist": "", "Elst": "Overbetuwe", "Glanerbrug": "Enschede",
    "Hardinxveld Blauwe Zoom": "Hardinxveld-Giessendam", "Haren": "Groningen", "Haren OV Transferium": "Groningen",
    "Houthem-St. Gerlach": "Valkenburg aan de Geul", "Lansingerland-Zoetermeer": "Lansingerland",
    "Martenshoek": "Midden-Groningen", "Soestdijk": "Soest", "Valkenburg": "Valkenburg aan de Geul", "Velp": "Rheden",
    "Voorst-Empe": "", "Winsum": "Het Hogeland",
}  # fmt: skip
"""Stations whose name does not say their municipality; general knowledge, empty where not sure."""
_QUALITY = {"station": Exactness.EXACT, "place_centroid": Exactness.PLACE_CENTRE}


def stations(tables: Path, towns: Iterable[Row], borders: Borders) -> Iterator[Draft]:
    """Every Dutch station and every metro stop; trams stop in streets and are left out."""
    by_name = _municipalities(towns)
    for row in rows(tables / "stations_nl.csv"):
        if row["country"] != "NL" or ("tram" in row["kind"] and "metro)" not in row["kind"]):
            continue
        train = row["kind"] == "train"
        bare = re.sub(r"^(?:Metrostation|Station) ", "", row["name"])
        lat, lon = number(row["lat"]), number(row["lon"])
        exactness = _QUALITY.get(row["coord_quality"], Exactness.NONE) if lat is not None else Exactness.NONE
        entry = Entry(
            id=f"ns:{row['code']}" if train and row["code"] else f"gvb:{slug(bare)}",
            kind=PlaceKind.STATION,
            type="trein" if train else "metro",
            name=bare,
            municipality=_town(bare, by_name) if train else _of_metro(lat, lon, borders),
            lat=None if exactness is Exactness.NONE else lat,
            lon=None if exactness is Exactness.NONE else lon,
            coordinate=exactness,
            verified=True,
            source=row["source"],
        )
        yield Draft(entry, tuple(_names(bare, train)))


def _names(bare: str, train: bool) -> list[Name]:
    names: list[Name] = [(f"station {bare}", "official"), (f"ns {bare}", "short"), (f"{bare} station", "official")]
    if not train:
        names += [(f"metro {bare}", "short"), (f"metrostation {bare}", "official"), (f"metrohalte {bare}", "short")]
    if re.search(r"centraal|\bcs\b|centrum|hollands spoor|sloterdijk|lelylaan|-", bare, re.IGNORECASE):
        names.append((bare, "official"))
        if bare.endswith(" Centraal"):
            names += [(bare[:-9] + " cs", "short"), (f"station {bare[:-9]}", "short")]
    else:
        names.append((f"{bare} cs", "short"))
    return names


def _municipalities(towns: Iterable[Row]) -> Mapping[str, str]:
    """The municipality of each town's name: the only one, or the one of the same name; else none, not a guess."""
    found: dict[str, Counter[str]] = {}
    for row in towns:
        found.setdefault(row["place"].lower(), Counter())[row["municipality"]] += 1
    return {
        place: next((m for m in counts if len(counts) == 1 or m.lower() == place), "")
        for place, counts in found.items()
    }


def _town(bare: str, by_name: Mapping[str, str]) -> str:
    """The municipality of the town that a railway station is named after."""
    if bare in _TOWN:
        return _TOWN[bare]
    words = re.split(r"[ -]", bare.lower())
    for length in range(len(words), 0, -1):
        for joint in (" ", "-"):
            if found := by_name.get(joint.join(words[:length])):
                return found
    return ""


def _of_metro(lat: float | None, lon: float | None, borders: Borders) -> str:
    """The municipality whose border holds a metro stop: the Amsterdam lines reach its neighbours."""
    return borders.municipality(lat, lon) if lat is not None and lon is not None else "Amsterdam"
