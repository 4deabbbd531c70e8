"""Which of several places of one name is meant: the nearest by the other mentions, by the source, else left open.

Only orders the candidates; whether the name is a place at all is `nlp.places.evidence`'s work.
"""

from collections.abc import Iterable, Sequence
from functools import partial

from nlp.places.entry import Entry
from signals.place import PlaceKind

HOME = ("Amsterdam", "Zaanstad", "Rotterdam", "Den Haag", "Utrecht", "Almere", "Haarlem")
"""Municipalities that come first in a tie, in this order: the product's regions, then the large cities."""
MOST_CANDIDATES = 5
"""So many places at most are named for one mention, the likeliest first."""
_RANK = {PlaceKind.CITY: 0, PlaceKind.AREA: 1, PlaceKind.STREET: 2, PlaceKind.STATION: 3, PlaceKind.SCHOOL: 4}
"""Which kind a bare name means when nothing near it tells: towns before their quarters, stations and schools."""


def sure_towns(readings: Iterable[Sequence[Entry]]) -> frozenset[str]:
    """Municipalities that the text names for sure: where all places of one name lie in one municipality."""
    towns = ({entry.municipality for entry in entries} for entries in readings)
    return frozenset(town for found in towns if len(found) == 1 for town in found if town)


def ranked(
    entries: Sequence[Entry], towns: frozenset[str], region: str, expected: frozenset[PlaceKind] = frozenset()
) -> list[Entry]:
    """The candidates, likeliest first; one of several locations of a school stands for all in its municipality.

    `towns` are municipalities that the text names, `region` the source's, `expected` the kinds it speaks of.
    """
    likeliest = sorted(entries, key=partial(_preference, towns=towns, region=region, expected=expected))
    best = likeliest[0]
    others: list[Entry] = []
    seen = {(best.name, best.municipality)}
    for entry in likeliest[1:]:
        if entry.id != best.id and (entry.name, entry.municipality) not in seen:
            seen.add((entry.name, entry.municipality))
            others.append(entry)
    return [best, *others[: MOST_CANDIDATES - 1]]


def ordered(entries: Iterable[Entry]) -> list[Entry]:
    """The candidates, likeliest first, where nothing else is known of the text."""
    return sorted(entries, key=partial(_preference, towns=frozenset(), region="", expected=frozenset()))


def _preference(
    entry: Entry, towns: frozenset[str], region: str, expected: frozenset[PlaceKind]
) -> tuple[bool, bool, bool, bool, bool, int, int, str]:
    home = HOME.index(entry.municipality) if entry.municipality in HOME else len(HOME)
    return (
        bool(expected) and entry.kind not in expected,
        entry.municipality not in towns,
        entry.municipality != region,
        entry.closed is not None,
        entry.source != "curated",
        home,
        _RANK[entry.kind],
        entry.id,
    )
