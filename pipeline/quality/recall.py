"""What the detection misses, estimated from a blind sample of posts that were not flagged. Pure.

Each day is a stratum: of its N unflagged posts, n were drawn by a keyed hash and read, m of them actionable. A read
post stands for N / n posts of its day (Horvitz and Thompson 1952, J. Am. Stat. Assoc. 47:663-685). The interval of the
share is Wilson's over the effective number read, (sum of weights)^2 / (sum of squared weights) (Kish 1965, Survey
Sampling, 11.7). What lapsed unread is taken to be like what was read; a day on which nothing was read is left out.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from nlp.evaluate.proportions import Proportion, wilson


@dataclass(frozen=True)
class SampledDay:
    """One day: posts that were not flagged, how many of them were read, and how many of those were actionable."""

    unflagged: int
    read: int
    actionable: int


@dataclass(frozen=True)
class Missed:
    """Share of unflagged posts that is actionable, and the recall that follows, each with its interval."""

    share: Proportion
    recall: Proportion | None
    unflagged: int


def missed(days: Sequence[SampledDay], found: int) -> Missed | None:
    """The estimate; `found` are the flagged posts of the same days that readers confirmed. None: nothing was read.

    Recall is found / (found + missed); its interval follows from that of the share, `found` taken as it is. Without any
    post found there is no recall.
    """
    counted = [day for day in days if day.read > 0 and day.unflagged >= day.read]
    if not counted:
        return None
    unflagged = sum(day.unflagged for day in counted)
    weights = [(day.unflagged / day.read, day) for day in counted]
    share = sum(weight * day.actionable for weight, day in weights) / unflagged
    effective = unflagged**2 / sum(weight**2 * day.read for weight, day in weights)
    interval = wilson(share * effective, effective)
    if interval is None:
        return None
    recall = None
    if found:
        low, value, high = (found / (found + unflagged * part) for part in (interval.high, share, interval.low))
        recall = Proportion(value, low, high, sum(day.read for day in counted))
    return Missed(Proportion(share, interval.low, interval.high, sum(day.read for day in counted)), recall, unflagged)
