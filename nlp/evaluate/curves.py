"""The points of the reliability plot and of the precision-recall plot. Draws nothing; `nlp.evaluate.plots` does."""

from dataclasses import dataclass

from nlp.evaluate.intervals import Flags, Interval, Numbers, equal_count_bins, recall_steps, wilson


@dataclass(frozen=True, slots=True)
class Bin:
    """One of the equal-count bins: the mean score in it, and the share that was actionable."""

    rows: int
    mean_score: float
    actionable: Interval | None


def reliability(labels: Flags, scores: Numbers, bins: int = 5) -> list[Bin]:
    """Bins of equal count by rising score; a calibrated score has its mean equal to the share."""
    return [
        Bin(len(score), round(float(score.mean()), 4), wilson(float(label.sum()), len(label)))
        for label, score in equal_count_bins(labels, scores, bins)
    ]


def precision_recall(labels: Flags, scores: Numbers) -> list[tuple[float, float]]:
    """Recall and precision at every threshold, by rising recall; empty where nothing is actionable."""
    if not labels.any():
        return []
    recall, precision = recall_steps(labels, scores)
    return list(zip(recall.tolist(), precision.tolist(), strict=True))
