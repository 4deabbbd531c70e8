"""Live arrival: an event stream that says 'the queue changed' and nothing more."""

import time
from collections.abc import AsyncIterator

from fastapi import APIRouter, Request
from fastapi.responses import StreamingResponse

from review_ui.access.signed_in import Expert
from review_ui.bell import QueueBell

router = APIRouter(include_in_schema=False)
KEEP_ALIVE_SECONDS = 15.0
LONGEST_STREAM_SECONDS = 600.0
"""A stream ends after this; the browser comes back by itself, and only with a live session."""


@router.get("/queue/events")
async def events(request: Request, found: Expert) -> StreamingResponse:
    """Server-sent events for a signed-in expert; ends when the browser goes."""
    bell = request.app.state.bell
    if not isinstance(bell, QueueBell):
        raise TypeError("the app was not made by create_app")
    return StreamingResponse(
        _stream(request, bell),
        media_type="text/event-stream",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


async def _stream(request: Request, bell: QueueBell) -> AsyncIterator[str]:
    yield "retry: 3000\n\n"
    ends = time.monotonic() + LONGEST_STREAM_SECONDS
    async for changed in bell.rings(KEEP_ALIVE_SECONDS):
        if time.monotonic() > ends or await request.is_disconnected():
            return
        yield "event: queue\ndata: changed\n\n" if changed else ": still here\n\n"
