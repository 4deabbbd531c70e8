"""Everything `seinpost evaluate` says about labelled posts and their analyses. Measures; decides nothing."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import numpy.typing as npt

from nlp.calibration import REFERENCE_SHARE
from nlp.evaluate import matching
from nlp.evaluate.intervals import (
    Indexes,
    Interval,
    average_precision,
    bootstrap,
    calibration_error,
    f1,
    macro_f1,
    wilson,
)
from nlp.evaluate.matching import Counts
from nlp.labelled import FactsRow, LabelledPost
from nlp.places.gazetteer import Gazetteer
from signals.analysis import Analysis, Fact
from signals.label import Category, Level

Report = dict[str, object]
CATEGORIES = [category.value for category in Category if category is not Category.NONE]


def report(
    posts: Sequence[LabelledPost],
    analyses: Sequence[Analysis],
    facts: Mapping[str, FactsRow],
    gazetteer: Gazetteer,
    *,
    threshold: float,
    seconds: float,
) -> Report:
    """The whole table: each proportion as value, low and high of its 95 % interval, or null where none can be had."""
    actionable = np.array([post.actionable for post in posts], bool)
    flagged = np.array([analysis.flagged for analysis in analyses], bool)
    scores = np.array([analysis.score for analysis in analyses], np.float64)
    both = int((actionable & flagged).sum())
    wanted = [post.category.value if post.actionable else "none" for post in posts]
    found = [analysis.category.value for analysis in analyses]
    urgent = [i for i, post in enumerate(posts) if post.actionable]
    place_counts = [matching.places(post, analysis, gazetteer) for post, analysis in zip(posts, analyses, strict=True)]
    spans, links = [pair[0] for pair in place_counts], [pair[1] for pair in place_counts]
    with_facts = [i for i, post in enumerate(posts) if post.id in facts and post.actionable]
    with_level = [i for i, post in enumerate(posts) if post.id in facts]
    level_wanted = [facts[post.id].level.value if post.id in facts else "" for post in posts]
    recall_by_lang = _shares(posts, flagged, lambda p: p.lang.value, among=lambda p: p.actionable)
    false_by_lang = _shares(posts, flagged, lambda p: p.lang.value, among=lambda p: not p.actionable)
    return {
        "rows": len(posts),
        "precision": wilson(both, int(flagged.sum())),
        "recall": wilson(both, int(actionable.sum())),
        "f1": bootstrap(
            len(posts),
            lambda r: f1(float((actionable & flagged)[r].sum()), float(flagged[r].sum()), float(actionable[r].sum())),
        ),
        "average_precision": bootstrap(len(posts), lambda r: average_precision(actionable[r], scores[r])),
        "brier": bootstrap(len(posts), lambda r: float(((scores[r] - actionable[r]) ** 2).mean())),
        "ece": bootstrap(len(posts), lambda r: calibration_error(actionable[r], scores[r])),
        "threshold": threshold,
        "reference_share": REFERENCE_SHARE,
        "false_rate_by_genre": _shares(posts, flagged, lambda p: p.genre.value, among=lambda p: not p.actionable),
        "recall_by_category": _shares(posts, flagged, lambda p: p.category.value, among=lambda p: p.actionable),
        "by_lang": {
            lang: {
                "rows": sum(post.lang.value == lang for post in posts),
                "recall": recall_by_lang.get(lang),
                "false_rate": false_by_lang.get(lang),
            }
            for lang in sorted({post.lang.value for post in posts})
        },
        "category_macro_f1": bootstrap(len(posts), lambda r: macro_f1(wanted, found, CATEGORIES, r)),
        "imminent_f1": bootstrap(len(urgent), lambda r: _imminent(posts, analyses, [urgent[i] for i in r])),
        "places_precision": wilson(sum(c.right for c in spans), sum(c.given for c in spans)),
        "places_recall": wilson(sum(c.right for c in spans), sum(c.wanted for c in spans)),
        "places_f1": _counted(spans),
        "places_linked_f1": _counted(links),
        "facts_f1": {
            fact.value: _counted(
                [matching.facts(posts[i], analyses[i], facts[posts[i].id].facts)[fact] for i in with_facts]
            )
            for fact in Fact
        },
        "level_macro_f1": bootstrap(
            len(with_level),
            lambda r: macro_f1(
                level_wanted,
                [analysis.level.value for analysis in analyses],
                [level.value for level in Level],
                np.array([with_level[i] for i in r]),
            ),
        ),
        "posts_per_second": round(len(posts) / seconds, 1) if seconds > 0 else None,
    }


def _shares(
    posts: Sequence[LabelledPost],
    flagged: npt.NDArray[np.bool_],
    key: Callable[[LabelledPost], str],
    *,
    among: Callable[[LabelledPost], bool],
) -> dict[str, Interval | None]:
    shares: dict[str, Interval | None] = {}
    for name in sorted({key(post) for post in posts if among(post)}):
        rows = [i for i, post in enumerate(posts) if among(post) and key(post) == name]
        shares[name] = wilson(sum(bool(flagged[i]) for i in rows), len(rows))
    return shares


def _counted(counts: Sequence[Counts]) -> Interval | None:
    def score(rows: Indexes) -> float | None:
        picked = [counts[i] for i in rows]
        return f1(sum(c.right for c in picked), sum(c.given for c in picked), sum(c.wanted for c in picked))

    return bootstrap(len(counts), score)


def _imminent(posts: Sequence[LabelledPost], analyses: Sequence[Analysis], rows: Sequence[int]) -> float | None:
    right = sum(posts[i].imminent and analyses[i].imminent for i in rows)
    return f1(right, sum(analyses[i].imminent for i in rows), sum(posts[i].imminent for i in rows))
