"""What it means that a stream could not be had: its state, and how long to stay away. Pure; it waits nowhere."""

from dataclasses import dataclass
from datetime import datetime

from websockets.exceptions import InvalidStatus

from collectors.health import HealthState
from collectors.politeness import retry_after

REFUSED_SECONDS = 3600.0
"""After a refusal we ask once an hour: well within what can be looked back to, and no loop."""


@dataclass(frozen=True, slots=True)
class Break:
    """A state with its code, and the least time (seconds) before the next try."""

    state: HealthState
    reason: str
    wait: float = 0.0


def of_fault(fault: BaseException, now: datetime) -> Break:
    """What a fault means while connecting or listening. Its words are not used: they may quote an address."""
    if not isinstance(fault, InvalidStatus):
        return Break(HealthState.FAILING, type(fault).__name__)
    status = fault.response.status_code
    code = f"http_{status}"
    if status in (429, 503):
        asked = retry_after({name.lower(): value for name, value in fault.response.headers.raw_items()}, now)
        return Break(HealthState.SLOWED, code, float(asked or 0))
    if 400 <= status < 500 and status != 408:
        return Break(HealthState.BLOCKED, code, REFUSED_SECONDS)
    return Break(HealthState.FAILING, code)
