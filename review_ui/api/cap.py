"""A forwarded signal as a CAP 1.2 alert. A POST, because the export is written on the trail."""

from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from forwarding.channels.cap import CONTENT_TYPE
from review_ui.access.signed_in import Expert, OwnCall
from review_ui.signal.cap_file import cap_file

router = APIRouter(prefix="/api/v1/signals/{signal_id}", tags=["v1"])


@router.post("/cap", dependencies=[OwnCall], response_class=Response, responses={200: {"content": {CONTENT_TYPE: {}}}})
def as_alert(request: Request, signal_id: UUID, found: Expert) -> Response:
    """The alert for control rooms: area and time, restricted; or its cancellation once it was withdrawn."""
    return cap_file(request, signal_id, found)
