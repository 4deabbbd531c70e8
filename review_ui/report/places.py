"""Suggests names of places while someone types one: schools, stations, areas and towns of the gazetteer.

It guesses nobody's whereabouts and keeps nothing of what is typed. Any other words are just as welcome in the field.
"""

import threading
from functools import lru_cache
from unicodedata import combining, normalize

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from starlette.responses import Response

from forwarding.places import Place, PlaceBook, installed_places
from review_ui.access.signed_in import Someone, own_call
from review_ui.report.handed import HandedIn
from signals.place import PlaceKind

router = APIRouter(include_in_schema=False)

MOST = 8
SHORTEST = 2
_ONE_LOADS = threading.Lock()
"""The gazetteer takes a second or two to load at first; a second letter typed meanwhile waits for it."""
_FIRST = (PlaceKind.STATION, PlaceKind.CITY, PlaceKind.AREA, PlaceKind.SCHOOL, PlaceKind.STREET)


@router.post("/melden/plaatsen")
def places(request: Request, found: Someone, handed: HandedIn) -> Response:
    """Names that match what stands in the field, for the page's script. Posted, so that no address holds it."""
    own_call(request, found)
    return JSONResponse(suggested(handed.get("waar")), headers={"Cache-Control": "no-store"})


def suggested(typed: str) -> list[str]:
    """At most eight names, best first: each word that was typed begins a word of the name or its municipality."""
    words = searched_as(typed).split()
    if len("".join(words)) < SHORTEST:
        return []
    with _ONE_LOADS:
        names = _names(installed_places())
    found = [row for row in names if all(f" {word}" in row[1] for word in words)]
    whole = " ".join(words)
    found.sort(key=lambda row: (not row[1].startswith(f" {whole}"), row[2], len(row[0]), row[0]))
    return list(dict.fromkeys(name for name, _, _ in found))[:MOST]


@lru_cache(maxsize=2)
def _names(book: PlaceBook) -> tuple[tuple[str, str, int], ...]:
    """Each place as it is written into the field, as it is searched, and how early its kind comes."""
    rows = []
    for place in book:
        searched = f" {searched_as(place.name)} {searched_as(place.municipality)} {place.kind.value}"
        rows.append((named(place), searched, _FIRST.index(place.kind)))
    return tuple(rows)


def named(place: Place) -> str:
    """A place as a list names it: with its town, but a station, whose names are unique in the country."""
    name = place.name
    if place.kind is PlaceKind.STATION:
        return name if "station" in name.lower() else f"station {name}"
    if place.municipality and place.municipality.lower() not in name.lower():
        return f"{name}, {place.municipality}"
    return name


def searched_as(text: str) -> str:
    """Small letters without marks; whatever is no letter or digit parts words."""
    bare = "".join(c for c in normalize("NFKD", text.lower()) if not combining(c))
    return " ".join("".join(c if c.isalnum() else " " for c in bare).split())
