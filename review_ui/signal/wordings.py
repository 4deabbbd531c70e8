"""'Dit hoort er niet bij': parting a wording from the card it joined. Whether it may be is the store's to say."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from pipeline.store import wordings
from pipeline.store.connection import acting
from review_ui.access.signed_in import EXPERT_ROLE, Expert, OwnForm
from review_ui.dependencies import given

router = APIRouter(include_in_schema=False)


@router.post("/signaal/{signal_id}/losmaken", dependencies=[OwnForm])
def part(request: Request, signal_id: UUID, found: Expert, bericht: Annotated[UUID, Form()]) -> Response:
    """Make a wording a signal of its own."""
    dependencies = given(request)
    with acting(dependencies.engine, found.user.id, EXPERT_ROLE) as connection:
        wordings.part(connection, signal_id, bericht, dependencies.clock())
    return RedirectResponse(f"/signaal/{signal_id}?gedaan=parted", 303)
