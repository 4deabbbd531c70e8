"""What the quality page shows, worked out from counts and times. Pure; no row of it stands for a person.

Who reads no signals sees no number under ten, and nothing that was worked out from so few.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from nlp.evaluate.proportions import Proportion, wilson
from pipeline.quality.agreement import RELIABLE, TENTATIVE, Agreement, Pattern, Patterns, agreement
from pipeline.quality.recall import Missed, SampledDay, missed
from pipeline.quality.waiting_time import Quantile, Wait, quantile, seen_within, survival
from pipeline.store.quality import Drawn, Pair, SampleDay, WaitedForEyes
from review_ui.quality.staffed_time import StaffedTime
from signals.label import LEVEL_ORDER, Level

FEWEST = 10
"""Who is no expert sees no smaller number than this."""
WITHIN = (15, 30, 120, 600)
"""Minutes of staffed time whose shares the page names; the last is one working day."""
MONTHS_NOW = 3
"""Months that count as now; the months before them are what they are compared with."""


@dataclass(frozen=True)
class Speed:
    """How soon somebody looked at the signals of one level. `shown` is false where too few are to be told."""

    level: Level
    signals: int
    half: Quantile
    nine_of_ten: Quantile
    within: tuple[tuple[int, float | None], ...]
    shown: bool


@dataclass(frozen=True)
class Alike:
    """Agreement on one label now and month by month, and whether it moved."""

    label: str
    now: Agreement
    word: str
    drift: str
    months: tuple[tuple[date, Agreement], ...]


@dataclass(frozen=True)
class ReadAgain:
    """Rejections that were drawn for a second reading, by how they ended, and what chance's share of them says."""

    drawn: int
    agreed: int
    disagreed: int
    lapsed: int
    waiting: int
    otherwise: Proportion | None


@dataclass(frozen=True)
class Sampled:
    """The blind sample of posts that were not flagged."""

    taken: int
    read: int
    actionable: int
    lapsed: int
    missed: Missed | None


def speeds(
    waits: Iterable[WaitedForEyes], clock: StaffedTime, everything: bool, within: Sequence[int] = WITHIN
) -> list[Speed]:
    """Time to first eyes per level, most urgent first, in staffed minutes, with the shares seen `within` so many."""
    of_level: dict[Level, list[Wait]] = {}
    for one in waits:
        minutes = clock.minutes(one.queued_at, one.opened_at or one.until)
        of_level.setdefault(one.level, []).append(Wait(minutes, one.opened_at is not None))
    return [_speed(level, of_level[level], everything, within) for level in LEVEL_ORDER if level in of_level]


def _speed(level: Level, waits: Sequence[Wait], everything: bool, within: Sequence[int]) -> Speed:
    waited = survival(waits)
    return Speed(
        level,
        len(waits),
        quantile(waited, 0.5),
        quantile(waited, 0.9),
        tuple((minutes, seen_within(waited, minutes)) for minutes in within),
        everything or len(waits) >= FEWEST,
    )


def alikes(pairs: Sequence[Pair], this_month: date, random: np.random.Generator, everything: bool) -> list[Alike]:
    """Agreement on verdict, kind and level; on kind and level only where both readers confirmed."""
    both = [pair for pair in pairs if pair.verdicts == ("confirm", "confirm")]
    return [
        _alike("verdict", _by_month(pairs, "verdicts"), this_month, random, everything),
        _alike("category", _by_month(both, "categories"), this_month, random, everything),
        _alike("level", _by_month(both, "levels"), this_month, random, everything),
    ]


def read_again(drawn: Iterable[Drawn]) -> ReadAgain:
    """Second readings of rejections; what chance drew stands for all rejections."""
    rows = list(drawn)
    ends: Counter[str] = Counter()
    by_chance: Counter[str] = Counter()
    for row in rows:
        ends[row.outcome] += row.number
        if row.by_chance:
            by_chance[row.outcome] += row.number
    return ReadAgain(
        drawn=sum(ends.values()),
        agreed=ends["agreed"],
        disagreed=ends["disagreed"],
        lapsed=ends["lapsed"],
        waiting=ends["waiting"],
        otherwise=wilson(by_chance["disagreed"], by_chance["agreed"] + by_chance["disagreed"]),
    )


def cards(answers: int, agreed: int) -> Proportion:
    """Golden cards that were judged, and the share judged as the guide does; of none where there were none."""
    return wilson(agreed, answers) or Proportion(0, 0, 0, 0)


def sampled(days: Sequence[SampleDay], confirmed: int) -> Sampled:
    """The blind sample; only days that are over and whose posts are counted say something about recall."""
    whole = [SampledDay(day.unflagged, day.read, day.actionable) for day in days if day.unflagged is not None]
    return Sampled(
        taken=sum(day.taken for day in days),
        read=sum(day.read for day in days),
        actionable=sum(day.actionable for day in days),
        lapsed=sum(day.lapsed for day in days),
        missed=missed(whole, confirmed),
    )


Months = Mapping[date, Patterns]


def _by_month(pairs: Iterable[Pair], labels: str) -> Months:
    found: dict[date, Counter[Pattern]] = {}
    for pair in pairs:
        found.setdefault(pair.month, Counter())[getattr(pair, labels)] += pair.number
    return found


def _alike(label: str, months: Months, this_month: date, random: np.random.Generator, everything: bool) -> Alike:
    recent = {month for month in months if _months_ago(month, this_month) < MONTHS_NOW}
    now = agreement(_together(months, recent), random)
    before = agreement(_together(months, set(months) - recent), random)
    told = [(month, agreement(months[month], random)) for month in sorted(months, reverse=True)]
    return Alike(
        label,
        now if _may_tell(now, everything) else Agreement(None, None, None, 0),
        _word(now, everything),
        _drift(now, before),
        tuple((month, found) for month, found in told if _may_tell(found, everything)),
    )


def _together(months: Months, chosen: Iterable[date]) -> Counter[Pattern]:
    total: Counter[Pattern] = Counter()
    for month in chosen:
        total.update(months[month])
    return total


def _months_ago(month: date, now: date) -> int:
    return (now.year - month.year) * 12 + now.month - month.month


def _may_tell(found: Agreement, everything: bool) -> bool:
    return everything or found.units >= FEWEST


def _word(found: Agreement, everything: bool) -> str:
    """Which sentence says it: by the whole interval, so that few readings never sound like certainty."""
    if found.units < FEWEST or not _may_tell(found, everything):
        return "few"
    if found.alpha is None:
        return "same"
    if found.low is None or found.high is None:
        return "few"
    if found.low >= RELIABLE:
        return "reliable"
    if found.low >= TENTATIVE:
        return "tentative"
    return "low" if found.high < TENTATIVE else "unsure"


def _drift(now: Agreement, before: Agreement) -> str:
    """Whether agreement moved: only where the two intervals lie apart."""
    if now.low is None or now.high is None or before.low is None or before.high is None:
        return "unknown"
    if min(now.units, before.units) < FEWEST:
        return "unknown"
    if now.low > before.high:
        return "up"
    return "down" if now.high < before.low else "same"
