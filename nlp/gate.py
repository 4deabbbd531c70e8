"""The gate: a tiny linear model over character n-grams that lets nearly every actionable post through and few others.

Whole-number weights, so that its answer is exact on every machine; the term list opens it, too.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from nlp.heads import probability
from nlp.normalise import fold

BITS = 18
LENGTHS = (2, 3, 4, 5)
LONGEST = 1000
"""Characters of a text that the gate reads at once; longer texts are cut in pieces of this size."""
MOST_PIECES = 21
TOGETHER = 16_384
"""Characters that are scored in one go: enough to make the calls cheap, few enough to stay in the processor's cache."""
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
        return self.probabilities([text])[0]

    def probabilities(self, texts: Sequence[str]) -> list[float]:
        """The same of each text, and several times as fast as one by one."""
        made = [0.0] * len(texts)
        pieces = [
            (number, f" {fold(text[at : at + LONGEST])} ")
            for number, text in enumerate(texts)
            for at in range(0, min(max(1, len(text)), LONGEST * MOST_PIECES), LONGEST)
        ]
        for group in _groups(pieces):
            for (number, _), chance in zip(group, self._chances([piece for _, piece in group]), strict=True):
                made[number] = max(made[number], chance)
        return made

    def _chances(self, pieces: Sequence[str]) -> Iterator[float]:
        """The chance of each padded piece. Sums are taken over all pieces in a row and told apart afterwards."""
        codes = _codes("".join(pieces))
        ends = np.cumsum([len(piece) for piece in pieces])
        starts = ends - [len(piece) for piece in pieces]
        totals, counts = np.zeros(len(pieces), np.int64), np.zeros(len(pieces), np.int64)
        for length in LENGTHS:
            so_far = np.concatenate(([0], np.cumsum(self.weights[_hashed(codes, length)], dtype=np.int64)))
            within = np.maximum(ends - length + 1, starts)  # one past the last run that lies in this piece alone
            here = np.minimum(within, len(so_far) - 1)
            totals += np.where(within > starts, so_far[here] - so_far[np.minimum(starts, len(so_far) - 1)], 0)
            counts += within - starts
        for total, count in zip(totals.tolist(), counts.tolist(), strict=True):
            yield probability(total * self.unit / float(count) ** 0.5 + self.offset) if count else 0.0


def indexes(text: str) -> Indexes:
    """Hashed features of a text: every run of 2 to 5 characters of its folded form, with a blank at either end."""
    codes = _codes(f" {fold(text)} ")
    return np.concatenate([_hashed(codes, length) for length in LENGTHS])


def _codes(text: str) -> Indexes:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)


def _hashed(codes: Indexes, length: int) -> Indexes:
    """The feature of every run of so many characters, in order."""
    count = max(0, len(codes) - length + 1)
    hashed = np.full(count, length * 97, np.uint32)
    for at in range(length):
        hashed ^= codes[at : at + count]
        hashed *= _PRIME
        hashed ^= hashed >> np.uint32(15)
    hashed >>= np.uint32(32 - BITS)
    return hashed


def _groups(pieces: Sequence[tuple[int, str]]) -> Iterator[list[tuple[int, str]]]:
    group: list[tuple[int, str]] = []
    waiting = 0
    for piece in pieces:
        group.append(piece)
        waiting += len(piece[1])
        if waiting >= TOGETHER:
            yield group
            group, waiting = [], 0
    if group:
        yield group
