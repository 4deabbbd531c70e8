"""Labelled posts beside what was found in them, as arrays: one entry a post, so that any draw is quick to score.

It counts and lines up; the scores are in `nlp.evaluate.figures`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from nlp.evaluate import matching
from nlp.evaluate.intervals import Flags, Indexes, Numbers
from nlp.evaluate.matching import Counts
from nlp.labelled import FactsRow, LabelledPost
from nlp.places.gazetteer import Gazetteer
from signals.analysis import Analysis, Fact
from signals.label import Category, Level

CATEGORIES = [category.value for category in Category if category is not Category.NONE]
LEVELS = [level.value for level in Level]

CountRows = npt.NDArray[np.int64]
"""Right, given and wanted answers: one row a post, three columns."""


@dataclass(frozen=True, slots=True)
class Rows:
    """All posts with their analyses. Classes are numbered in the order of `CATEGORIES` and `LEVELS`; -1 is none."""

    posts: Sequence[LabelledPost]
    analyses: Sequence[Analysis]
    actionable: Flags
    flagged: Flags
    scores: Numbers
    category_wanted: Indexes
    category_found: Indexes
    imminent_wanted: Flags
    imminent_found: Flags
    level_wanted: Indexes
    level_found: Indexes
    spans: CountRows
    links: CountRows
    facts: Mapping[Fact, CountRows]
    has_facts: Flags
    """Actionable posts whose facts were labelled; a harmless post has none by definition."""

    def __len__(self) -> int:
        return len(self.posts)


def rows_of(
    posts: Sequence[LabelledPost],
    analyses: Sequence[Analysis],
    facts: Mapping[str, FactsRow],
    gazetteer: Gazetteer,
) -> Rows:
    """Line up the posts with their analyses, which stand in the same order."""
    places = [matching.places(post, found, gazetteer) for post, found in zip(posts, analyses, strict=True)]
    with_facts = [post.actionable and post.id in facts for post in posts]
    by_fact = [
        matching.facts(post, found, facts[post.id].facts if there else {})
        for post, found, there in zip(posts, analyses, with_facts, strict=True)
    ]
    return Rows(
        posts=posts,
        analyses=analyses,
        actionable=np.array([post.actionable for post in posts], bool),
        flagged=np.array([found.flagged for found in analyses], bool),
        scores=np.array([found.score for found in analyses], np.float64),
        category_wanted=_numbers(CATEGORIES, [post.category.value if post.actionable else "" for post in posts]),
        category_found=_numbers(CATEGORIES, [found.category.value for found in analyses]),
        imminent_wanted=np.array([post.imminent for post in posts], bool),
        imminent_found=np.array([found.imminent for found in analyses], bool),
        level_wanted=_numbers(LEVELS, [facts[post.id].level.value if post.id in facts else "" for post in posts]),
        level_found=_numbers(LEVELS, [found.level.value for found in analyses]),
        spans=_counts([pair[0] for pair in places]),
        links=_counts([pair[1] for pair in places]),
        facts={fact: _counts([counts[fact] for counts in by_fact]) for fact in Fact},
        has_facts=np.array(with_facts, bool),
    )


def _numbers(classes: Sequence[str], names: Sequence[str]) -> Indexes:
    number = {name: at for at, name in enumerate(classes)}
    return np.array([number.get(name, -1) for name in names], np.intp)


def _counts(counts: Sequence[Counts]) -> CountRows:
    return np.array([(c.right, c.given, c.wanted) for c in counts], np.int64).reshape(-1, 3)
