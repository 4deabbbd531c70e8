"""What reading times gives: mentions with an interval each, told apart into coming, past and no moment at all.

Only values, and the one that matters among several; how they are found stands in the modules beside.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC

from signals.analysis import TimeWindow

VAGUE = 0.35
"""Below this confidence a coming moment gives way to any clearer one."""


@dataclass(frozen=True, slots=True)
class TimeMention:
    """A time expression [start, end) with its interval; `past` when it lies behind the moment of writing.

    Without a window it points to no moment: a habit ('elke maandag'), or a past without a date ('ooit').
    """

    start: int
    end: int
    window: TimeWindow | None
    past: bool
    habit: bool = False


def soonest(mentions: Sequence[TimeMention]) -> TimeWindow | None:
    """The interval that comes first among those not past; None when the text points to no moment.

    A vague one ('binnenkort', a bare 'nu') counts only where nothing clearer stands.
    """
    windows = [mention.window for mention in mentions if mention.window and not mention.past]
    clear = [window for window in windows if window.confidence >= VAGUE]
    return min(
        clear or windows,
        key=lambda window: (window.start.astimezone(UTC), window.end.astimezone(UTC)),
        default=None,
    )
