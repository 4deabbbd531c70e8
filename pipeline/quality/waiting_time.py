"""How long signals waited, as a distribution, when some still wait: Kaplan-Meier's estimate and its quantiles. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

from nlp.evaluate.proportions import Z95


@dataclass(frozen=True)
class Wait:
    """A waiting time in minutes; `ended` is false where it was still going on, or ended without anyone looking."""

    minutes: float
    ended: bool


@dataclass(frozen=True)
class Survival:
    """After each moment at which something was seen: minutes, the share that still waits, and its standard error.

    `watched` is the longest wait there was, ended or not.
    """

    curve: tuple[tuple[float, float, float], ...]
    watched: float


@dataclass(frozen=True)
class Quantile:
    """The time within which a share was seen, with its 95 % interval. None: longer than could be watched."""

    minutes: float | None
    low: float | None
    high: float | None


def survival(waits: Sequence[Wait]) -> Survival:
    """How many still wait after how long (Kaplan and Meier 1958, J. Am. Stat. Assoc. 53:457-481; Greenwood's error)."""
    curve: list[tuple[float, float, float]] = []
    left, spread = 1.0, 0.0
    ordered = sorted(waits, key=lambda wait: (wait.minutes, not wait.ended))
    at_risk, place = len(ordered), 0
    while place < len(ordered):
        moment, seen, over = ordered[place].minutes, 0, 0
        while place < len(ordered) and ordered[place].minutes == moment:
            seen += ordered[place].ended
            over += 1
            place += 1
        if seen:
            left *= 1 - seen / at_risk
            if seen < at_risk:
                spread += seen / (at_risk * (at_risk - seen))
            curve.append((moment, left, left * sqrt(spread)))
        at_risk -= over
    return Survival(tuple(curve), ordered[-1].minutes if ordered else 0.0)


def quantile(waits: Survival, share: float) -> Quantile:
    """The time within which `share` of all were seen.

    The interval holds the times whose survival does not differ from 1 - share by more than 1.96 standard errors
    (Brookmeyer and Crowley 1982, Biometrics 38:29-41).
    """
    goal = 1 - share
    near = next((minutes for minutes, left, error in waits.curve if abs(left - goal) <= Z95 * error), None)
    # The end of the interval is the first time after it; past the last look nobody knows.
    high = next((minutes for minutes, left, error in waits.curve if left + Z95 * error < goal), None)
    found = next((minutes for minutes, left, _ in waits.curve if left <= goal + 1e-12), None)
    return Quantile(found, near if near is not None else found, high)


def seen_within(waits: Survival, minutes: float) -> float | None:
    """The estimated share that was seen within so many minutes; None where some still wait that waited shorter."""
    left = next((left for moment, left, _ in reversed(waits.curve) if moment <= minutes), 1.0)
    return None if left > 0 and waits.watched < minutes else 1 - left
