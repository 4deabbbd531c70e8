"""The last gate before a socket: asks the order once more for every single request, and whether the host wants rest.

It stands below Scrapy's queues and middlewares, so that a waiting page, a retry, a redirect and robots.txt pass it too.
"""

import asyncio
from typing import Protocol

from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.http import Request, Response

PERMISSION = "permission"
"""The key in a request's meta under which its `Permit` travels."""
REST = "rest"
"""The key under which its `Rest` travels."""
LEAST_REST = 60.0


class Permit(Protocol):
    """Whether one request may be made now."""

    def __call__(self, address: str) -> None:
        """Return, or raise why not."""


class Rest(Protocol):
    """Leaves a host alone for some seconds."""

    def __call__(self, address: str, seconds: float) -> None:
        """Note it."""


class LastGate(HTTP11DownloadHandler):
    """Scrapy's own handler behind the gate. A request without a permit is not made."""

    async def download_request(self, request: Request) -> Response:
        """Ask, then download."""
        permit: Permit = request.meta[PERMISSION]
        await asyncio.to_thread(permit, request.url)
        response = await super().download_request(request)
        if response.status in (429, 503) and not request.meta.get("is_robots"):
            # Noted before the next request of this host gets its turn; how long it lasts is read from the answer later.
            rest: Rest | None = request.meta.get(REST)
            if rest is not None:
                rest(request.url, LEAST_REST)
        return response
