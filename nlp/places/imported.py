"""Keeps what was imported: a folder per state of the import, and a file that names the one in use. Whole or not at all.

A new state is written beside the old one and flushed to the disk before the name changes; killed at any moment,
the old state is still whole and still in use.
"""

import fcntl
import hashlib
import os
import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from nlp.places import gazetteer_file
from nlp.places.entry import Alias, Entry

_POINTER, _LOCK, _UNFINISHED = "current", "lock", ".new-"


class ImportedPlacesWrong(Exception):
    """What was imported cannot be read; the message says what to do."""


class ImportRuns(Exception):
    """Another import is at work."""


def current(root: Path) -> Path | None:
    """The folder in use, or None when nothing was imported."""
    pointer = root / _POINTER
    if not pointer.exists():
        return None
    name = pointer.read_text(encoding="utf-8").strip()
    folder = root / name
    if not re.fullmatch(r"[0-9a-f]{16}", name) or not folder.is_dir():
        raise ImportedPlacesWrong(f"{pointer} names no folder of imported places; delete it and import the files again")
    return folder


@contextmanager
def one_at_a_time(root: Path) -> Iterator[None]:
    """Holds the only import of this installation. Raises ImportRuns when there is one already."""
    root.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (root / _LOCK).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise ImportRuns("another import of places is at work; wait for it and try again") from None
        yield


def add(root: Path, entries: Iterable[Entry], aliases: Iterable[Alias]) -> Path:
    """Lay entries and names over what was imported before and put the result in use; its folder."""
    kept, named = before(root)
    fresh = {entry.id: entry for entry in entries}
    gone = {old for entry in fresh.values() for old in entry.former}
    merged = {entry.id: entry for entry in kept if entry.id not in gone} | fresh
    now = {old: entry.id for entry in fresh.values() for old in entry.former}
    moved = (Alias(a.text, now.get(a.id, a.id), a.kind, a.ordinary, a.rule) for a in named)
    return _put(root, gazetteer_file.entries_text(merged.values()), gazetteer_file.aliases_text([*moved, *aliases]))


def before(root: Path) -> tuple[list[Entry], list[Alias]]:
    """What was imported so far."""
    folder = current(root)
    if folder is None:
        return [], []
    entries, aliases, _ = gazetteer_file.read(folder)
    return entries, aliases


def _put(root: Path, entries: str, aliases: str) -> Path:
    """Write a state beside the one in use, then name it."""
    root.mkdir(parents=True, exist_ok=True, mode=0o700)
    old = current(root)
    name = hashlib.sha256(f"{entries}\0{aliases}".encode()).hexdigest()[:16]
    folder = root / name
    if not folder.exists():
        unfinished = Path(tempfile.mkdtemp(prefix=_UNFINISHED, dir=root))
        _write(unfinished / gazetteer_file.ENTRIES, entries)
        _write(unfinished / gazetteer_file.ALIASES, aliases)
        gazetteer_file.read(unfinished)  # what cannot be read back must not be put in use
        _flush(unfinished)
        unfinished.rename(folder)
        _flush(root)
    pointer = root / f"{_UNFINISHED}{_POINTER}"
    _write(pointer, name + "\n")
    pointer.replace(root / _POINTER)
    _flush(root)
    _tidy(root, {folder, old})
    return folder


def _tidy(root: Path, kept: set[Path | None]) -> None:
    """Remove states that are neither in use nor the one before, and what a killed import left."""
    for folder in root.iterdir():
        if folder.is_dir() and folder not in kept:
            shutil.rmtree(folder)


def _write(path: Path, text: str) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def _flush(folder: Path) -> None:
    """A name in a folder is on the disk only when the folder is, too."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
