"""School locations in the files as DUO publishes them: secondary, primary, special and vocational, old and new headers.

It reads; what is new, renamed, moved or closed is decided in `nlp.places.importing`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from nlp.places.capitals import readable
from nlp.places.official_csv import OfficialFileWrong, Row, RowWrong, SetAside, Table, read_table

FAMILIES: Mapping[str, frozenset[str]] = {
    "vo": frozenset({"vo", "pro"}),
    "po": frozenset({"po"}),
    "sbo": frozenset({"sbo"}),
    "so": frozenset({"so", "vso"}),
    "mbo": frozenset({"mbo"}),
}
"""Which school types one kind of file holds together: what such a file lacks is closed."""
_SPECIAL = {
    "BO": "po", "BAO": "po", "SBO": "sbo", "SBAO": "sbo", "SPEC": "so", "SO": "so", "VSO": "vso", "SO/VSO": "vso",
    "SOVSO": "vso", "SPECIAAL ONDERWIJS": "so", "VOORTGEZET SPECIAAL ONDERWIJS": "vso",
}  # fmt: skip
_BRIN = re.compile(r"\d\d[A-Z]{2}")
_POSTCODE = re.compile(r"\d{4}[A-Z]{2}")
_PROVINCES = {"FRYSLÂN": "Friesland", "FRYSLAN": "Friesland"}
_MOSTLY = 0.5
"""A file of which more rows than this are wrong is another file than it is said to be."""


@dataclass(frozen=True, slots=True)
class Location:
    """One school location as the register has it."""

    code: str
    type: str
    name: str
    street: str
    postcode: str
    town: str
    municipality: str
    province: str


@dataclass(frozen=True, slots=True)
class DuoFile:
    """The locations of one file, the kind of school it is about, and the rows that could not be used."""

    name: str
    family: str
    locations: tuple[Location, ...]
    set_aside: tuple[SetAside, ...]

    @property
    def provinces(self) -> frozenset[str]:
        """The provinces that the file is about."""
        return frozenset(location.province for location in self.locations if location.province)


@dataclass(frozen=True, slots=True)
class _Columns:
    brin: str
    location: str
    name: str
    street: str
    number: str
    postcode: str
    town: str
    municipality: str
    province: str
    kind: str


def read_duo(name: str, data: bytes, places: Mapping[str, str], family: str = "") -> DuoFile:
    """The school locations of a file; `places` are known names of towns by their capitals.

    Raises OfficialFileWrong when needed columns are missing, when it does not say which schools it holds and `family`
    does not either, or when most rows are wrong.
    """
    table = read_table(name, data)
    columns = _columns(table)
    family = family or _family(table)
    seen: dict[str, int] = {}

    def location(row: Row) -> Location:
        found = _location(row, columns, family, places)
        if found.code in seen:
            raise RowWrong(f"{found.code} stands on line {seen[found.code]} already")
        seen[found.code] = row.line
        return found

    locations = tuple(table.each(location))
    if len(table.set_aside) > _MOSTLY * (len(table.set_aside) + len(locations)):
        first = table.set_aside[0]
        raise OfficialFileWrong(f"{name}: most rows cannot be used (line {first.line}: {first.reason})")
    if not locations:
        raise OfficialFileWrong(f"{name} has a header and no rows")
    return DuoFile(name, family, locations, tuple(table.set_aside))


def _columns(table: Table) -> _Columns:
    columns = _Columns(
        brin=table.column("INSTELLINGSCODE", "BRIN NUMMER", "BRINNUMMER", "BRIN"),
        location=table.column("VESTIGINGSCODE", "VESTIGINGSNUMMER", "VESTIGINGS NUMMER", "VESTIGING"),
        name=table.column("VESTIGINGSNAAM", "INSTELLINGSNAAM VESTIGING", "NAAM VESTIGING", "INSTELLINGSNAAM"),
        street=table.column("STRAATNAAM", "STRAATNAAM VESTIGING", "STRAAT"),
        number=table.column("HUISNUMMER-TOEVOEGING", "HUISNUMMER TOEVOEGING", "HUISNUMMER", "HUISNUMMER VESTIGING"),
        postcode=table.column("POSTCODE", "POSTCODE VESTIGING"),
        town=table.column("PLAATSNAAM", "PLAATSNAAM VESTIGING", "PLAATS"),
        municipality=table.column("GEMEENTENAAM", "GEMEENTENAAM VESTIGING", "GEMEENTE"),
        province=table.column("PROVINCIE", "PROVINCIE VESTIGING"),
        kind=table.column("SOORT PRIMAIR ONDERWIJS", "SOORT ONDERWIJS", "ONDERWIJSSTRUCTUUR"),
    )
    needed = {
        "INSTELLINGSCODE (or BRIN NUMMER)": columns.brin or columns.location,
        "VESTIGINGSNAAM (or INSTELLINGSNAAM)": columns.name,
        "PLAATSNAAM": columns.town,
        "GEMEENTENAAM": columns.municipality,
        "PROVINCIE": columns.province,
    }
    missing = [label for label, found in needed.items() if not found]
    if missing:
        raise OfficialFileWrong(f"{table.name} is no list of school locations: it lacks {', '.join(missing)}")
    return columns


def _family(table: Table) -> str:
    """The kind of school that the columns speak of."""
    if any(column.startswith("MBO ") for column in table.columns):
        return "mbo"
    if table.column("ONDERWIJSSTRUCTUUR"):
        return "vo"
    special = table.column("SOORT PRIMAIR ONDERWIJS", "SOORT ONDERWIJS")
    for row in table.rows if special else ():
        if kind := _SPECIAL.get(row.fields[special].upper()):
            return next(family for family, types in FAMILIES.items() if kind in types)
    raise OfficialFileWrong(f"{table.name} does not say which schools it lists; give --kind vo, po, sbo, so or mbo")


def _location(row: Row, columns: _Columns, family: str, places: Mapping[str, str]) -> Location:
    def say(column: str) -> str:
        return row.fields[column] if column else ""

    name = say(columns.name)
    if not name:
        raise RowWrong("the name is blank")
    postcode = say(columns.postcode).replace(" ", "").upper()
    if postcode and not _POSTCODE.fullmatch(postcode):
        raise RowWrong("the postcode is none")
    municipality = readable(say(columns.municipality), places)
    if not municipality:
        raise RowWrong("the municipality is blank")
    province = say(columns.province)
    return Location(
        code=_code(say(columns.brin), say(columns.location)),
        type=_type(say(columns.kind).upper(), family),
        name=readable(name, {}),
        street=f"{say(columns.street)} {say(columns.number)}".strip(),
        postcode=postcode,
        town=readable(say(columns.town), places),
        municipality=municipality,
        province=_PROVINCES.get(province.upper(), readable(province, {})),
    )


def _code(brin: str, location: str) -> str:
    """BRIN and two digits, from columns that hold them together, apart, or the institution only."""
    brin, location = brin.upper(), location.upper()
    whole = location if len(location) == 6 else brin + (location.zfill(2) if location else "00")
    if not _BRIN.fullmatch(whole[:4]) or not re.fullmatch(r"\d\d", whole[4:]):
        raise RowWrong("BRIN and location number are not four signs and two digits")
    if brin and whole[:4] != brin:
        raise RowWrong("the location belongs to another BRIN than its institution")
    return whole


def _type(kind: str, family: str) -> str:
    if family == "vo":
        return "pro" if kind == "PRO" else "vo"
    found = _SPECIAL.get(kind, family)
    return found if found in FAMILIES[family] else family
