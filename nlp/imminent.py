"""Whether a post points to a moment within two days, or to something going on now.

The times that the text names decide where they are clear; the encoder's probability where they are silent or faint.
"""

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from nlp.times.mention import TimeMention

AHEAD: Final = timedelta(hours=48)
WIDE: Final = timedelta(hours=50)
"""A longer interval ('deze week') says nothing about the next two days."""
CLEAR, ABOVE_NOW, FAINT = 0.7, 0.51, 0.45
"""Confidence of an interval: a day or hour is told; 'na school' alone has 0.65, 'straks' 0.6, a bare 'nu' 0.5."""

_GOING_ON = re.compile(
    r"\b(?:onderweg|omw|pull(?:in|ing)? up|kom (?:maar|dan|naar|hier|nou|langs)|aan de gang|live|stapt|achter je"
    r"|(?:ik|we|wij) (?:sta|staan|zit|zitten|loop|lopen)|(?:sta|zit) (?:in|op|bij|voor|hier|daar|met)"
    r"|(?:staan|loopt|lopen|staat|rennen) (?:hier|daar|er|al|buiten|ze|te wachten)"
    r"|er (?:loopt|lopen|staat|staan|rennen|komen|stapt)|zijn (?:er|dr) al|is net|zijn net|te wachten"
    r"|they'?re (?:at|here|outside)|he'?s (?:at|here|walking)|i'?m (?:at|by|outside))\b"
)
_SILENT_FROM, _GOING_ON_FROM = 0.55, 0.3
"""The encoder's probability from which a text naming no coming moment is imminent; less where it tells what goes on."""
_FAINT_FROM, _NOW_FROM = 0.08, 0.3
"""The same for a text with a faint moment, and with no more than a 'nu'."""


def names_a_moment(times: Sequence[TimeMention], moment: datetime, least: float) -> bool:
    """Whether one of the times lies, at this confidence or more, between posting and two days later."""
    until = moment.astimezone(UTC) + AHEAD
    return any(
        mention.window.start.astimezone(UTC) <= until
        and mention.window.end.astimezone(UTC) - mention.window.start.astimezone(UTC) <= WIDE
        for mention in times
        if mention.window and not mention.past and mention.window.confidence >= least
    )


def imminent(folded: str, times: Sequence[TimeMention], moment: datetime, likely: float | None = None) -> bool:
    """Whether the text points to the next two days. `likely`: the encoder's probability of it, where there is one."""
    if names_a_moment(times, moment, CLEAR):
        return True
    if _names_a_later_day(times, moment):
        return False
    going_on = _GOING_ON.search(folded) is not None
    if names_a_moment(times, moment, FAINT):
        only_now = not names_a_moment(times, moment, ABOVE_NOW)
        return likely is None or going_on or likely >= (_NOW_FROM if only_now else _FAINT_FROM)
    if likely is None:
        return False
    if any(mention.habit for mention in times):
        return going_on and likely >= _SILENT_FROM
    return likely >= (_GOING_ON_FROM if going_on else _SILENT_FROM)


def _names_a_later_day(times: Sequence[TimeMention], moment: datetime) -> bool:
    """A clear moment further off makes a 'nu' or 'straks' beside it a manner of speaking."""
    until = moment.astimezone(UTC) + AHEAD
    return any(
        mention.window.confidence >= CLEAR and mention.window.start.astimezone(UTC) > until
        for mention in times
        if mention.window and not mention.past
    )
