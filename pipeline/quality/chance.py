"""Chance that can be repeated but not foreseen: a keyed hash of an id, as a number between 0 and 1.

A reader who knows an id cannot tell whether it is drawn; the same id gives the same answer on every run and road.
"""

import hashlib
import hmac
from collections.abc import Callable
from uuid import UUID


def chance_of(key: bytes, purpose: str, subject: UUID) -> float:
    """A number in [0, 1), even over ids, that follows from key, purpose and id alone."""
    digest = hmac.digest(key, purpose.encode() + b"\0" + subject.bytes, hashlib.sha256)
    return int.from_bytes(digest[:8], "big") / 2**64


def drawer(key: bytes, purpose: str, share: float) -> Callable[[UUID], bool]:
    """Says of an id whether it is among the share that chance draws."""
    return lambda subject: chance_of(key, purpose, subject) < share
