"""Presence (*meekijken*): an open page says it is there, and hears how many colleagues look too. Never who."""

from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from starlette.responses import Response

from pipeline.store import onlookers
from pipeline.store.connection import acting
from review_ui.access.signed_in import EXPERT_ROLE, Expert, OwnForm
from review_ui.dependencies import given
from review_ui.templating import render

router = APIRouter(prefix="/signaal", include_in_schema=False)


@router.post("/{signal_id}/meekijken", dependencies=[OwnForm])
def look_on(request: Request, signal_id: UUID, found: Expert) -> HTMLResponse:
    """I have this page open: the words to show, or nothing when nobody else does."""
    dependencies = given(request)
    with acting(dependencies.engine, found.user.id, EXPERT_ROLE) as connection:
        others = onlookers.look_on(connection, signal_id, dependencies.clock())
    return render(request, "queue/onlookers.html", {"onlookers": others}, found)


@router.post("/{signal_id}/wegkijken", dependencies=[OwnForm])
def look_away(request: Request, signal_id: UUID, found: Expert) -> Response:
    """My page is closed: forget at once that it was open."""
    with acting(given(request).engine, found.user.id, EXPERT_ROLE) as connection:
        onlookers.look_away(connection, signal_id)
    return Response(status_code=204)
