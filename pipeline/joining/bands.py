"""Numbers that posts in nearly the same words share, to find what is worth comparing. Keyed: they look up no text.

MinHash with bands: A. Broder, "On the resemblance and containment of documents" (1997). It compares nothing itself.
"""

import hashlib
from collections.abc import Sequence

import numpy as np

from pipeline.joining.wording import wording
from signals.ids import IdKey

BANDS = 24
"""Two texts with half of their pieces in common share one of them 999 times in 1000; with a tenth, 1 in 5."""
ROWS = 2
PIECE = 5
MOST_PIECES = 2000


class Banding:
    """Bands under one installation's key. It never prints the key."""

    def __init__(self, id_key: IdKey) -> None:
        self._key = id_key.derived("joining")
        draws = np.frombuffer(hashlib.shake_256(self._key).digest(BANDS * ROWS * 16), dtype=np.uint64)
        self._factors, self._shifts = draws[: BANDS * ROWS] | np.uint64(1), draws[BANDS * ROWS :]

    def __repr__(self) -> str:
        return "Banding(…)"

    def bands(self, text: str) -> tuple[int, ...]:
        """The text's bands, as signed 64-bit numbers; none for a text too short to be joined by its words."""
        pieces = _pieces(text)
        if not pieces:
            return ()
        hashes = np.array([self._hash(piece.encode()) for piece in pieces], dtype=np.uint64)
        # The lowest bits of a product hang together: the upper half is compared.
        mixed = (hashes[:, None] * self._factors + self._shifts) >> np.uint64(32)
        least: Sequence[int] = mixed.min(axis=0).tolist()
        return tuple(
            int.from_bytes(self._digest(f"{band} {least[band * ROWS : (band + 1) * ROWS]}".encode()), signed=True)
            for band in range(BANDS)
        )

    def _digest(self, piece: bytes) -> bytes:
        return hashlib.blake2b(piece, key=self._key, digest_size=8).digest()

    def _hash(self, piece: bytes) -> int:
        return int.from_bytes(self._digest(piece))


def _pieces(text: str) -> list[str]:
    said = " ".join(word.said for word in wording(text).words)
    return sorted({said[at : at + PIECE] for at in range(len(said) - PIECE + 1)})[:MOST_PIECES]
