"""A decision about a signal as other systems hear of it: what, where and when. Never a text, a link or a reader."""

from uuid import UUID

from pydantic import AwareDatetime

from signals.frozen import Frozen
from signals.label import Category, Level
from signals.signal import SignalState


class DecidedPlace(Frozen):
    """A place of the signal, as the gazetteer names it."""

    id: str
    name: str


class Decision(Frozen):
    """The state that a decision brought a signal in. Repeats have the same event id; the newest `decided_at` holds."""

    id: UUID
    state: SignalState
    category: Category
    level: Level
    places: tuple[DecidedPlace, ...]
    window_start: AwareDatetime | None
    window_end: AwareDatetime | None
    decided_at: AwareDatetime
