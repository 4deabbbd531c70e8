"""A sealed file of frames: written with a public key, read with its secret. It knows nothing of what is inside.

A fresh key is sealed to the public key (libsodium's sealed box); the frames are one secretstream (XChaCha20-Poly1305),
so that a frame that was changed, swapped, repeated or cut off is noticed. One frame is in memory at a time.
"""

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

from nacl import bindings as sodium
from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox

MAGIC = b"seinpost backup 1\n"
FRAME = 64 * 1024
"""Content is cut into frames of about this size."""
_LARGEST = 16 * 1024 * 1024
_SEALED_KEY = sodium.crypto_secretstream_xchacha20poly1305_KEYBYTES + sodium.crypto_box_SEALBYTES
_HEADER = sodium.crypto_secretstream_xchacha20poly1305_HEADERBYTES
_MORE = sodium.crypto_secretstream_xchacha20poly1305_TAG_MESSAGE
_LAST = sodium.crypto_secretstream_xchacha20poly1305_TAG_FINAL


class BackupDamaged(Exception):
    """A file of the backup is not what was written."""


class WrongKey(Exception):
    """The secret key does not belong to the public key that the backup was sealed with."""


class SealedWriter:
    """Writes frames; `sha256` and `size` are of everything written. The end counts only after `close`."""

    def __init__(self, file: Path, to: PublicKey) -> None:
        self.size = 0
        self._hash = hashlib.sha256()
        self._out = file.open("xb")
        self._state = sodium.crypto_secretstream_xchacha20poly1305_state()
        key = sodium.crypto_secretstream_xchacha20poly1305_keygen()
        header = sodium.crypto_secretstream_xchacha20poly1305_init_push(self._state, key)
        self._write(MAGIC + bytes(SealedBox(to).encrypt(key)) + header)

    def frame(self, kind: bytes, body: bytes) -> None:
        """One more frame. `kind` is one byte that says what it holds."""
        self._push(kind + body, _MORE)

    def close(self) -> None:
        """Write the end, and have it all on disk."""
        self._push(b"", _LAST)
        self._out.flush()
        os.fsync(self._out.fileno())
        self._out.close()

    @property
    def sha256(self) -> str:
        """Hash of the file so far (hex)."""
        return self._hash.hexdigest()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._out.close()

    def _push(self, body: bytes, tag: int) -> None:
        if len(body) > _LARGEST:
            raise ValueError("a frame is larger than a reader takes")
        sealed = sodium.crypto_secretstream_xchacha20poly1305_push(self._state, body, None, tag)
        self._write(len(sealed).to_bytes(4, "big") + sealed)

    def _write(self, content: bytes) -> None:
        self._hash.update(content)
        self.size += self._out.write(content)


def frames(file: Path, secret: PrivateKey) -> Iterator[tuple[bytes, bytes]]:
    """Every frame as (kind, body), in order. Raises BackupDamaged or WrongKey; what came before stays true."""
    with file.open("rb") as source:
        if source.read(len(MAGIC)) != MAGIC:
            raise BackupDamaged(f"{file} is no backup of Seinpost, or of a newer form; take another copy")
        try:
            key = SealedBox(secret).decrypt(source.read(_SEALED_KEY))
        except CryptoError:
            raise WrongKey(
                f"this secret key does not open {file}; give the one that the backup was sealed to"
            ) from None
        state = sodium.crypto_secretstream_xchacha20poly1305_state()
        try:
            sodium.crypto_secretstream_xchacha20poly1305_init_pull(state, source.read(_HEADER), key)
            while True:
                size = int.from_bytes(source.read(4), "big")
                if size > _LARGEST + sodium.crypto_secretstream_xchacha20poly1305_ABYTES:
                    raise BackupDamaged(f"{file} is damaged; take another copy")
                body, tag = sodium.crypto_secretstream_xchacha20poly1305_pull(state, source.read(size), None)
                if tag == _LAST:
                    break
                yield body[:1], body[1:]
        except (CryptoError, ValueError, TypeError):
            raise BackupDamaged(f"{file} is damaged or cut off; take another copy") from None
        if source.read(1):
            raise BackupDamaged(f"{file} goes on after its end; take another copy")


def sha256_of(file: Path) -> str:
    """Hash of a whole file (hex)."""
    with file.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()
