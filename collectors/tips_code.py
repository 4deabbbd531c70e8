"""The code with which a tip can be followed without an account: random, said aloud easily, kept only as a keyed hash.

A code says nothing about who got it. Where it is kept and what it shows is `pipeline.store.tip_codes`' work.
"""

import hashlib
import hmac
import secrets
from collections.abc import Callable

_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's 32: no I, L, O or U
LENGTH = 12
"""Characters of a code: 60 random bits."""

_READ_AS = str.maketrans("OIL", "011")


class TipCodes:
    """Makes codes and hashes them under the installation's key. It never prints the key."""

    def __init__(self, key: bytes, random: Callable[[int], int] = secrets.randbelow) -> None:
        self._key = key
        self._random = random

    def __repr__(self) -> str:
        return "TipCodes(…)"

    def new(self) -> str:
        """A fresh code in three groups of four, as K7QM-4TRX-9PWD."""
        drawn = "".join(_LETTERS[self._random(len(_LETTERS))] for _ in range(LENGTH))
        return "-".join(drawn[at : at + 4] for at in range(0, LENGTH, 4))

    def hash(self, typed: str) -> bytes | None:
        """The keyed hash of a code as someone typed it, or None when it cannot be a code.

        Small letters, spaces and dashes do not matter, and O, I and L are read as the digits they look like.
        """
        code = "".join(c for c in typed.upper() if not c.isspace() and c != "-").translate(_READ_AS)
        if len(code) != LENGTH or not set(code) <= set(_LETTERS):
            return None
        return hmac.digest(self._key, code.encode(), hashlib.sha256)
