"""The book of keys that content in backups is encrypted under: destroying a key forgets the content in every backup.

It lies in the key folder and is in no backup. It decides nothing: `sweep` destroys what the database no longer holds.
"""

import fcntl
import os
import secrets
import struct
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from nacl.exceptions import CryptoError
from nacl.secret import SecretBox

from pipeline.backup.contents import Kind

Item = tuple[Kind, UUID]
_HEAD = struct.Struct(">8sQ")  # mark; until when items that the database does not know are left alone (Unix time)
_ROW = struct.Struct(">c16s32s")
_MARK = b"spbook1\n"


class BookDamaged(Exception):
    """The book of keys is not a book of keys."""


class ErasureBook:
    """Keys by item, in one file that is rewritten whole when keys go. One process at a time, by a lock beside it."""

    def __init__(self, key_folder: Path) -> None:
        self._folder = key_folder / "backup"
        self._file = self._folder / "contents.keys"

    def ensure(self, items: Iterable[Item]) -> dict[Item, bytes]:
        """The keys of these items, made where there is none; they are on disk when this returns."""
        with self._locked():
            _, keys = self._read()
            wanted = list(items)
            fresh = {item: secrets.token_bytes(SecretBox.KEY_SIZE) for item in wanted if item not in keys}
            if fresh:
                self._append(fresh)
            return {item: fresh.get(item) or keys[item] for item in wanted}

    def keys(self) -> dict[Item, bytes]:
        """All keys that live."""
        with self._locked():
            return self._read()[1]

    def leave_unknown_until(self, moment: datetime) -> None:
        """After a restore of an older backup: what the database does not know is not taken for forgotten until then."""
        with self._locked():
            _, keys = self._read()
            self._write(int(moment.timestamp()), keys)

    @contextmanager
    def sweeping(self) -> Iterator["Sweep"]:
        """Hold the book while it is decided what goes: a backup that is being made waits."""
        with self._locked():
            until, keys = self._read()
            sweep = Sweep(frozenset(keys), datetime.fromtimestamp(until, UTC))
            yield sweep
            if sweep.gone:
                self._write(until, {item: key for item, key in keys.items() if item not in sweep.gone})

    def _read(self) -> tuple[int, dict[Item, bytes]]:
        try:
            content = self._file.read_bytes()
        except FileNotFoundError:
            return 0, {}
        if len(content) < _HEAD.size or not content.startswith(_MARK):
            raise BookDamaged(f"{self._file} is no book of keys; restore the key folder")
        _, until = _HEAD.unpack_from(content)
        whole = (len(content) - _HEAD.size) // _ROW.size  # a row that a crash cut off belongs to no finished backup
        rows = (_ROW.unpack_from(content, _HEAD.size + n * _ROW.size) for n in range(whole))
        return until, {(Kind(kind), UUID(bytes=item)): key for kind, item, key in rows}

    def _append(self, fresh: dict[Item, bytes]) -> None:
        if not self._file.exists():
            self._write(0, fresh)
            return
        with self._file.open("r+b") as book:
            end = book.seek(0, os.SEEK_END)
            book.seek(end - (end - _HEAD.size) % _ROW.size)
            book.truncate()
            book.write(b"".join(_row(item, key) for item, key in fresh.items()))
            book.flush()
            os.fsync(book.fileno())

    def _write(self, until: int, keys: dict[Item, bytes]) -> None:
        draft = self._file.with_name(".contents.keys")
        draft.unlink(missing_ok=True)
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as out:
            out.write(_HEAD.pack(_MARK, until))
            out.write(b"".join(_row(item, key) for item, key in keys.items()))
            out.flush()
            os.fsync(out.fileno())
        draft.replace(self._file)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(self._folder / "lock", os.O_WRONLY | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)


class Sweep:
    """The items in the book while they are looked at; those put in `gone` are destroyed at the end."""

    def __init__(self, items: frozenset[Item], unknown_until: datetime) -> None:
        self.items = items
        self.unknown_until = unknown_until
        self.gone: set[Item] = set()


def seal(key: bytes, values: bytes) -> bytes:
    """Encrypt one item's values under its key."""
    return bytes(SecretBox(key).encrypt(values))


def opened(key: bytes, sealed: bytes) -> bytes | None:
    """The values again, or None when the key is another one than the item was sealed with."""
    try:
        return SecretBox(key).decrypt(sealed)
    except CryptoError:
        return None


def _row(item: Item, key: bytes) -> bytes:
    return _ROW.pack(item[0].value, item[1].bytes, key)
