"""Handing over at the end of a shift (*overdracht*): give back what is in hand, leave a note, read the last ones."""

from datetime import timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.responses import Response

from pipeline.store import handovers, reader
from pipeline.store.connection import acting
from pipeline.store.queue import OTHERS_FIRST, look
from pipeline.store.queue_counts import QueueFilter
from review_ui.access.signed_in import EXPERT_ROLE, Expert, OwnForm
from review_ui.dependencies import given
from review_ui.templating import render

router = APIRouter(prefix="/overdracht", include_in_schema=False)

KEPT = timedelta(days=7)
"""As long as retention keeps a note; nothing older is shown, should a run of it be late."""


@router.get("")
def handover_page(request: Request, found: Expert) -> HTMLResponse:
    """What I hold, what stands open, and what colleagues left."""
    dependencies, me = given(request), found.user
    now = dependencies.clock()
    with acting(dependencies.engine, me.id, EXPERT_ROLE) as connection:
        seen = look(
            connection,
            me.id,
            me.police,
            QueueFilter(),
            now,
            reader.desk(connection, now),
            dependencies.staffed.before(now, OTHERS_FIRST),
            longest=0,
        )
        context = {
            "held": handovers.in_hand(connection, me.id, now),
            "consulted": handovers.in_consultation(connection, me.id),
            "counts": seen.counted.views(),
            "notes": handovers.latest(connection, me.id, now - KEPT),
            "longest_note": handovers.LONGEST_NOTE,
            "given_back": request.query_params.get("terug", ""),
        }
    return render(request, "reader/handover.html", context, found)


@router.post("", dependencies=[OwnForm])
def hand_over(request: Request, found: Expert, notitie: Annotated[str, Form(max_length=2000)] = "") -> Response:
    """Give everything back and leave the note."""
    dependencies = given(request)
    with acting(dependencies.engine, found.user.id, EXPERT_ROLE) as connection:
        count = handovers.hand_over(connection, found.user.id, notitie, dependencies.clock())
    return RedirectResponse(f"/overdracht?terug={count}", 303)


@router.post("/{note}/verwijderen", dependencies=[OwnForm])
def take_back(request: Request, note: UUID, found: Expert) -> Response:
    """Remove a note of one's own."""
    with acting(given(request).engine, found.user.id, EXPERT_ROLE) as connection:
        handovers.take_back(connection, note)
    return RedirectResponse("/overdracht", 303)
