"""What a platform lets us read in a day, and how much of it is spent. In memory; cursors keep it over a restart."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Quota:
    """Units a day, counted from midnight in a time zone."""

    units: int
    zone: str

    def day(self, now: datetime) -> str:
        """The day that units spent now count for."""
        return now.astimezone(ZoneInfo(self.zone)).date().isoformat()

    def seconds_to_reset(self, now: datetime) -> int:
        """Seconds until the count starts again."""
        here = now.astimezone(ZoneInfo(self.zone))
        midnight = here.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
        # The clocks may change before midnight, so the difference is taken between moments, not between clock faces.
        return int(midnight.timestamp() - here.timestamp()) + 1


@dataclass
class QuotaLedger:
    """Units spent per kind of source, from what each seed's place says: one key serves all seeds and orders."""

    _spent: dict[str, dict[tuple[UUID, int], tuple[str, int]]] = field(default_factory=dict, repr=False)

    def note(self, kind: str, order_id: UUID, seed: int, day: str, units: int) -> None:
        """Keep what one seed has spent on a day."""
        if units:
            self._spent.setdefault(kind, {})[order_id, seed] = (day, units)

    def spent_up(self, kind: str, quota: Quota | None, now: datetime) -> bool:
        """Whether nothing more may be asked today."""
        if quota is None:
            return False
        today = quota.day(now)
        spent: Mapping[tuple[UUID, int], tuple[str, int]] = self._spent.get(kind, {})
        return sum(units for day, units in list(spent.values()) if day == today) >= quota.units
