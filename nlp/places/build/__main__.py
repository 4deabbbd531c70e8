"""Reads every table, settles parents, police units and names, and writes the two files whole."""

import sys
from collections.abc import Mapping
from dataclasses import replace
from itertools import chain
from pathlib import Path

from nlp.places.aliases import Made
from nlp.places.build.areas import areas
from nlp.places.build.borders import Borders
from nlp.places.build.curated import curated
from nlp.places.build.draft import rows
from nlp.places.build.foreign import foreign
from nlp.places.build.neighbourhoods import neighbourhoods
from nlp.places.build.ordinary import Names, frequency, shared_marked
from nlp.places.build.parents import Holders
from nlp.places.build.schools import schools
from nlp.places.build.stations import stations
from nlp.places.build.towns import provinces, town_rows, towns
from nlp.places.build.vocational import vocational
from nlp.places.entry import Alias, Entry
from nlp.places.gazetteer_file import ALIASES, ENTRIES, aliases_text, entries_text
from nlp.places.police_units import police_unit

REGIONS = Path(__file__).parents[2] / "data" / "regions.csv"
"""Provinces, regions and venues of the whole country, written by hand; the nicknames come after it."""


def build(tables: Path, nicknames: Path, target: Path) -> None:
    """Write gazetteer.csv and aliases.csv."""
    table = town_rows(tables)
    borders = Borders.load(tables / "boundaries.geojson")
    drafts = [
        *towns(table),
        *areas(tables, table),
        *stations(tables, table, borders),
        *schools(tables, table),
        *vocational(tables),
    ]
    by_hand = [*rows(REGIONS), *rows(nicknames)]
    drafts += neighbourhoods(drafts, by_hand, frequency)
    drafts += foreign(drafts)
    names = Names()
    first: dict[str, Entry] = {}
    for draft in drafts:
        first.setdefault(draft.entry.id, draft.entry)
        for name in draft.names:
            names.add(name if isinstance(name, Made) else Made(*name), draft.entry.id, draft.entry.kind)
    holders = Holders(first.values())
    entries: dict[str, Entry] = {}
    for draft in drafts:
        parent = holders.parent(draft, borders, first)
        entries.setdefault(draft.entry.id, replace(draft.entry, parent=parent))
    aliases: dict[tuple[str, str], Alias] = dict(names.made)
    now: dict[str, str] = {}
    for row in chain(curated(REGIONS, entries), curated(nicknames, entries)):
        entry = row.entry
        for old in entry.former:
            entries.pop(old, None)
            now[old] = entry.id
        entries[entry.id] = replace(entry, parent=entry.parent or holders.municipality(entry))
        aliases.update({(alias.text, alias.id): alias for alias in row.aliases})
    where = provinces(table)
    settled = [_settled(entry, where, now) for entry in entries.values()]
    by_place = {(alias.text, now.get(alias.id, alias.id)): alias for alias in aliases.values()}
    named = [replace(alias, id=identifier) for (_, identifier), alias in by_place.items()]
    (target / ENTRIES).write_text(entries_text(settled), encoding="utf-8")
    (target / ALIASES).write_text(aliases_text(shared_marked(named, settled)), encoding="utf-8")


def _settled(entry: Entry, where: Mapping[str, str], now: Mapping[str, str]) -> Entry:
    """With its province and police unit, both by municipality, and its parent by the id it has now."""
    province = where.get(entry.municipality, "")
    unit = police_unit(entry.municipality, province)
    return replace(entry, province=province, police_unit=unit, parent=now.get(entry.parent, entry.parent))


if __name__ == "__main__":
    build(*(Path(argument) for argument in sys.argv[1:4]))
