"""Makes one backup: a consistent copy of the database, streamed into a sealed file with a manifest beside it.

Read in one snapshot while everything goes on; memory is bounded by a frame and the ids of contents. It deletes nothing
but backups that are past their time.
"""

import json
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

import psycopg

from pipeline.backup import tables
from pipeline.backup.contents import CONTENTS, Content
from pipeline.backup.erasure import ErasureBook, Item, seal
from pipeline.backup.manifest import (
    DATA,
    MANIFEST,
    Manifest,
    fingerprint,
    name_of,
    past_their_time,
    signed,
)
from pipeline.backup.seal_keys import public
from pipeline.backup.stream import FRAME, SealedWriter
from pipeline.backup.tables import Table
from pipeline.key_folder import KeyFolder

TABLE, ROWS, CONTENT, COUNTERS = b"T", b"R", b"C", b"N"
"""Kinds of frames: a table begins; its rows; items under their own keys; where the counters are."""
_AT_ONCE = 500

Tell = Callable[[str, int], None]
"""Told how far it is: what is being copied, and how many bytes of it were written since the last time."""


class BackupFolderWrong(Exception):
    """The folder cannot be written."""


@dataclass(frozen=True)
class Made:
    """A finished backup, and how many old ones went."""

    folder: Path
    manifest: Manifest
    removed: int


def make(
    owner: psycopg.Connection, revision: str, keys: KeyFolder, into: Path, now: datetime, program: str, tell: Tell
) -> Made:
    """Make a backup in a new folder inside `into`. `owner` is a fresh connection of the owner, for one snapshot."""
    to = public(keys.path)
    folder = into / name_of(now)
    draft = into / f".{folder.name}.partial"
    try:
        into.mkdir(mode=0o700, parents=True, exist_ok=True)
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700)
        with SealedWriter(draft / DATA, to) as out:
            rows, contents = _copy(owner, ErasureBook(keys.path), out, tell)
            out.close()
            manifest = signed(
                Manifest(
                    made_at=now,
                    program=program,
                    revision=revision,
                    sealed_to=fingerprint(to),
                    sha256=out.sha256,
                    size=out.size,
                    rows=rows,
                    contents=contents,
                ),
                keys.id_key(),
            )
        with (draft / MANIFEST).open("w") as note:
            note.write(manifest.model_dump_json(indent=1) + "\n")
            note.flush()
            os.fsync(note.fileno())
        draft.replace(folder)
    except OSError as fault:
        shutil.rmtree(draft, ignore_errors=True)
        raise BackupFolderWrong(f"cannot write the backup in {into}: {fault.strerror}") from None
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
    old = past_their_time(into, now)
    for each in old:
        shutil.rmtree(each)
    return Made(folder, manifest, len(old))


def _copy(owner: psycopg.Connection, book: ErasureBook, out: SealedWriter, tell: Tell) -> tuple[dict[str, int], int]:
    with owner.transaction():
        owner.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        tables.as_plain_text(owner)
        rows = {table.name: _table(owner, table, out, tell) for table in tables.kept_tables(owner)}
        out.frame(COUNTERS, json.dumps(tables.counters(owner)).encode())
        contents = [content for content in CONTENTS if content.table in rows]
        # Keys first, all of them and on disk: an item whose key were lost would be forgotten from the start.
        keys = book.ensure(
            (content.kind, UUID(str(item))) for content in contents for (item,) in owner.execute(content.living)
        )
        return rows, sum(_contents(owner, content, keys, out, tell) for content in contents)


def _table(owner: psycopg.Connection, table: Table, out: SealedWriter, tell: Tell) -> int:
    out.frame(TABLE, json.dumps({"name": table.name, "columns": table.columns}).encode())
    waiting = bytearray()
    with owner.cursor() as cursor:
        with cursor.copy(table.copies_out) as copy:
            for chunk in copy:
                waiting += chunk
                if len(waiting) >= FRAME:
                    tell(table.name, len(waiting))
                    out.frame(ROWS, bytes(waiting))
                    waiting.clear()
        if waiting:
            out.frame(ROWS, bytes(waiting))
        tell(table.name, len(waiting))
        return cursor.rowcount


def _contents(
    owner: psycopg.Connection, content: Content, keys: dict[Item, bytes], out: SealedWriter, tell: Tell
) -> int:
    done = 0
    with owner.cursor(f"contents_{content.kind.name.lower()}") as cursor:
        cursor.itersize = _AT_ONCE
        for item, values in cursor.execute(content.read):
            sealed = seal(keys[content.kind, item], json.dumps(values).encode())
            out.frame(CONTENT, content.kind.value + item.bytes + sealed)
            done += 1
            tell("contents", len(sealed))
    return done
