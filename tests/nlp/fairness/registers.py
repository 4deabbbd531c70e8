"""The counterfactual posts by register, and how two registers differ over the same content; no bar stands here."""

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from nlp.evaluate.intervals import bootstrap
from tests.nlp.measuring import flags, rows_of, text_of

HERE = Path(__file__).parent
STANDARD = "standard"
OTHERS = ("street", "moroccan", "surinamese", "papiamento", "english")

Registers = dict[str, list[bool]]


def by_register(name: str) -> dict[str, list[str]]:
    """Texts per register, in the order of the groups: the same place in two lists is the same content."""
    groups: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for row in rows_of(HERE / name):
        groups[str(row["group"])][str(row["register"])] = text_of(row)
    return {register: [groups[group][register] for group in sorted(groups)] for register in (STANDARD, *OTHERS)}


def flags_by_register(name: str) -> Registers:
    """Which posts of a file are flagged, per register."""
    texts = by_register(name)
    hits = iter(flags([text for lines in texts.values() for text in lines]))
    return {register: [next(hits) for _ in lines] for register, lines in texts.items()}


def apart(one: Sequence[float], other: Sequence[float]) -> str:
    """The mean difference of paired answers in words, with its interval over the pairs."""
    pairs = np.array(one, np.float64) - np.array(other, np.float64)
    made = bootstrap(len(pairs), lambda rows: float(pairs[rows].mean()))
    return f"{made['value']:+.4f} [{made['low']:+.4f}, {made['high']:+.4f}]" if made else "no pairs"
