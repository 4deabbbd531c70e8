"""Saving the filters that stand in the address as a view with a name, for this reader alone."""

from typing import Annotated

from fastapi import APIRouter, Form, HTTPException, Request
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from pipeline.store import saved_views
from pipeline.store.connection import acting
from pipeline.store.saved_views import LONGEST_FILTERS, LONGEST_NAME
from review_ui.access.signed_in import EXPERT_ROLE, Expert, OwnForm
from review_ui.dependencies import given
from review_ui.queue.narrowing import narrowing_of
from signals.masking import mask

router = APIRouter(include_in_schema=False)


@router.post("/weergaven", dependencies=[OwnForm])
def save_view(
    request: Request,
    found: Expert,
    naam: Annotated[str, Form(max_length=200)] = "",
    filters: Annotated[str, Form(max_length=1000)] = "",
) -> Response:
    """Keep a view and show it. Names of people do not belong in a view's name; they are masked as everywhere."""
    narrowed = narrowing_of(filters)
    name = mask(" ".join(naam.split())).text[:LONGEST_NAME].strip()
    address = narrowed.address()
    if not name or not name.isprintable() or len(address) > LONGEST_FILTERS:
        raise HTTPException(422)
    with acting(given(request).engine, found.user.id, EXPERT_ROLE) as connection:
        saved_views.keep(connection, found.user.id, name, address)
    return RedirectResponse(f"/werkvoorraad?{address}", 303)
