"""What a call to the YouTube Data API costs, and when a spent quota starts anew. It does not know what is left."""

from collections.abc import Mapping
from datetime import datetime

from collectors.quota import Quota

DAILY = Quota(units=10_000, zone="America/Los_Angeles")
"""The published daily quota; it starts anew at midnight in California."""

COSTS: Mapping[str, int] = {"search": 100}
"""Units per call where it is not 1, in one budget for all calls.

The newer accounting gives searches a budget of their own, 100 a day at 1 unit each. This one allows at most as many
searches and never more of the rest, so it is safe under both.
"""


def cost(method: str, costs: Mapping[str, int] = COSTS) -> int:
    """Units of one call; every page is one, and a refused call costs like another."""
    return costs.get(method, 1)


def seconds_to_reset(now: datetime) -> int:
    """Seconds until a spent quota starts anew."""
    return DAILY.seconds_to_reset(now)
