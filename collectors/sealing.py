"""Seals what a collector may pass on but never read again: source links, and texts with names readable.

It holds only the day's public key; opening is the unseal service's work.
"""

from collections.abc import Callable
from datetime import date

from nacl.public import PublicKey, SealedBox
from nacl.secret import SecretBox
from nacl.utils import random

from signals.post import Sealed


class Sealer:
    """Encrypts under a fresh data key and wraps that key to the public key of the day (32 bytes, X25519)."""

    def __init__(self, public_key: Callable[[date], bytes]) -> None:
        self._public_key = public_key
        self._today: tuple[date, SealedBox[PublicKey]] | None = None

    def seal(self, plain: str, day: date) -> Sealed:
        """A box that deleting its wrapped key shreds."""
        data_key = random(SecretBox.KEY_SIZE)
        return Sealed(
            key_day=day,
            wrapped_key=self._box_of(day).encrypt(data_key),
            box=bytes(SecretBox(data_key).encrypt(plain.encode())),
        )

    def _box_of(self, day: date) -> SealedBox[PublicKey]:
        if self._today is None or self._today[0] != day:
            self._today = (day, SealedBox(PublicKey(self._public_key(day))))
        return self._today[1]
