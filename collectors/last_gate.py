"""The last gate before a socket: asks the order once more for every single request, and whether the host wants rest.

It stands below Scrapy's queues and middlewares, so that a waiting page, a retry, a redirect and robots.txt pass it too.
"""

import asyncio
from typing import Protocol

from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.http import Request, Response

PERMISSION = "permission"
"""The key in a request's meta under which its `Permit` travels."""


class Permit(Protocol):
    """Whether one request may be made now."""

    def __call__(self, address: str) -> None:
        """Return, or raise why not."""


class LastGate(HTTP11DownloadHandler):
    """Scrapy's own handler behind the gate. A request without a permit is not made."""

    async def download_request(self, request: Request) -> Response:
        """Ask, then download."""
        permit: Permit = request.meta[PERMISSION]
        await asyncio.to_thread(permit, request.url)
        return await super().download_request(request)
