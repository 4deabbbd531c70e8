"""Two models or settings on the same rows: every figure's difference with its interval, and which rows changed.

Names rows by id only, never by text: the outcome may be kept and sent, the posts may not.
"""

from collections.abc import Mapping

import numpy as np

from nlp.evaluate.figures import FIGURES, Figure
from nlp.evaluate.intervals import Flags, Indexes, Interval, bootstrap
from nlp.evaluate.paired import mcnemar, share_difference
from nlp.evaluate.rows import Rows

Differences = dict[str, dict[str, float | Interval | None]]


def compare(this: Rows, other: Rows) -> dict[str, object]:
    """`this` less `other`; both hold the same posts in the same order."""
    if [post.id for post in this.posts] != [post.id for post in other.posts]:
        raise ValueError("only the same rows in the same order can be compared")
    return {
        "figures": _figures(this, other),
        "flags": {
            "actionable": _flags(this, other, this.actionable),
            "harmless": _flags(this, other, ~this.actionable),
        },
        "changed": changed(this, other),
    }


def _figures(this: Rows, other: Rows) -> Differences:
    everything = np.arange(len(this))
    # These two are shares of rows that do not hang on the answers, so the paired interval for shares fits them.
    among = {"recall": this.actionable, "false_rate": ~this.actionable}
    return {
        name: {
            "this": _rounded(score(this, everything)),
            "other": _rounded(score(other, everything)),
            "difference": share_difference(this.flagged[among[name]], other.flagged[among[name]])
            if name in among
            else _difference(score, this, other),
        }
        for name, score in FIGURES.items()
    }


def _difference(score: Figure, this: Rows, other: Rows) -> Interval | None:
    def drawn(at: Indexes) -> float | None:
        left, right = score(this, at), score(other, at)
        return None if left is None or right is None else left - right

    return bootstrap(len(this), drawn)


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


def _flags(this: Rows, other: Rows, among: Flags) -> dict[str, float]:
    only_this = int((this.flagged & ~other.flagged & among).sum())
    only_other = int((other.flagged & ~this.flagged & among).sum())
    return {
        "rows": int(among.sum()),
        "flagged_by_this_only": only_this,
        "flagged_by_other_only": only_other,
        "mcnemar_p": mcnemar(only_this, only_other),
    }


def changed(this: Rows, other: Rows) -> Mapping[str, list[str]]:
    """The ids of the rows that `this` answers otherwise than `other`, by what changed."""
    level = np.asarray(this.level_found != other.level_found)
    category = np.asarray(this.category_found != other.category_found)
    both = this.flagged & other.flagged
    marks = {
        "signals_gained": this.flagged & ~other.flagged & this.actionable,
        "false_flags_new": this.flagged & ~other.flagged & ~this.actionable,
        "false_flags_gone": ~this.flagged & other.flagged & ~this.actionable,
        "signals_lost": ~this.flagged & other.flagged & this.actionable,
        "other_category": both & category,
        "other_level": both & level,
        "other_imminent": both & (this.imminent_found != other.imminent_found),
    }
    return {
        name: [post.id for post, marked in zip(this.posts, mark, strict=True) if marked] for name, mark in marks.items()
    }
