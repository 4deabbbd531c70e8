"""Forwarding from a signal's page: what a recipient would see, and sending to the chosen ones. `forwarding` does it."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from forwarding.referrals import called, prepare
from forwarding.views import preview
from pipeline.store.case import case
from pipeline.store.connection import acting
from review_ui.access.signed_in import EXPERT_ROLE, Expert, OwnForm
from review_ui.dependencies import given
from review_ui.templating import render

router = APIRouter(prefix="/signaal", include_in_schema=False)


@router.get("/{signal_id}/voorbeeld/{contact_id}")
def show_preview(
    request: Request, signal_id: UUID, contact_id: UUID, found: Expert, plaatsbericht: bool = False
) -> Response:
    """Exactly what this contact will see, before anything is sent."""
    dependencies = given(request)
    with acting(dependencies.engine, found.user.id, EXPERT_ROLE) as connection:
        seen = preview(connection, signal_id, contact_id, dependencies.police_excerpt, plaatsbericht)
    return render(
        request, "signal/preview.html", {"seen": seen, "signal_id": signal_id, "place_notice": plaatsbericht}, found
    )


@router.post("/{signal_id}/doorzetten", dependencies=[OwnForm])
def refer(
    request: Request, signal_id: UUID, found: Expert, ontvanger: Annotated[tuple[UUID, ...], Form()] = ()
) -> Response:
    """Send a signal that two readers confirmed to the contacts that were ticked."""
    return _send(request, signal_id, found.user.id, ontvanger, place_notice=False)


@router.post("/{signal_id}/plaatsbericht", dependencies=[OwnForm])
def place_notice(
    request: Request, signal_id: UUID, found: Expert, ontvanger: Annotated[tuple[UUID, ...], Form()] = ()
) -> Response:
    """The exception for acute signals: one reader tells place, time and duiding, nothing more."""
    return _send(request, signal_id, found.user.id, ontvanger, place_notice=True)


@router.post("/{signal_id}/gebeld", dependencies=[OwnForm])
def note_call(request: Request, signal_id: UUID, found: Expert, doorgeleiding: Annotated[UUID, Form()]) -> Response:
    """Note that somebody who was sent this signal was called: the phone stays the first channel."""
    dependencies = given(request)
    with acting(dependencies.engine, found.user.id, EXPERT_ROLE) as connection:
        called(connection, doorgeleiding, found.user.id, dependencies.clock())
    return RedirectResponse(f"/signaal/{signal_id}?gedaan=called#stand", 303)


@router.get("/{signal_id}/stand")
def standing(request: Request, signal_id: UUID, found: Expert) -> Response:
    """Who was sent this signal and what came back, alone: a page that stands open draws it anew by itself."""
    dependencies = given(request)
    with acting(dependencies.engine, found.user.id, EXPERT_ROLE) as connection:
        seen = case(connection, signal_id, dependencies.clock())
    return render(request, "signal/sent.html", {"case": seen}, found)


def _send(request: Request, signal_id: UUID, user_id: UUID, contacts: tuple[UUID, ...], place_notice: bool) -> Response:
    dependencies = given(request)
    with acting(dependencies.engine, user_id, EXPERT_ROLE) as connection:
        prepare(
            connection,
            signal_id,
            contacts,
            user_id,
            dependencies.clock(),
            dependencies.police_excerpt,
            place_notice,
        )
    done = "nobody" if not contacts else "place_notice" if place_notice else "referred"
    return RedirectResponse(f"/signaal/{signal_id}?gedaan={done}", 303)
