"""What a partner's system hears of a signal that was forwarded to it. Never a text, a reading, a link or a name."""

from enum import StrEnum
from uuid import UUID

from pydantic import AwareDatetime

from signals.frozen import Frozen
from signals.label import Category, Level


class Told(StrEnum):
    """What the record is about. A withdrawal comes over the same topic, whatever became of the agreement."""

    NEW = "new"
    STATUS = "status"
    CHANGED = "changed"
    REMINDER = "reminder"
    ANSWERED = "answered"
    WITHDRAWN = "withdrawn"
    TRIAL = "trial"


class Decision(Frozen):
    """What one organisation may know of one signal, under the reference that it also has in the portal.

    A field that is absent or null: its agreement or its row of the need-to-know table does not hold it, or nobody
    knows it. A withdrawal holds the reference alone, a test message its own. Repeats have the same event id; of one
    reference the newest holds.
    """

    id: UUID
    told: Told
    category: Category | None = None
    theme: str | None = None
    level: Level | None = None
    places: tuple[str, ...] = ()
    window_start: AwareDatetime | None = None
    window_end: AwareDatetime | None = None
    expires_at: AwareDatetime | None = None
    one_reader: bool = False
