"""Measures telling concrete posts from others: our cascade, its parts alone, and the plain ways, on the same rows.

The plain ways and the regression on the frozen encoder are trained on `train.jsonl` only; our model has read more.
"""

from collections.abc import Iterator, Mapping
from itertools import accumulate, chain, pairwise
from time import perf_counter

import numpy as np

from bench import parts_of_ours, plain_ways
from bench.beside import LANGUAGES, Measuring, NotHere, measuring, training
from bench.contender import Contender, Way
from bench.row import Row
from nlp.evaluate.curves import precision_recall
from nlp.evaluate.intervals import Flags, Numbers, average_precision, bootstrap, wilson
from nlp.train.rows import one_mask

QUESTION = "How well does each way tell concrete posts from others, on the same rows?"
COLUMNS = (
    "way",
    "average precision",
    "recall at precision 0.9",
    *(f"ordinary posts flagged, {language}" for language in LANGUAGES),
    "posts/s",
)
ASKED_PRECISION = 0.9
WAYS: Mapping[str, Way] = {
    "better-profanity": plain_ways.better_profanity,
    "alt-profanity-check": plain_ways.profanity_check,
    "TF-IDF and logistic regression": plain_ways.words_and_regression,
    "our terms only": parts_of_ours.terms_only,
    "our gate only": parts_of_ours.gate_only,
    "frozen encoder and logistic regression": parts_of_ours.frozen_encoder,
    "our encoder on every post": parts_of_ours.without_the_gate,
    "our cascade": parts_of_ours.cascade,
}


def rows() -> Iterator[Row]:
    """One row a way; a way that cannot be tried here says why."""
    try:
        measured, known = measuring(), training()
    except NotHere as problem:
        yield Row("not measured", str(problem))
        return
    for name, way in WAYS.items():
        try:
            yield _row(name, way(known), measured)
        except NotHere as problem:
            yield Row(name, str(problem))


def _row(name: str, contender: Contender, measured: Measuring) -> Row:
    labels = np.array([post.actionable for post in measured.labelled])
    parts = [[one_mask(post.text) for post in measured.labelled], *measured.ordinary.values()]
    contender.scores(parts[0][:8])
    began = perf_counter()
    scores = np.array(contender.scores(list(chain.from_iterable(parts))))
    rate = len(scores) / (perf_counter() - began)
    edges = accumulate(map(len, parts), initial=0)
    dev, *ordinary = (scores[start:end] for start, end in pairwise(edges))
    return Row(
        name,
        _average_precision(labels, dev),
        (
            f"{recall_at(labels, dev, ASKED_PRECISION):.2f}",
            *(_flagged(own, contender.flagged_from) for own in ordinary),
            f"{rate:,.0f}",
        ),
    )


def _average_precision(labels: Flags, scores: Numbers) -> str:
    made = bootstrap(len(labels), lambda at: average_precision(labels[at], scores[at]))
    return f"{made['value']:.3f} ({made['low']:.3f} to {made['high']:.3f})" if made else "nothing to measure"


def _flagged(scores: Numbers, threshold: float) -> str:
    hits = int((scores >= threshold).sum())
    made = wilson(hits, len(scores))
    return f"{hits} of {len(scores)} ({100 * made['value']:.1f} %)" if made else "nothing to measure"


def recall_at(labels: Flags, scores: Numbers, precision: float) -> float:
    """The highest recall at which the precision is at least so high; 0 where it never is."""
    return max((recall for recall, reached in precision_recall(labels, scores) if reached >= precision), default=0.0)
