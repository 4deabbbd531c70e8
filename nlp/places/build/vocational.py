"""Vocational (mbo) institutions from the table of names; locations that go by their own name are curated."""

from collections.abc import Iterator
from pathlib import Path

from nlp.places.build.draft import Draft, Name, rows, slug
from nlp.places.entry import Entry
from nlp.places.municipalities import spelled
from signals.place import PlaceKind

_TOWN_OF = {"Zaandam": "Zaanstad", "Hoofddorp": "Haarlemmermeer", "Naaldwijk": "Westland"}
"""Towns of the table that are not called after their municipality."""


def vocational(tables: Path) -> Iterator[Draft]:
    """Every institution in every city it is named for; the first keeps the bare id."""
    seen: set[str] = set()
    for row in rows(tables / "mbo_institutions.csv"):
        bare = f"mbo:{slug(row['name'])}"
        identifier = f"{bare}-{slug(row['city'])}" if bare in seen else bare
        seen.add(bare)
        names: list[Name] = [(row["name"], "official")]
        names += [(n, "short") for n in row["common_names"].split("|") if n and not n.startswith("MBO College ")]
        if identifier != bare:
            names.append((f"{row['name']} {row['city']}", "short"))
        entry = Entry(
            id=identifier,
            kind=PlaceKind.SCHOOL,
            type="mbo",
            name=row["name"],
            municipality=_TOWN_OF.get(row["city"], spelled(row["city"])),
            source=row["source"],
        )
        yield Draft(entry, tuple(names), (row["city"],))
