"""Suggests names of places while someone types one: schools, stations, areas and towns of the gazetteer.

Any other words are just as welcome in the field.
"""

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from starlette.responses import Response

from review_ui.access.signed_in import Someone, own_call
from review_ui.place_search import matching
from review_ui.report.handed import HandedIn

router = APIRouter(include_in_schema=False)

MOST = 8


@router.post("/melden/plaatsen")
def places(request: Request, found: Someone, handed: HandedIn) -> Response:
    """Names that match what stands in the field, for the page's script. Posted, so that no address holds it."""
    own_call(request, found)
    return JSONResponse(suggested(handed.get("waar")), headers={"Cache-Control": "no-store"})


def suggested(typed: str) -> list[str]:
    """At most eight names, best first."""
    found = sorted(matching(typed), key=lambda one: (one.rank, len(one.listed), one.listed))
    return list(dict.fromkeys(one.listed for one in found))[:MOST]
