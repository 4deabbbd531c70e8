"""What register does to signals and to scores, said with intervals: no bar is set on either, and both must be seen.

The bar stands on harmless posts, in `test_registers.py`.
"""

from statistics import mean

import pytest

from nlp import default_settings
from tests.nlp.fairness.registers import OTHERS, STANDARD, apart, by_register, flags_by_register
from tests.nlp.measuring import analysed, told
from tests.soak import Soak


def test_recall_of_signals_is_reported_per_register() -> None:
    found = flags_by_register("actionable_pairs.jsonl")
    for register, hits in found.items():
        print(f"\nsignals found, {register}: {told(sum(hits), len(hits))}; {apart(hits, found[STANDARD])}", end="")
    assert all(any(hits) for hits in found.values())


@pytest.mark.soak
def test_the_mean_shift_of_the_score_is_reported_per_register(soak: Soak) -> None:
    """With the gate wide open: a post that the gate keeps out has a fixed score, which would hide a shift."""
    wide = default_settings().model_copy(update={"gate_threshold": 0.0})
    texts = by_register("pairs.jsonl")
    scores = {register: [one.score for one in analysed(lines, wide)] for register, lines in texts.items()}
    for register in OTHERS:
        said = f"mean {mean(scores[register]):.4f}, shift {apart(scores[register], scores[STANDARD])}"
        print(f"\nscore of harmless posts, {register}: {said}", end="")
        soak.record(f"score of harmless posts, {register} less {STANDARD}", said)
    assert all(0 <= score <= 1 for line in scores.values() for score in line)
