"""Ids that derive from the source, so that the same post has the same id on every road and every run.

HMAC-SHA256 under the installation's id key, cut to a UUID. The key is never rotated while anything is kept.
"""

import hashlib
import hmac
from uuid import UUID

from signals.post import Source

KEY_BYTES = 32


def uuid8(digest: bytes) -> UUID:
    """The first 16 bytes of a digest as a UUID of version 8 (RFC 9562); Python 3.11 cannot make one itself."""
    number = int.from_bytes(digest[:16], "big")
    return UUID(int=number & ~(0xF << 76) & ~(0x3 << 62) | (0x8 << 76) | (0x2 << 62))


class IdKey:
    """The id key of this installation (32 bytes). It never prints itself."""

    def __init__(self, key: bytes) -> None:
        if len(key) != KEY_BYTES:
            raise ValueError(f"an id key has {KEY_BYTES} bytes, this one {len(key)}")
        self._key = key

    def __repr__(self) -> str:
        return "IdKey(…)"

    def _digest(self, purpose: str, *parts: str) -> bytes:
        # Lengths go in before each part, so that ("ab", "c") and ("a", "bc") differ.
        message = b"".join(len(p.encode()).to_bytes(4, "big") + p.encode() for p in (purpose, *parts))
        return hmac.digest(self._key, message, hashlib.sha256)

    def post_id(self, source: Source, native_id: str) -> UUID:
        """Id of a post, whatever its version."""
        return uuid8(self._digest("post", source.value, native_id))

    def event_id(self, source: Source, native_id: str, version: str) -> UUID:
        """Id of one version of a post; equal for every repeat of the same record."""
        return uuid8(self._digest("event", source.value, native_id, version))

    def signal_id(self, fingerprint: str) -> UUID:
        """Id of the signal of all posts that say the same (`signals.fingerprint`)."""
        return uuid8(self._digest("signal", fingerprint))

    def link_hash(self, canonical_link: str) -> str:
        """Keyed hash of a public link (hex), for a request by link. Useless without the key."""
        return self._digest("link", canonical_link).hex()

    def derived(self, purpose: str) -> bytes:
        """A key of its own (32 bytes) for something else than ids."""
        return self._digest("derived", purpose)
