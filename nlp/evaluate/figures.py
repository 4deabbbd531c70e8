"""The scores of detection, each a function of the rows and of which of them to count.

One table, which the report and the comparison of two models share.
"""

from collections.abc import Callable, Mapping

import numpy as np

from nlp.evaluate.intervals import (
    Flags,
    Indexes,
    Interval,
    average_precision,
    bootstrap,
    calibration_error,
    f1,
    macro_f1,
)
from nlp.evaluate.rows import CATEGORIES, LEVELS, CountRows, Rows
from signals.analysis import Fact

Figure = Callable[[Rows, Indexes], float | None]


def _share(hits: Flags, of: Flags, at: Indexes) -> float | None:
    count = int(of[at].sum())
    return float((hits & of)[at].sum() / count) if count else None


def _flag_f1(rows: Rows, at: Indexes) -> float | None:
    wanted, found = rows.actionable[at], rows.flagged[at]
    return f1(float((wanted & found).sum()), float(found.sum()), float(wanted.sum()))


def _brier(rows: Rows, at: Indexes) -> float | None:
    return float(((rows.scores[at] - rows.actionable[at]) ** 2).mean()) if len(at) else None


def _imminent(rows: Rows, at: Indexes) -> float | None:
    wanted, found = rows.imminent_wanted[at], rows.imminent_found[at]
    return f1(float((wanted & found).sum()), float(found.sum()), float(wanted.sum()))


def _level(rows: Rows, at: Indexes) -> float | None:
    return macro_f1(rows.level_wanted, rows.level_found, len(LEVELS), at[rows.level_wanted[at] >= 0])


def counted(counts: CountRows, at: Indexes) -> float | None:
    """F1 over counts of right, given and wanted answers."""
    right, given, wanted = counts[at].sum(axis=0)
    return f1(float(right), float(given), float(wanted))


def _fact(fact: Fact) -> Figure:
    return lambda rows, at: counted(rows.facts[fact], at[rows.has_facts[at]])


FIGURES: Mapping[str, Figure] = {
    "precision": lambda rows, at: _share(rows.actionable, rows.flagged, at),
    "recall": lambda rows, at: _share(rows.flagged, rows.actionable, at),
    "false_rate": lambda rows, at: _share(rows.flagged, ~rows.actionable, at),
    "f1": _flag_f1,
    "average_precision": lambda rows, at: average_precision(rows.actionable[at], rows.scores[at]),
    "brier": _brier,
    "ece": lambda rows, at: calibration_error(rows.actionable[at], rows.scores[at]),
    "category_macro_f1": lambda rows, at: macro_f1(rows.category_wanted, rows.category_found, len(CATEGORIES), at),
    "imminent_f1": lambda rows, at: _imminent(rows, at[rows.actionable[at]]),
    "imminent_f1_all_rows": _imminent,
    "places_f1": lambda rows, at: counted(rows.spans, at),
    "places_linked_f1": lambda rows, at: counted(rows.links, at),
    **{f"facts_f1_{fact.value}": _fact(fact) for fact in Fact},
    "level_macro_f1": _level,
}
"""`imminent_f1` counts actionable posts only; `imminent_f1_all_rows` also harmless posts that are called imminent."""


def figure(name: str, rows: Rows, among: Flags | None = None) -> Interval | None:
    """One figure with its interval, over all rows or those marked in `among`."""
    some = np.arange(len(rows)) if among is None else np.flatnonzero(among)
    score = FIGURES[name]
    return bootstrap(len(some), lambda drawn: score(rows, some[drawn]))
