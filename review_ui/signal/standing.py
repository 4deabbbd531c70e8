"""A signal's page beside judging: escalate, park longer, take up again, close, withdraw; and the page of what runs."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from forwarding.referrals import WithdrawReason, withdraw
from pipeline.store import closing, parking
from pipeline.store.connection import acting
from pipeline.store.parking import NoSuchTerm
from review_ui.access.signed_in import EXPERT_ROLE, Expert, OwnForm
from review_ui.dependencies import given
from review_ui.signal.form import moment_of
from review_ui.templating import render
from signals.signal import Outcome, SignalState

router = APIRouter(include_in_schema=False)


@router.post("/signaal/{signal_id}/opschalen", dependencies=[OwnForm])
def escalate(request: Request, signal_id: UUID, found: Expert, omhoog: Annotated[bool, Form()] = True) -> Response:
    """To the head of everybody's queue, or back in its place."""
    dependencies = given(request)
    with acting(dependencies.engine, found.user.id, EXPERT_ROLE) as connection:
        closing.escalate(connection, signal_id, found.user.id, dependencies.clock(), up=omhoog)
    return RedirectResponse(f"/signaal/{signal_id}?gedaan={'escalated' if omhoog else 'deescalated'}", 303)


@router.post("/signaal/{signal_id}/hervatten", dependencies=[OwnForm])
def resume(request: Request, signal_id: UUID, found: Expert) -> Response:
    """Take a parked signal up again."""
    dependencies = given(request)
    with acting(dependencies.engine, found.user.id, EXPERT_ROLE) as connection:
        parking.resume(connection, signal_id, found.user.id, dependencies.clock())
    return RedirectResponse(f"/signaal/{signal_id}?gedaan=resumed", 303)


@router.post("/signaal/{signal_id}/verlengen", dependencies=[OwnForm])
def extend(
    request: Request, signal_id: UUID, found: Expert, aanhouden_tot: Annotated[str, Form(max_length=30)] = ""
) -> Response:
    """One more term of 14 days, by a second person."""
    dependencies = given(request)
    until = moment_of(aanhouden_tot)
    if aanhouden_tot and until is None:
        raise NoSuchTerm("choose a moment in the coming 14 days")
    with acting(dependencies.engine, found.user.id, EXPERT_ROLE) as connection:
        parking.extend(connection, signal_id, found.user.id, until, dependencies.clock())
    return RedirectResponse(f"/signaal/{signal_id}?gedaan=extended", 303)


@router.post("/signaal/{signal_id}/afsluiten", dependencies=[OwnForm])
def close(request: Request, signal_id: UUID, found: Expert, uitkomst: Annotated[Outcome, Form()]) -> Response:
    """Close a confirmed or forwarded signal with what came of it."""
    dependencies = given(request)
    with acting(dependencies.engine, found.user.id, EXPERT_ROLE) as connection:
        closing.close(connection, signal_id, found.user.id, uitkomst, dependencies.clock())
    return RedirectResponse(f"/signaal/{signal_id}?gedaan=closed", 303)


@router.post("/signaal/{signal_id}/intrekken", dependencies=[OwnForm])
def withdraw_all(
    request: Request, signal_id: UUID, found: Expert, reden: Annotated[WithdrawReason, Form()]
) -> Response:
    """Withdraw what was sent; every recipient is told."""
    dependencies = given(request)
    with acting(dependencies.engine, found.user.id, EXPERT_ROLE) as connection:
        withdrawn = withdraw(connection, signal_id, found.user.id, dependencies.clock(), reden)
    return RedirectResponse(f"/signaal/{signal_id}?gedaan={'withdrawn' if withdrawn else 'nothing_sent'}", 303)


@router.get("/lopend")
def running(request: Request, found: Expert) -> Response:
    """Signals outside the queue that are not over: parked, or sent and not closed."""
    dependencies = given(request)
    with acting(dependencies.engine, found.user.id, EXPERT_ROLE) as connection:
        rows = parking.running(connection)
    parked = [row for row in rows if row.state is SignalState.PARKED]
    return render(
        request, "signal/running.html", {"parked": parked, "sent": [row for row in rows if row not in parked]}, found
    )
