"""Casusoverleg on the screen: asking the team, taking part, and adding to the thread. The store masks and decides."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from pipeline.store import thread
from pipeline.store.connection import acting
from review_ui.access.signed_in import EXPERT_ROLE, Expert, OwnForm
from review_ui.dependencies import given
from review_ui.signal.judging import onward

router = APIRouter(prefix="/signaal/{signal_id}/casusoverleg", include_in_schema=False)

Words = Annotated[str, Form(max_length=4000)]
Asked = Annotated[tuple[UUID, ...], Form(max_length=100)]


@router.post("", dependencies=[OwnForm])
def ask(request: Request, signal_id: UUID, found: Expert, vraag: Words = "", aan: Asked = ()) -> Response:
    """Bring the signal to the team with a question, and read on."""
    dependencies = given(request)
    with acting(dependencies.engine, found.user.id, EXPERT_ROLE) as connection:
        thread.ask(connection, signal_id, found.user.id, vraag, aan, dependencies.clock())
    return onward(dependencies, found.user, signal_id, "asked")


@router.post("/meedoen", dependencies=[OwnForm])
def join(request: Request, signal_id: UUID, found: Expert) -> Response:
    """Take part: from now on the thread is open to this reader."""
    dependencies = given(request)
    with acting(dependencies.engine, found.user.id, EXPERT_ROLE) as connection:
        thread.join(connection, signal_id, found.user.id, dependencies.clock())
    return RedirectResponse(f"/signaal/{signal_id}#overleg", 303)


@router.post("/bericht", dependencies=[OwnForm])
def say(request: Request, signal_id: UUID, found: Expert, bericht: Words = "", aan: Asked = ()) -> Response:
    """Add a message."""
    dependencies = given(request)
    with acting(dependencies.engine, found.user.id, EXPERT_ROLE) as connection:
        thread.say(connection, signal_id, found.user.id, bericht, aan, dependencies.clock())
    return RedirectResponse(f"/signaal/{signal_id}#overleg", 303)
