"""The gate: a tiny linear model over character n-grams that lets nearly every actionable post through and few others.

Whole-number weights, so that its answer is exact on every machine; the term list opens it, too.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from nlp.heads import probability
from nlp.normalise import fold

BITS = 18
LENGTHS = (2, 3, 4, 5)
LONGEST = 1000
"""Characters of a text that the gate reads from either end; longer texts are cut in pieces of this size."""
_PRIME = np.uint32(2_654_435_761)
Indexes = npt.NDArray[np.uint32]


@dataclass(frozen=True)
class Gate:
    """Weights in whole numbers; `unit` is what one of them is worth, `offset` the score of a text without features."""

    weights: npt.NDArray[np.int16]
    unit: float
    offset: float

    @staticmethod
    def load(path: Path) -> "Gate":
        """Read the gate from a file that `nlp.train` wrote."""
        with np.load(path, allow_pickle=False) as file:
            return Gate(file["weights"], float(file["unit"]), float(file["offset"]))

    def save(self, path: Path) -> None:
        """Write the gate where `load` finds it."""
        np.savez_compressed(path, weights=self.weights, unit=self.unit, offset=self.offset)

    def probability(self, text: str) -> float:
        """How likely a normalised text is worth the encoder's time: the highest of its pieces."""
        pieces = [text[at : at + LONGEST] for at in range(0, max(1, len(text)), LONGEST)][:21]
        return max(self._probability(piece) for piece in pieces)

    def _probability(self, text: str) -> float:
        found = indexes(text)
        if not len(found):
            return 0.0
        total = int(self.weights[found].sum(dtype=np.int64))
        return probability(total * self.unit / float(len(found)) ** 0.5 + self.offset)


def indexes(text: str) -> Indexes:
    """Hashed features of a text: every run of 2 to 5 characters of its folded form, with a blank at either end."""
    codes = np.frombuffer(f" {fold(text)} ".encode("utf-32-le", "surrogatepass"), np.uint32)
    made: list[Indexes] = []
    for length in LENGTHS:
        if len(codes) < length:
            continue
        hashed = np.full(len(codes) - length + 1, length * 97, np.uint32)
        for at in range(length):
            hashed = (hashed ^ codes[at : len(codes) - length + 1 + at]) * _PRIME
            hashed ^= hashed >> np.uint32(15)
        made.append(hashed >> np.uint32(32 - BITS))
    return np.concatenate(made) if made else np.empty(0, np.uint32)
