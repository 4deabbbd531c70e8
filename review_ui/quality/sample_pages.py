"""Reading the blind sample of posts that were not flagged, one at a time, apart from the queue.

A reader sees the masked text and nothing else. An answer is not a judgement: what turns out to be urgent goes in as an
observation, by the same person.
"""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from pipeline.store import unflagged
from pipeline.store.connection import acting
from review_ui.access.signed_in import EXPERT_ROLE, Expert, OwnForm
from review_ui.dependencies import given
from review_ui.templating import render

router = APIRouter(prefix="/kwaliteit/steekproef", include_in_schema=False)


@router.get("")
def sample_page(request: Request, found: Expert, gedaan: str = "", na: UUID | None = None) -> Response:
    """The next text of the sample for this reader, or that there is none. `na`: after one that this reader skips."""
    with acting(given(request).engine, found.user.id, EXPERT_ROLE) as connection:
        one = unflagged.next_to_read(connection, na)
    shown = {"one": one, "text": one.text if one else "", "done": gedaan, "answered": None}
    return render(request, "quality/sample.html", shown, found)


@router.post("/{event_id}", dependencies=[OwnForm])
def answer(request: Request, event_id: UUID, found: Expert, actie: Annotated[bool, Form()]) -> Response:
    """Count the answer; the text goes. After a yes it is shown once more, for whoever wants to hand it in."""
    dependencies = given(request)
    with acting(dependencies.engine, found.user.id, EXPERT_ROLE) as connection:
        one = unflagged.still_there(connection, event_id)
        counted = unflagged.answer(connection, event_id, actie, dependencies.clock())
    if one is None or not counted:
        return RedirectResponse("/kwaliteit/steekproef?gedaan=weg", 303)
    if not actie:
        return RedirectResponse("/kwaliteit/steekproef?gedaan=ja", 303)
    shown = {"one": None, "text": one.text, "done": "", "answered": True}
    return render(request, "quality/sample.html", shown, found)
