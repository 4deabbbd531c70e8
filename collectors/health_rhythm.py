"""How much a source usually brings in each hour of the week, and when its silence is too improbable to be quiet.

Numbers only, and pure: no post, no text, no clock of its own. A rhythm is learned under one order and goes with it,
because the rhythm of one channel is the rhythm of one person.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from collectors.health import HealthState
from collectors.health_states import GOOD

WEEK, DAY = 168, 24
ZONE = ZoneInfo("Europe/Amsterdam")
"""Where the posters live: evenings and weekends are theirs."""

IMPROBABLE = 0.0001
"""A silence that would come about with this probability, or less, is an alarm. Every post begins a chance of one."""
SHORTEST_SILENCE = timedelta(hours=1)
"""No shorter silence is an alarm, however busy a source: a visit may come late."""
LEARNED_HOURS = 48.0
"""Hours that must have been watched first: every hour of the day twice."""
SHRINK_HOURS = 2.0
"""Weight of the wider average in watched hours: an hour of the week leans on its hour of the day, that on the mean."""
LONGEST_STRETCH = timedelta(hours=12)
"""Nothing is learned from a longer time between two reports; a stream reports at night only when it breaks."""
HORIZON = timedelta(days=28)
"""No order runs longer, so no alarm needs to be foreseen further."""

_KEEP = 0.8
"""What a watched hour leaves of what the same hour of the week taught before: about five weeks count."""
_KEEP_SPREAD = 0.99
"""The same for how bursty a source is, by hour of any kind: about four days count."""
_SPREAD_FROM_HOURS = 24.0
_HOUR = timedelta(hours=1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Rhythm:
    """What was learned of one source. `counts` and `hours` by hour of the week, Monday 0:00 first.

    `squares` and `means` add up how far whole hours were from what was expected; `open_*` is the hour under way.
    `recent` holds what came in each of the last 24 hours, `recent_hour` (hours since 1970) names the newest of them.
    """

    counts: tuple[float, ...] = (0.0,) * WEEK
    hours: tuple[float, ...] = (0.0,) * WEEK
    squares: float = 0.0
    means: float = 0.0
    open_count: int = 0
    open_mean: float = 0.0
    learned_until: datetime | None = None
    recent: tuple[int, ...] = (0,) * DAY
    recent_hour: int = 0

    @property
    def learned(self) -> bool:
        """Whether enough hours were watched to expect anything."""
        return sum(self.hours) >= LEARNED_HOURS


def heard(rhythm: Rhythm, state: HealthState, at: datetime, accepted: int, *, silent: bool) -> Rhythm:
    """The rhythm after a report. Only time in which the source answered, and was not in alarm, teaches anything.

    What came is counted in the hour that ends with the report. The first report after trouble brings what was missed,
    which is no rhythm; it only starts the learning again.
    """
    rhythm = _noted(rhythm, at, accepted)
    since = rhythm.learned_until
    if state not in GOOD:
        return replace(rhythm, learned_until=None)
    if since is not None and at <= since:
        return rhythm
    if since is None or silent or at - since > LONGEST_STRETCH:
        return replace(rhythm, learned_until=at)
    rhythm = _spread(rhythm, since, at, accepted)
    counts, hours = list(rhythm.counts), list(rhythm.hours)
    bucket = hour_of_week(since)
    for bucket, length in _slices(since, at):
        keep = _KEEP**length
        counts[bucket] *= keep
        hours[bucket] = hours[bucket] * keep + length
    counts[bucket] += accepted
    return replace(rhythm, counts=tuple(counts), hours=tuple(hours), learned_until=at)


def rates(rhythm: Rhythm) -> list[float]:
    """Expected posts an hour, for each hour of the week: a gamma prior around the wider average, updated by counts."""
    total = sum(rhythm.hours)
    mean = sum(rhythm.counts) / total if total else 0.0
    daily = [_shrunk(sum(rhythm.counts[hour::DAY]), sum(rhythm.hours[hour::DAY]), towards=mean) for hour in range(DAY)]
    return [
        _shrunk(count, hours, towards=daily[bucket % DAY])
        for bucket, (count, hours) in enumerate(zip(rhythm.counts, rhythm.hours, strict=True))
    ]


def expected(rhythm: Rhythm, start: datetime, end: datetime) -> float:
    """How many posts a source usually brings between two moments."""
    rate = rates(rhythm)
    return sum(rate[bucket] * length for bucket, length in _slices(start, end))


def seen_in_a_day(rhythm: Rhythm, now: datetime) -> int:
    """How many came in this hour and the 23 before it."""
    age = _hour_number(now) - rhythm.recent_hour
    return sum(rhythm.recent[: max(0, DAY - max(age, 0))])


def burst(rhythm: Rhythm) -> float:
    """How many posts come together, as it were: variance of whole hours over their mean, at least 1 (Poisson)."""
    return max(1.0, rhythm.squares / rhythm.means) if rhythm.means else 1.0


def alarm_at(rhythm: Rhythm, last_seen: datetime | None) -> datetime | None:
    """From when on silence is an alarm if nothing comes any more; None when that cannot be said.

    How probable a silence is follows from the Poisson tail at zero, for bursts of usual size: exp(-expected / burst).
    So the alarm holds also when the collector itself died and reports nothing.
    """
    if last_seen is None or not rhythm.learned:
        return None
    left, moment = -math.log(IMPROBABLE) * burst(rhythm), last_seen
    rate = rates(rhythm)
    for bucket, length in _slices(last_seen, last_seen + HORIZON):
        coming = rate[bucket] * length
        if coming >= left:
            return max(moment + timedelta(hours=length * left / coming), last_seen + SHORTEST_SILENCE)
        left -= coming
        moment += timedelta(hours=length)
    return None


def hour_of_week(moment: datetime) -> int:
    """The hour of the week, 0 to 167, on the clocks of the posters."""
    local = moment.astimezone(ZONE)
    return local.weekday() * DAY + local.hour


def _shrunk(count: float, hours: float, towards: float) -> float:
    return (count + SHRINK_HOURS * towards) / (hours + SHRINK_HOURS)


def _slices(start: datetime, end: datetime) -> Iterator[tuple[int, float]]:
    """A time cut at whole hours: hour of the week and length in hours of each piece."""
    moment = start.astimezone(UTC)
    while moment < end:
        until = min(moment.replace(minute=0, second=0, microsecond=0) + _HOUR, end)
        yield hour_of_week(moment), (until - moment) / _HOUR
        moment = until.astimezone(UTC)


def _spread(rhythm: Rhythm, since: datetime, at: datetime, accepted: int) -> Rhythm:
    """How far the hours so far were from what was expected of them; an hour is judged when it is over."""
    if sum(rhythm.hours) < _SPREAD_FROM_HOURS:
        return rhythm
    count, mean = rhythm.open_count + accepted, rhythm.open_mean + expected(rhythm, since, at)
    if _hour_number(since) == _hour_number(at):
        return replace(rhythm, open_count=count, open_mean=mean)
    return replace(
        rhythm,
        squares=rhythm.squares * _KEEP_SPREAD + (count - mean) ** 2,
        means=rhythm.means * _KEEP_SPREAD + mean,
        open_count=0,
        open_mean=0.0,
    )


def _noted(rhythm: Rhythm, at: datetime, accepted: int) -> Rhythm:
    hour = _hour_number(at)
    steps = hour - rhythm.recent_hour
    recent: Sequence[int] = rhythm.recent
    if steps > 0:
        recent = [*[0] * min(steps, DAY), *recent][:DAY]
    place = max(0, -steps)
    if place >= DAY:
        return rhythm
    noted = tuple(one + accepted if index == place else one for index, one in enumerate(recent))
    return replace(rhythm, recent=noted, recent_hour=max(hour, rhythm.recent_hour))


def _hour_number(moment: datetime) -> int:
    return (moment - _EPOCH) // _HOUR
