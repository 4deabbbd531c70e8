"""Recall, false rate and precision per kind of post: language, genre, source, class of a measuring set, category.

Groups are kinds of posts and of texts, never people.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from nlp.evaluate.figures import figure
from nlp.evaluate.intervals import Flags, Indexes, Interval, bootstrap, f1, wilson
from nlp.evaluate.rows import CATEGORIES, Rows
from nlp.labelled import LabelledPost

_CLASS = re.compile(r"\[([a-z][a-z-]*)\]")


@dataclass(frozen=True, slots=True)
class Group:
    """Posts of one kind: how many, and how many of them were flagged rightly and wrongly."""

    rows: int
    actionable: int
    recall: Interval | None
    false_rate: Interval | None
    precision: Interval | None


@dataclass(frozen=True, slots=True)
class CategoryGroup:
    """One category: how many of its posts were flagged at all, and how well its name was given (precision to f1)."""

    rows: int
    flagged: Interval | None
    precision: Interval | None
    recall: Interval | None
    f1: Interval | None


def class_of(post: LabelledPost) -> str:
    """The class in brackets that opens the note of a row in a measuring set; empty where there is none."""
    found = _CLASS.match(post.note)
    return found.group(1) if found else ""


def shares(rows: Rows, key: Callable[[LabelledPost], str]) -> dict[str, Group]:
    """Per value of `key`, in order of name; rows whose key is empty are left out."""
    names = [key(post) for post in rows.posts]
    kept = sorted({name for name in names if name})
    return {name: _group(rows, np.array([name == other for other in names], bool)) for name in kept}


def _group(rows: Rows, here: Flags) -> Group:
    signals, harmless, flagged = here & rows.actionable, here & ~rows.actionable, here & rows.flagged
    right = int((signals & flagged).sum())
    return Group(
        rows=int(here.sum()),
        actionable=int(signals.sum()),
        recall=wilson(right, int(signals.sum())),
        false_rate=wilson(int((harmless & flagged).sum()), int(harmless.sum())),
        precision=wilson(right, int(flagged.sum())),
    )


def categories(rows: Rows) -> dict[str, CategoryGroup]:
    """Per category that was wanted or found."""
    made: dict[str, CategoryGroup] = {}
    for number, name in enumerate(CATEGORIES):
        wanted, found = rows.category_wanted == number, rows.category_found == number
        if wanted.any() or found.any():
            both = int((wanted & found).sum())
            made[name] = CategoryGroup(
                rows=int(wanted.sum()),
                flagged=wilson(int((wanted & rows.flagged).sum()), int(wanted.sum())),
                precision=wilson(both, int(found.sum())),
                recall=wilson(both, int(wanted.sum())),
                f1=_named_f1(wanted, found),
            )
    return made


def _named_f1(wanted: Flags, found: Flags) -> Interval | None:
    def score(at: Indexes) -> float | None:
        return f1(float((wanted & found)[at].sum()), float(found[at].sum()), float(wanted[at].sum()))

    return bootstrap(len(wanted), score)


def imminent(rows: Rows) -> dict[str, Interval | None]:
    """F1 of imminent two ways; the promised field `imminent_f1` is the one among actionable posts."""
    return {
        "among_actionable": figure("imminent_f1", rows, among=rows.actionable),
        "all_rows": figure("imminent_f1_all_rows", rows),
    }
