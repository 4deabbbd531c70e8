"""Everything `seinpost evaluate` promises about labelled posts and their analyses. Measures; decides nothing."""

from collections.abc import Mapping, Sequence

import numpy as np

from nlp.calibration import REFERENCE_SHARE
from nlp.evaluate.figures import figure
from nlp.evaluate.groups import shares
from nlp.evaluate.intervals import wilson
from nlp.evaluate.rows import CountRows, Rows, rows_of
from nlp.labelled import FactsRow, LabelledPost
from nlp.places.gazetteer import Gazetteer
from signals.analysis import Analysis, Fact

Report = dict[str, object]


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
    return report_of(rows_of(posts, analyses, facts, gazetteer), threshold=threshold, seconds=seconds)


def report_of(rows: Rows, *, threshold: float, seconds: float) -> Report:
    """The same from rows that are lined up already."""
    both = int((rows.actionable & rows.flagged).sum())
    return {
        "rows": len(rows),
        "precision": wilson(both, int(rows.flagged.sum())),
        "recall": wilson(both, int(rows.actionable.sum())),
        "f1": figure("f1", rows),
        "average_precision": figure("average_precision", rows),
        "brier": figure("brier", rows),
        "ece": figure("ece", rows),
        "threshold": threshold,
        "reference_share": REFERENCE_SHARE,
        "false_rate_by_genre": {
            genre: group.false_rate
            for genre, group in shares(rows, lambda post: post.genre.value).items()
            if group.false_rate
        },
        "recall_by_category": {
            category: group.recall
            for category, group in shares(rows, lambda post: post.category.value).items()
            if group.recall
        },
        "by_lang": {
            lang: {"rows": group.rows, "recall": group.recall, "false_rate": group.false_rate}
            for lang, group in shares(rows, lambda post: post.lang.value).items()
        },
        "category_macro_f1": figure("category_macro_f1", rows),
        "imminent_f1": figure("imminent_f1", rows, among=rows.actionable),
        "places_precision": _share(rows.spans, of=1),
        "places_recall": _share(rows.spans, of=2),
        "places_f1": figure("places_f1", rows),
        "places_linked_f1": figure("places_linked_f1", rows),
        "facts_f1": {fact.value: figure(f"facts_f1_{fact.value}", rows, among=rows.has_facts) for fact in Fact},
        "level_macro_f1": figure("level_macro_f1", rows, among=np.asarray(rows.level_wanted >= 0)),
        "posts_per_second": round(len(rows) / seconds, 1) if seconds > 0 else None,
    }


def _share(counts: CountRows, *, of: int) -> dict[str, float] | None:
    return wilson(int(counts[:, 0].sum()), int(counts[:, of].sum()))
