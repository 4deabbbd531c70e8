"""What quality needs every few minutes: rejections are drawn for a second reading, days of the blind sample counted,
golden cards placed and taken away.

Run with the road's log-in, by the process that also forgets what is due.
"""

from datetime import UTC, datetime

from sqlalchemy import Connection, Engine

from pipeline.quality import golden, second_readings
from pipeline.quality.rules import Rule
from pipeline.store import settings, unflagged
from pipeline.store.attempts import in_transaction
from signals.settings_version import DetectionSettings


def look_after(
    road: Engine,
    rules: tuple[Rule, ...],
    key: bytes,
    shipped: DetectionSettings,
    now: datetime,
    golden_share: float = 0.0,
) -> dict[str, int]:
    """Do what is due; how much was done, by name. `shipped` are the detection settings where the team made none."""

    def work(connection: Connection) -> dict[str, int]:
        detection = settings.active(connection) or shipped
        return {
            "drawn": second_readings.draw(connection, rules, key, detection, now),
            "cleared": golden.clear(connection, now),
            "placed": golden.place(connection, golden_share, key, now),
            "days": unflagged.count_days(connection, now.astimezone(UTC).date()),
        }

    return in_transaction(road, work)
