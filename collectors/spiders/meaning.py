"""What it means when a source gives no page to read: a status, a fault, a wish to wait. Pure; it waits for nothing."""

from collections.abc import Mapping
from datetime import datetime

from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
)

from collectors.health import HealthState
from collectors.politeness import retry_after
from collectors.readers.reader import Page
from collectors.robots import HOST_WAITS, Impolite

DAY = 24 * 3600
TOO_LARGE = "too_large"
REDIRECT_LOOP = "redirect_loop"

_FIRST_BACK_OFF = 60
_MOST_BACK_OFF = 3600
_FAULTS: dict[type[BaseException], str] = {
    DownloadCancelledError: TOO_LARGE,  # Scrapy cancels only what grows over the limit
    DownloadTimeoutError: "timeout",
    DownloadConnectionRefusedError: "connection_refused",
    CannotResolveHostError: "no_such_host",
    ResponseDataLossError: "cut_off",
    DownloadFailedError: "connection_failed",
}


def of_status(status: int, headers: Mapping[str, str], now: datetime) -> Page:
    """What a status other than 200 and 304 means where the reader leaves it to us."""
    code = f"http_{status}"
    if status in (429, 503):
        return Page(state=HealthState.SLOWED, reason=code, wait=retry_after(headers, now) or 0)
    if status in (401, 403):
        return Page(state=HealthState.BLOCKED, reason=code)
    if status in (404, 410):
        return Page(state=HealthState.BLOCKED, reason=code, wait=DAY)
    return Page(state=HealthState.FAILING, reason=code)


def of_fault(fault: BaseException) -> Page:
    """What it means that there was no answer. The fault's words are not used: they may quote an address."""
    if isinstance(fault, Impolite):
        if fault.code == HOST_WAITS:
            return Page(state=HealthState.SLOWED, reason=fault.code, wait=fault.seconds)
        return Page(state=HealthState.BLOCKED, reason=fault.code, wait=1)
    if isinstance(fault, IgnoreRequest):
        # Scrapy says with one and the same exception that a circle of redirects or a packed body grew too large.
        return Page(state=HealthState.FAILING, reason=REDIRECT_LOOP if "redirect" in str(fault) else TOO_LARGE)
    return Page(state=HealthState.FAILING, reason=_FAULTS.get(type(fault), type(fault).__name__))


def back_off(failures: int) -> int:
    """Seconds to stay away after this many failed visits in a row: 1, 2, 4 … 60 minutes."""
    return min(_FIRST_BACK_OFF << min(failures, 10), _MOST_BACK_OFF)
