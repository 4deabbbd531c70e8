"""One signal's page, and taking it, keeping it and giving it back. Judging and forwarding are its neighbours' work."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Request
from fastapi.responses import JSONResponse, RedirectResponse
from starlette.responses import Response

from pipeline.store import claims
from pipeline.store.claims import AlreadyRead, ClaimedByAnother, NothingToRead
from pipeline.store.connection import acting
from review_ui.access.signed_in import EXPERT_ROLE, Expert, OwnForm, SignedIn
from review_ui.dependencies import given
from review_ui.queue.narrowing import narrowing
from review_ui.queue.pages import queue_context
from review_ui.signal.beside import beside
from review_ui.signal.form import JudgingForm, Unclear
from review_ui.signal.screen import signal_context
from review_ui.templating import render

router = APIRouter(prefix="/signaal", include_in_schema=False)


@router.get("/{signal_id}")
def signal_page(request: Request, signal_id: UUID, found: Expert) -> Response:
    """The signal with the queue beside it. Looking claims nothing; the card in the queue and every form do."""
    return show(request, signal_id, found, {})


def show(
    request: Request,
    signal_id: UUID,
    found: SignedIn,
    extra: Mapping[str, object],
    status: int = 200,
    typed: JudgingForm | None = None,
    unclear: Unclear | None = None,
) -> Response:
    """The page of a signal, for this module and for those that add to it; with a form that was not clear yet."""
    dependencies = given(request)
    now = dependencies.clock()
    with acting(dependencies.engine, found.user.id, EXPERT_ROLE) as connection:
        context = {
            **beside(connection, found.user, now),
            **queue_context(connection, found.user, narrowing(request), now, dependencies.staffed, signal_id),
            **signal_context(connection, signal_id, found.user, now, dependencies.police_excerpt, typed, unclear),
            "done": request.query_params.get("gedaan", ""),
            "opened": None,
            **extra,
        }
    return render(request, "signal/page.html", context, found, status)


@router.post("/{signal_id}/oppakken", dependencies=[OwnForm])
def take(request: Request, signal_id: UUID, found: Expert, van: Annotated[UUID | None, Form()] = None) -> Response:
    """Claim a signal and open it; the one that stood open (`van`) goes back to the queue."""
    dependencies = given(request)
    with acting(dependencies.engine, found.user.id, EXPERT_ROLE) as connection:
        if van is not None and van != signal_id:
            claims.release(connection, van, found.user.id)
        claims.claim(connection, signal_id, found.user.id, dependencies.clock())
    return RedirectResponse(f"/signaal/{signal_id}", 303)


@router.post("/{signal_id}/vrijgeven", dependencies=[OwnForm])
def give_back(request: Request, signal_id: UUID, found: Expert) -> Response:
    """Give the signal back to the queue."""
    with acting(given(request).engine, found.user.id, EXPERT_ROLE) as connection:
        claims.release(connection, signal_id, found.user.id)
    return RedirectResponse("/werkvoorraad?gedaan=released", 303)


@router.post("/{signal_id}/hartslag", dependencies=[OwnForm])
def heartbeat(request: Request, signal_id: UUID, found: Expert) -> Response:
    """The reader is still there: ten minutes more. 409 when the signal is no longer theirs to read."""
    dependencies = given(request)
    try:
        with acting(dependencies.engine, found.user.id, EXPERT_ROLE) as connection:
            ends: datetime = claims.claim(connection, signal_id, found.user.id, dependencies.clock())
    except (ClaimedByAnother, AlreadyRead, NothingToRead):
        return JSONResponse({"mine": False}, 409)
    return JSONResponse({"mine": True, "ends_at": ends.isoformat()})
