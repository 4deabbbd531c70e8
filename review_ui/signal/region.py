"""Handing a signal over to another region's team, from its page: offer, accept, give back, take back. Plain forms."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from pipeline.store import region_handover
from pipeline.store.connection import acting
from review_ui.access.signed_in import EXPERT_ROLE, Expert, OwnForm
from review_ui.dependencies import given
from signals.region import GiveBackReason, OfferReason, Region

router = APIRouter(prefix="/signaal/{signal_id}/regio", include_in_schema=False)


@router.post("", dependencies=[OwnForm])
def offer(
    request: Request,
    signal_id: UUID,
    found: Expert,
    naar: Annotated[Region, Form()],
    reden: Annotated[OfferReason, Form()],
) -> Response:
    """Hand it over; the own team keeps it until somebody there accepts."""
    dependencies = given(request)
    with acting(dependencies.engine, found.user.id, EXPERT_ROLE) as connection:
        region_handover.offer(connection, signal_id, naar, reden, dependencies.clock())
    return _to(signal_id, "region_offered")


@router.post("/aanvaarden", dependencies=[OwnForm])
def accept(request: Request, signal_id: UUID, found: Expert) -> Response:
    """The other team takes it over."""
    dependencies = given(request)
    with acting(dependencies.engine, found.user.id, EXPERT_ROLE) as connection:
        region_handover.accept(connection, signal_id, dependencies.clock())
    return _to(signal_id, "region_taken")


@router.post("/teruggeven", dependencies=[OwnForm])
def give_back(request: Request, signal_id: UUID, found: Expert, reden: Annotated[GiveBackReason, Form()]) -> Response:
    """The other team does not take it over, and says why."""
    dependencies = given(request)
    with acting(dependencies.engine, found.user.id, EXPERT_ROLE) as connection:
        region_handover.give_back(connection, signal_id, reden, dependencies.clock())
    return _to(signal_id, "region_given_back")


@router.post("/terugnemen", dependencies=[OwnForm])
def take_back(request: Request, signal_id: UUID, found: Expert) -> Response:
    """Who offered it keeps it after all."""
    dependencies = given(request)
    with acting(dependencies.engine, found.user.id, EXPERT_ROLE) as connection:
        region_handover.take_back(connection, signal_id, dependencies.clock())
    return _to(signal_id, "region_taken_back")


def _to(signal_id: UUID, done: str) -> Response:
    return RedirectResponse(f"/signaal/{signal_id}?gedaan={done}", 303)
