"""Municipalities, districts and neighbourhoods in the tables that Statistics Netherlands publishes, with their codes.

It reads; what they change is decided in `nlp.places.importing_areas`.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from nlp.places.municipalities import spelled
from nlp.places.official_csv import OfficialFileWrong, Row, RowWrong, SetAside, Table, read_table

_CODE = re.compile(r"GM\d{4}|WK\d{6}|BU\d{8}")
_BARE = {4: "GM", 6: "WK", 8: "BU"}
LEVELS: Mapping[str, str] = {"GM": "gemeente", "WK": "wijk", "BU": "buurt"}
_NUMBERED = re.compile(r"^(?:wijk|buurt)\s+\d+\s*[:.-]?\s*(?=\D)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Area:
    """One municipality, district or neighbourhood: its code (GM, WK or BU and digits) and its plain name."""

    code: str
    name: str

    @property
    def level(self) -> str:
        """gemeente, wijk or buurt."""
        return LEVELS[self.code[:2]]

    @property
    def municipality(self) -> str:
        """The code of the municipality, which every code contains."""
        return f"GM{self.code[2:6]}"

    @property
    def district(self) -> str:
        """The code of the district of a neighbourhood; empty for the others."""
        return f"WK{self.code[2:8]}" if self.code.startswith("BU") else ""


@dataclass(frozen=True, slots=True)
class CbsFiles:
    """The areas of some files together, and the rows that could not be used."""

    areas: tuple[Area, ...]
    set_aside: tuple[SetAside, ...]


@dataclass(frozen=True, slots=True)
class _Pair:
    """A column of codes and the column of their names."""

    code: str
    name: str
    level: str


def read_cbs(files: Iterable[tuple[str, bytes]]) -> CbsFiles:
    """The areas of files of (name, bytes), which may complete each other.

    Raises OfficialFileWrong when a file has no column of codes with names, or an area's municipality is in none.
    """
    found: dict[str, Area] = {}
    aside: list[SetAside] = []
    for name, data in files:
        table = read_table(name, data)
        pairs = _pairs(table)
        for areas in table.each(lambda row, pairs=pairs: tuple(_areas(row, pairs))):  # type: ignore[misc]
            for area in areas:
                found.setdefault(area.code, area)
        aside += table.set_aside
    missing = {area.municipality for area in found.values()} - found.keys()
    if missing:
        raise OfficialFileWrong(
            f"the name of municipality {min(missing)} is in none of the files;"
            " give the table of municipalities, or one with their names, in the same command"
        )
    if not found:
        raise OfficialFileWrong("the files hold no municipality, district or neighbourhood")
    return CbsFiles(tuple(found.values()), tuple(aside))


def _pairs(table: Table) -> list[_Pair]:
    """The columns to read. One column of mixed codes, or one per level."""
    mixed = table.column("GWB_CODE_10", "GWB_CODE_8", "GWB_CODE", "REGIOS", "CODERING_3", "CODE", "WIJKENENBUURTEN")
    named = table.column("REGIO", "NAAM", "NAAM_2") or table.matching(r"NAAM_\d")
    if mixed and named:
        pairs = [_Pair(mixed, named, "")]
        municipality = table.column("GM_NAAM", "GEMEENTENAAM_1")
        return [*pairs, _Pair(mixed, municipality, "GM")] if municipality else pairs
    levels = {
        "GM": (r"GM_?CODE\d*|GEM(EENTE)?_?CODE\d*|GM\d{4}", r"GM_?NAAM\d*|GEM(EENTE)?_?NAAM\d*"),
        "WK": (r"WK_?CODE\d*|WIJK_?CODE\d*|WK\d{4}", r"WK_?NAAM\d*|WIJK_?NAAM(_\d{4})?(K_NAAM)?\d*"),
        "BU": (r"BU_?CODE\d*|BUURT_?CODE\d*|BU\d{4}", r"BU_?NAAM\d*|BUURT_?NAAM(_\d{4})?(K_NAAM)?\d*"),
    }
    found = [_Pair(table.matching(code), table.matching(name), level) for level, (code, name) in levels.items()]
    pairs = [pair for pair in found if pair.code and pair.name]
    if not pairs:
        raise OfficialFileWrong(f"{table.name} has no codes with names of municipalities, districts or neighbourhoods")
    return pairs


def _areas(row: Row, pairs: Iterable[_Pair]) -> Iterator[Area]:
    for pair in pairs:
        code, name = row.fields[pair.code].upper(), row.fields[pair.name]
        if not name or not code or code == "NL00" or code.startswith(("NL", "LD", "PV", "CR")):
            continue
        if pair.level == "GM" and code[:2] != "GM":
            code = f"GM{re.sub(r'^[A-Z]{2}', '', code)[:4]}"  # the municipality's name beside a district's code
        elif code.isdigit():
            code = _BARE.get(len(code), "") + code
        if not _CODE.fullmatch(code):
            raise RowWrong("the code is none of a municipality, district or neighbourhood")
        yield Area(code, _plain(name, code))


def _plain(name: str, code: str) -> str:
    """The name without the number that the table puts before it."""
    if code.startswith("GM"):
        return spelled(name)
    bare = _NUMBERED.sub("", name).strip()
    return bare or name
