"""What recipients fed back, by month and kind, as the quality page shows it. Pure; no row of it stands for a recipient.

Who reads no signals sees no number under ten, and no total from which one could be worked out.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from pipeline.store.quality import OutcomeCount
from review_ui.quality.board import FEWEST
from signals.label import Category
from signals.referral import Feedback


@dataclass(frozen=True)
class OutcomeRow:
    """One month and kind: how often each answer was given. None: some, but too few to tell."""

    month: date
    category: Category
    counts: Mapping[Feedback, int | None]
    total: int | None


def outcome_rows(counts: Iterable[OutcomeCount], everything: bool) -> list[OutcomeRow]:
    """The newest month first, kinds in their own fixed order."""
    found: dict[tuple[date, Category], Counter[Feedback]] = {}
    for one in counts:
        found.setdefault((one.month, one.category), Counter())[one.outcome] += one.number
    order = list(Category)
    keys = sorted(found, key=lambda key: (-key[0].toordinal(), order.index(key[1])))
    return [_row(month, category, found[month, category], everything) for month, category in keys]


def _row(month: date, category: Category, counts: Counter[Feedback], everything: bool) -> OutcomeRow:
    told: dict[Feedback, int | None] = {
        outcome: counts[outcome] if everything or not 0 < counts[outcome] < FEWEST else None for outcome in Feedback
    }
    hidden = sum(1 for number in told.values() if number is None)
    total = sum(counts.values())
    # With one cell hidden, the total would tell it.
    return OutcomeRow(month, category, told, total if everything or (hidden == 0 and total >= FEWEST) else None)
