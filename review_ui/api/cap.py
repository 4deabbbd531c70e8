"""A forwarded signal as a CAP 1.2 alert. A POST, because the export is written on the trail."""

from urllib.parse import urlsplit
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from forwarding.cap_export import export
from forwarding.channels.cap import CONTENT_TYPE
from pipeline.store.connection import acting
from review_ui.access.signed_in import EXPERT_ROLE, Expert, OwnCall
from review_ui.dependencies import given

router = APIRouter(prefix="/api/v1/signals/{signal_id}", tags=["v1"])


@router.post("/cap", dependencies=[OwnCall], response_class=Response, responses={200: {"content": {CONTENT_TYPE: {}}}})
def as_alert(request: Request, signal_id: UUID, found: Expert) -> Response:
    """The alert for control rooms: area and time, restricted; or its cancellation once it was withdrawn."""
    dependencies = given(request)
    sender = urlsplit(str(request.base_url)).hostname or "seinpost"
    with acting(dependencies.engine, found.user.id, EXPERT_ROLE) as connection:
        written = export(connection, signal_id, sender, dependencies.clock())
    headers = {"Content-Disposition": 'attachment; filename="seinpost.cap.xml"'}
    return Response(written, media_type=CONTENT_TYPE, headers=headers)
