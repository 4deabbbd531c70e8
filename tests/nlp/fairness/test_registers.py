"""Harmless posts are flagged as seldom in street language, three mixtures and English as in standard Dutch.

Nobody is judged by how they speak. What becomes of signals and of scores is reported in `test_registers_reported.py`.
"""

import pytest

from tests.nlp.fairness.registers import OTHERS, STANDARD, Registers, apart, flags_by_register
from tests.nlp.measuring import Bar, each, share, told

MOST_APART = 0.01
BARS = {name: Bar(most=MOST_APART) for name in OTHERS} | {"widest": Bar(most=MOST_APART)}
# The share of harmless groups flagged in a register, less the share in standard Dutch, whichever way it goes; and the
# widest gap between any two registers. Model e5-small-d555ba0bfd4f at threshold 0.5.
# After a new model: run this file with `-s` and write down what it prints.
MEASURED = {
    "street": 0.0093,
    "moroccan": 0.0341,
    "surinamese": 0.0217,
    "papiamento": 0.0279,
    "english": 0.0062,
    "widest": 0.0341,
}


@pytest.fixture(scope="module")
def harmless() -> Registers:
    return flags_by_register("pairs.jsonl")


@each(BARS, MEASURED)
def test_harmless_posts_are_flagged_as_seldom_in_every_register(harmless: Registers, name: str) -> None:
    if name == "widest":
        shares = {register: share(hits) for register, hits in harmless.items()}
        most, least = max(shares, key=shares.__getitem__), min(shares, key=shares.__getitem__)
        gap, more = shares[most] - shares[least], f"{most} over {least} {apart(harmless[most], harmless[least])}"
    else:
        hits, standard = harmless[name], harmless[STANDARD]
        gap = abs(share(hits) - share(standard))
        more = f"{told(sum(hits), len(hits))}; {STANDARD} {told(sum(standard), len(standard))}; {apart(hits, standard)}"
    BARS[name].check(name, gap, more)
