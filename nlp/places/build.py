"""Builds the gazetteer files in `nlp/data` from the collected fact tables. Run by hand when those tables change.

Usage: python -m nlp.places.build TABLES_FOLDER NICKNAMES_CSV TARGET_FOLDER. Needs `wordfreq`, to mark ordinary words.
"""

import csv
import re
import sys
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from wordfreq import zipf_frequency  # type: ignore[import-not-found, unused-ignore]  # only where this is run

from nlp.places.aliases import school_aliases
from nlp.places.police_units import police_unit

Row = dict[str, str]
ENTRY_FIELDS = (
    "id", "kind", "name", "municipality", "parent", "police_unit", "lat", "lon", "coordinate_exact", "verified",
    "source",
)  # fmt: skip
ALIAS_FIELDS = ("alias", "id", "kind", "ordinary")
ORDINARY_FROM = 3.3
"""Words at least this frequent in Dutch or English (Zipf scale) are places only with support from their context."""

ORDINARY_TOWNS = frozenset(
    (Path(__file__).parent.parent / "data" / "ordinary_towns.txt").read_text(encoding="utf-8").split()
)
"""Towns whose name is an ordinary word, too."""


def slug(text: str) -> str:
    """ASCII letters and digits with hyphens, for ids."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


def build(tables: Path, nicknames: Path, target: Path) -> None:
    """Write gazetteer.csv and aliases.csv."""
    towns = list(_read(tables / "postcode4_nl.csv"))
    province = {row["municipality"]: row["province"] for row in towns} | {"'s-Gravenhage": "Zuid-Holland"}
    entries: dict[str, Row] = {}
    aliases: dict[tuple[str, str], Row] = {}
    taken: set[str] = set()  # names of towns and areas, which no school gets by rule

    def add(entry: Row) -> str:
        entry["municipality"] = "Den Haag" if entry["municipality"] == "'s-Gravenhage" else entry["municipality"]
        place = entry["municipality"]
        entry.setdefault(
            "police_unit", police_unit(place, province.get(place, "Zuid-Holland" if place == "Den Haag" else ""))
        )
        entries.setdefault(entry["id"], entry)
        return entry["id"]

    def name(alias: str, identifier: str, kind: str, place: str) -> None:
        alias = re.sub(r"\s+", " ", alias).strip().lower()
        if len(alias) >= 2 and not _too_ordinary(alias, kind, place):
            if place == "school" and kind != "primary" and alias in taken:
                return
            if place in {"city", "area"}:
                taken.add(alias)
            row = {"alias": alias, "id": identifier, "kind": kind, "ordinary": str(int(_ordinary(alias, kind, place)))}
            aliases.setdefault((alias, identifier), row)

    for entry, names in (
        *_cities(towns),
        *_areas(tables, towns),
        *_stations(tables, towns),
        *_schools(tables),
        *_mbo(tables),
    ):
        identifier = add(entry)
        for alias, kind in names:
            name(alias, identifier, kind, entry["kind"])
    _curated(nicknames, entries, add, aliases)
    _write(target / "gazetteer.csv", ENTRY_FIELDS, entries.values())
    _write(target / "aliases.csv", ALIAS_FIELDS, sorted(aliases.values(), key=lambda r: (r["alias"], r["id"])))


Named = tuple[Row, list[tuple[str, str]]]


def _cities(towns: list[Row]) -> Iterator[Named]:
    by_place: dict[tuple[str, str], list[Row]] = {}
    for row in towns:
        by_place.setdefault((row["place"], row["municipality"]), []).append(row)
    codes = {"Amsterdam": "GM0363", "Zaanstad": "GM0479", "Rotterdam": "GM0599", "'s-Gravenhage": "GM0518"}
    for (place, municipality), rows in by_place.items():
        own = "Den Haag" if place == "'s-Gravenhage" else place
        code = codes.get(place if own != "Den Haag" else "'s-Gravenhage")
        shared = sum(1 for other, _ in by_place if other == place) > 1
        identifier = f"cbs:{code}" if code else f"area:{slug(own)}" + (f"-{slug(municipality)}" if shared else "")
        yield (
            _entry(identifier, "city", own, municipality, "", rows[0]["lat"], rows[0]["lon"], False, True, "4pp"),
            [
                (own, "official"),
                *((a, "official") for r in rows[:1] for a in r["alternative_spellings"].split("|") if a),
            ],
        )
    yield (
        _entry("cbs:GM0479", "city", "Zaanstad", "Zaanstad", "", "", "", False, True, "areas_nl"),
        [("Zaanstad", "official")],
    )


def _areas(tables: Path, towns: list[Row]) -> Iterator[Named]:
    places = {row["place"] for row in towns}
    for row in _read(tables / "areas_nl.csv"):
        if row["level"] in {"woonplaats", "plaats"} or row["name"] in {"", "Overig"}:
            continue
        city = "Den Haag" if row["municipality"] == "'s-Gravenhage" else row["municipality"]
        names = [(row["name"], "official")]
        if row["level"] == "stadsdeel" or row["name"] in {"Centrum", "Noord", "Zuid", "Oost", "West"}:
            names += [(f"{city}-{row['name']}", "official"), (f"{city} {row['name']}", "official")]
        names += [(a, "nickname") for a in row["aliases"].split("|") if a and "(" not in a]
        if (
            row["name"] in places
            and row["level"] in {"buurt", "wijk", "stadsdeel", "gebied"}
            and row["name"] != "Holendrecht"
        ):
            names = [n for n in names if n[0] != row["name"]] or [(f"{city} {row['name']}", "official")]
        identifier = f"area:{slug(city)}/{slug(row['name'])}" + (
            "" if row["level"] in {"stadsdeel", "gebied"} else f"-{row['level']}"
        )
        yield (
            _entry(
                identifier, "area", row["name"], row["municipality"], row["parent"], row["lat"], row["lon"], False,
                "unverified" not in row["source"].lower() and "general" not in row["source"].lower(), row["source"],
            ),
            names,
        )  # fmt: skip


def _stations(tables: Path, towns: list[Row]) -> Iterator[Named]:
    for row in _read(tables / "stations_nl.csv"):
        if "tram" in row["kind"] and "metro)" not in row["kind"]:
            continue
        train = row["kind"] == "train"
        if row["country"] != "NL":
            continue
        bare = re.sub(r"^(?:Metrostation|Station) ", "", row["name"])
        identifier = f"ns:{row['code']}" if train and row["code"] else f"gvb:{slug(bare)}"
        names = [(f"station {bare}", "official"), (f"ns {bare}", "short"), (f"{bare} station", "official")]
        if not train:
            names += [(f"metro {bare}", "short"), (f"metrostation {bare}", "official"), (f"metrohalte {bare}", "short")]
        if re.search(r"centraal|\bcs\b|centrum|hollands spoor|sloterdijk|lelylaan|-", bare, re.IGNORECASE):
            names.append((bare, "official"))
            if bare.endswith(" Centraal"):
                names.append((bare[:-9] + " cs", "short"))
                names.append((f"station {bare[:-9]}", "short"))
        else:
            names.append((f"{bare} cs", "short"))
        exact = row["coord_quality"] in {"station"} or (not train and bool(row["lat"]))
        city = _town(bare, row, towns) if train else "Amsterdam"
        yield (
            _entry(identifier, "station", bare, city, "", row["lat"], row["lon"], exact, True, row["source"]),
            names,
        )


def _town(bare: str, row: Row, towns: list[Row]) -> str:
    """The municipality of a railway station: of the town it is named after, else of the nearest postcode."""
    by_place = {town["place"].lower(): town["municipality"] for town in towns}
    words = re.split(r"[ -]", bare.lower())
    for length in range(len(words), 0, -1):
        found = by_place.get(" ".join(words[:length])) or by_place.get("-".join(words[:length]))
        if found:
            return found
    if not row["lat"]:
        return ""
    near = min(
        (town for town in towns if town["lat"]),
        key=lambda town: (
            abs(float(town["lat"]) - float(row["lat"])) + 0.6 * abs(float(town["lon"]) - float(row["lon"]))
        ),
    )
    return near["municipality"]


def _schools(tables: Path) -> Iterator[Named]:
    common: dict[str, list[str]] = {}
    for row in _read(tables / "school_common_names_amsterdam.csv"):
        if row["candidate_brin_vestiging"]:
            common.setdefault(row["candidate_brin_vestiging"], []).append(row["common_name"])
    for row in _read(tables / "schools_nl.csv"):
        code = f"{row['brin']}{row['vestiging']}"
        identifier = f"brin:{code}" if row["brin"] else f"school:{slug(row['city'])}/{slug(row['name'])}"
        primary = row["type"].startswith("PO")
        names = school_aliases(row["name"], row["short_name"], common.get(code, []), primary=primary)
        exact = row["coord_quality"] == "geocoded" and not primary
        yield (
            _entry(
                identifier, "school", common.get(code, [row["short_name"] or row["name"]])[0], row["municipality"],
                row["city"], row["lat"], row["lon"], exact, not primary, row["source"],
            ),
            names,
        )  # fmt: skip


def _mbo(tables: Path) -> Iterator[Named]:
    for row in _read(tables / "mbo_institutions.csv"):
        names = [(row["name"], "official")] + [(n, "short") for n in row["common_names"].split("|") if n]
        yield (
            _entry(
                f"mbo:{slug(row['name'])}", "school", row["name"], row["city"], "", "", "", False, False, row["source"]
            ),
            names,
        )


def _curated(
    path: Path, entries: dict[str, Row], add: Callable[[Row], str], aliases: dict[tuple[str, str], Row]
) -> None:
    """Nicknames and places that no table has: rows of id, kind, name, municipality, alias, alias kind, ordinary."""
    for row in _read(path):
        if row["id"] not in entries:
            add(_entry(row["id"], row["kind"], row["name"], row["municipality"], "", "", "", False, False, "curated"))
        for alias in filter(None, (a.strip() for a in row["aliases"].split("|"))):
            ordinary = alias.endswith("*")
            alias = alias.rstrip("*").lower()
            aliases[alias, row["id"]] = {
                "alias": alias, "id": row["id"], "kind": "curated", "ordinary": str(int(ordinary))
            }  # fmt: skip


def _entry(
    identifier: str,
    kind: str,
    name: str,
    city: str,
    parent: str,
    lat: str,
    lon: str,
    exact: bool,
    sure: bool,
    source: str,
) -> Row:
    values = (identifier, kind, name, city, parent, lat, lon, str(int(exact and bool(lat))), str(int(sure)), source)
    keys = [field for field in ENTRY_FIELDS if field != "police_unit"]
    return dict(zip(keys, values, strict=True))


def _too_ordinary(alias: str, kind: str, place: str) -> bool:
    """Words so frequent that no context makes them this place often enough to be worth the false ones."""
    if kind == "primary" or " " in alias or alias.isdigit():
        return False
    frequency = float(max(zipf_frequency(alias, "nl"), zipf_frequency(alias, "en")))
    return frequency >= 4.6 and (place == "school" or alias in ORDINARY_TOWNS)


def _ordinary(alias: str, kind: str, place: str) -> bool:
    if kind == "primary":
        return True
    if re.fullmatch(r"\d+", alias):
        return True
    if re.match(r"(?:de|het|'?t) \S+$", alias):
        return bool(
            max(zipf_frequency(alias.split()[-1], "nl"), zipf_frequency(alias.split()[-1], "en")) >= ORDINARY_FROM
        )
    if " " in alias or "-" in alias:
        return False
    if place == "city":
        return alias in ORDINARY_TOWNS or (len(alias) < 4 and alias not in {"oss", "ede", "urk"})
    return len(alias) < 4 or max(zipf_frequency(alias, "nl"), zipf_frequency(alias, "en")) >= ORDINARY_FROM


def _read(path: Path) -> Iterator[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _write(path: Path, fields: Iterable[str], rows: Iterable[Row]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(fields), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


if __name__ == "__main__":
    build(*(Path(argument) for argument in sys.argv[1:4]))
