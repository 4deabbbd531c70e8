"""What a call to the YouTube Data API costs, what is left of a day, and when the day ends. Pure arithmetic.

It keeps nothing: whoever asks stores the ledger. Every number is a setting with the published one as default.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

PACIFIC = ZoneInfo("America/Los_Angeles")
SHARED = "all"


@dataclass(frozen=True, slots=True)
class Tariff:
    """Units per call (1 where none is named), the budget each call draws on, and what each budget holds a day."""

    units: Mapping[str, int] = field(default_factory=lambda: {"search": 100})
    budget_of: Mapping[str, str] = field(default_factory=dict)
    daily: Mapping[str, int] = field(default_factory=lambda: {SHARED: 10_000})

    def cost(self, method: str) -> int:
        """Units of one call, a page or a refused one alike."""
        return self.units.get(method, 1)

    def budget(self, method: str) -> str:
        """The budget that a call draws on."""
        return self.budget_of.get(method, SHARED)


ONE_BUDGET = Tariff()
"""The older published accounting; at most 100 searches a day under either, so this one is safe under both."""

SEARCH_APART = Tariff(units={}, budget_of={"search": "search"}, daily={SHARED: 10_000, "search": 100})
"""The newer one: searches have a budget of their own, 1 unit each."""


@dataclass(frozen=True, slots=True)
class Ledger:
    """What was spent on one Pacific day, by budget."""

    day: date
    spent: Mapping[str, int] = field(default_factory=dict)

    def on(self, now: datetime) -> "Ledger":
        """This ledger, or a fresh one when its day is over."""
        today = pacific_day(now)
        return self if self.day >= today else Ledger(today)

    def allows(self, method: str, now: datetime, tariff: Tariff = ONE_BUDGET) -> bool:
        """Whether the day's budget still holds this call."""
        budget = tariff.budget(method)
        return self.on(now).spent.get(budget, 0) + tariff.cost(method) <= tariff.daily.get(budget, 0)

    def after(self, method: str, now: datetime, tariff: Tariff = ONE_BUDGET) -> "Ledger":
        """The ledger after this call."""
        today, budget = self.on(now), tariff.budget(method)
        return replace(today, spent={**today.spent, budget: today.spent.get(budget, 0) + tariff.cost(method)})

    def exhausted(self, method: str, now: datetime, tariff: Tariff = ONE_BUDGET) -> "Ledger":
        """The ledger after the source said that the quota ran out: it knows of calls that we do not."""
        today, budget = self.on(now), tariff.budget(method)
        return replace(today, spent={**today.spent, budget: tariff.daily.get(budget, 0)})


def pacific_day(now: datetime) -> date:
    """The day by which the quota counts."""
    return now.astimezone(PACIFIC).date()


def seconds_to_reset(now: datetime) -> int:
    """Seconds until the quota starts anew, at midnight in California, also on the days that last 23 or 25 hours."""
    tomorrow = pacific_day(now) + timedelta(days=1)
    midnight = datetime(tomorrow.year, tomorrow.month, tomorrow.day, tzinfo=PACIFIC).astimezone(UTC)
    return max(1, int((midnight - now).total_seconds()))
