"""A forwarded signal as a CAP file, from its own page: a person's act, on the trail. `cap_export` makes the file."""

from urllib.parse import urlsplit
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from forwarding.cap_export import export
from forwarding.channels.cap import CONTENT_TYPE
from pipeline.store.connection import acting
from review_ui.access.signed_in import EXPERT_ROLE, Expert, OwnForm, SignedIn
from review_ui.dependencies import given

router = APIRouter(prefix="/signaal/{signal_id}/cap-bestand", include_in_schema=False)


@router.post("", dependencies=[OwnForm])
def download(request: Request, signal_id: UUID, found: Expert) -> Response:
    """The file, to save. Where it cannot be made, the page says why."""
    return cap_file(request, signal_id, found)


@router.get("")
def after_a_press(signal_id: UUID, found: Expert) -> Response:
    """Whoever reloads comes back to the signal."""
    return RedirectResponse(f"/signaal/{signal_id}#stand", 303)


def cap_file(request: Request, signal_id: UUID, found: SignedIn) -> Response:
    """The alert as an answer. Raises NoSuchSignal, NotForwarded or NoAreaKnown."""
    dependencies = given(request)
    sender = urlsplit(str(request.base_url)).hostname or "seinpost"
    with acting(dependencies.engine, found.user.id, EXPERT_ROLE) as connection:
        written = export(connection, signal_id, sender, dependencies.clock())
    headers = {"Content-Disposition": 'attachment; filename="seinpost.cap.xml"'}
    return Response(written, media_type=CONTENT_TYPE, headers=headers)
