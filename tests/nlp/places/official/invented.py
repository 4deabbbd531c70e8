"""A small invented gazetteer, the official columns, and rows to write into files of the tests."""

from nlp.places.entry import Alias, Entry, Exactness
from nlp.places.gazetteer import Gazetteer, gazetteer_of
from signals.place import PlaceKind

HEADER = (
    "PROVINCIE;BEVOEGD GEZAG NUMMER;INSTELLINGSCODE;VESTIGINGSCODE;VESTIGINGSNAAM;STRAATNAAM;HUISNUMMER-TOEVOEGING;"
    "POSTCODE;PLAATSNAAM;GEMEENTENUMMER;GEMEENTENAAM;ONDERWIJSSTRUCTUUR"
)
OLD_HEADER = (
    "PROVINCIE;BEVOEGD GEZAG NAAM;BRIN NUMMER;VESTIGINGSNUMMER;INSTELLINGSNAAM;STRAATNAAM;HUISNUMMER-TOEVOEGING;"
    "POSTCODE;PLAATSNAAM;GEMEENTENUMMER;GEMEENTENAAM;ONDERWIJSSTRUCTUUR"
)


def row(code: str = "90AA00", name: str = "Lisdodde College", **other: str) -> str:
    """One row of a secondary school in an invented town."""
    fields = {
        "province": "Waterland", "street": "Rietkraag", "number": "12", "postcode": "1509 ZZ", "town": "RIETDAM",
        "municipality": "WATERSTAD", "structure": "HAVO/VWO",
    } | other  # fmt: skip
    return ";".join(
        (
            fields["province"], "90001", code[:4], code, name, fields["street"], fields["number"], fields["postcode"],
            fields["town"], "9001", fields["municipality"], fields["structure"],
        )
    )  # fmt: skip


def table(*rows: str, header: str = HEADER, encoding: str = "windows-1252") -> bytes:
    """A file as published: CRLF, no quotation marks."""
    return "".join(f"{line}\r\n" for line in (header, *rows)).encode(encoding)


def school(code: str = "90AA00", name: str = "Lisdodde College", **other: object) -> Entry:
    """A school that the gazetteer knows, with an exact coordinate in a quarter."""
    fields: dict[str, object] = {
        "type": "vo", "municipality": "Waterstad", "province": "Waterland", "parent": "area:waterstad/kikkerhoek",
        "address": "Rietkraag 12, 1509ZZ", "lat": 52.5, "lon": 4.8, "coordinate": Exactness.EXACT, "source": "invented",
    } | other  # fmt: skip
    return Entry(id=f"brin:{code}", kind=PlaceKind.SCHOOL, name=name, **fields)  # type: ignore[arg-type]


def waterstad(*schools: Entry) -> Gazetteer:
    """An invented municipality with a town, a quarter and these schools."""
    places = (
        Entry("area:waterstad", PlaceKind.CITY, "Waterstad", "Waterstad", type="gemeente", province="Waterland"),
        Entry(
            "area:rietdam", PlaceKind.CITY, "Rietdam", "Waterstad", "area:waterstad", type="woonplaats",
            province="Waterland",
        ),
        Entry(
            "area:waterstad/kikkerhoek", PlaceKind.AREA, "Kikkerhoek", "Waterstad", "area:rietdam", type="plek",
            province="Waterland",
        ),
    )  # fmt: skip
    names = (
        Alias("rietdam", "area:rietdam", "official", False),
        Alias("waterstad", "area:waterstad", "official", False),
        Alias("kikkerhoek", "area:waterstad/kikkerhoek", "official", False),
        *(Alias(each.name.lower(), each.id, "official", False) for each in schools),
    )
    return gazetteer_of((*places, *schools), names)
