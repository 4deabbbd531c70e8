"""Record bodies encrypted under the key of the hour they were written in; destroying that key erases them everywhere.

The hour stands readable in front, so that a reader knows which key to ask for. It does not parse what is inside.
"""

from datetime import UTC, datetime
from functools import lru_cache
from typing import Protocol

from nacl.exceptions import CryptoError
from nacl.secret import SecretBox

_HOUR_FORMAT = "%Y-%m-%dT%H"
_HOUR_BYTES = len("2026-11-22T15")
_MARK = b"1;"  # version of this form
_HEAD = len(_MARK) + _HOUR_BYTES + 1


class HourKeys(Protocol):
    """What the envelope needs of the key folder."""

    def hour_key(self, moment: datetime) -> bytes:
        """The key of the hour of `moment`, made when needed."""
        ...

    def hour_key_if_alive(self, hour: datetime) -> bytes | None:
        """The key of an hour, or None once it was destroyed."""
        ...


class KeysOfOneBatch:
    """Another's hour keys, each read once. To be let go with the batch: a destroyed key must not live on in memory."""

    def __init__(self, keys: HourKeys) -> None:
        self._keys = keys
        self._made: dict[str, bytes] = {}
        self._alive: dict[datetime, bytes | None] = {}

    def hour_key(self, moment: datetime) -> bytes:
        """The key of the hour of `moment`, made when needed."""
        hour = _hour(moment)
        if hour not in self._made:
            self._made[hour] = self._keys.hour_key(moment)
        return self._made[hour]

    def hour_key_if_alive(self, hour: datetime) -> bytes | None:
        """The key of an hour, or None once it was destroyed."""
        if hour not in self._alive:
            self._alive[hour] = self._keys.hour_key_if_alive(hour)
        return self._alive[hour]


class Undecryptable(Exception):
    """The bytes are no envelope of ours, or were changed on the way."""


class HourKeyGone(Exception):
    """The key of the record's hour was destroyed: the record is past its retention."""


def seal(body: bytes, keys: HourKeys, now: datetime) -> bytes:
    """Encrypt `body` under the key of the hour of `now` (the moment of writing, not of the post)."""
    return _MARK + _hour(now).encode() + b";" + bytes(SecretBox(keys.hour_key(now)).encrypt(body))


def unseal(sealed: bytes, keys: HourKeys) -> bytes:
    """The body again. Raises Undecryptable, or HourKeyGone when its hour was forgotten."""
    hour = hour_of_envelope(sealed)
    key = keys.hour_key_if_alive(hour)
    if key is None:
        raise HourKeyGone(f"the key of hour {hour:{_HOUR_FORMAT}} was destroyed; the record is past its retention")
    try:
        return SecretBox(key).decrypt(sealed[_HEAD:])
    except (CryptoError, ValueError):
        raise Undecryptable(
            "the record does not open with its hour's key; do all workers share one key folder?"
        ) from None


def hour_of_envelope(sealed: bytes) -> datetime:
    """The hour that stands in front. Raises Undecryptable when none does."""
    if not sealed.startswith(_MARK) or sealed[_HEAD - 1 : _HEAD] != b";":
        raise Undecryptable("the record is no envelope of this installation; which program wrote it?")
    try:
        return _moment(sealed[len(_MARK) : _HEAD - 1])
    except ValueError:
        raise Undecryptable("the record is no envelope of this installation; which program wrote it?") from None


def _hour(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat()[:_HOUR_BYTES]


@lru_cache(maxsize=64)  # a day has 24, and reading one takes longer than decrypting a record
def _moment(hour: bytes) -> datetime:
    return datetime.strptime(f"{hour.decode('ascii')}Z", f"{_HOUR_FORMAT}%z")
