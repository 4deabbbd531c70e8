"""Puts a backup into an empty database, whole or not at all, with all forgotten that must be, before it is served.

One transaction: nobody ever sees the database between the copy and the forgetting.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

import psycopg
from nacl.public import PrivateKey
from sqlalchemy import Connection, text

from pipeline import retention
from pipeline.backup import tables
from pipeline.backup.contents import CONTENTS, Kind
from pipeline.backup.erasure import ErasureBook, opened
from pipeline.backup.making import CONTENT, COUNTERS, ROWS, TABLE
from pipeline.backup.manifest import DATA, FORM, Manifest, NoBackup, check_secret, read, whole_in
from pipeline.backup.stream import BackupDamaged, WrongKey, frames, sha256_of
from pipeline.key_folder import KeyFolder
from pipeline.store import listed_words, schema, trail
from pipeline.store.texts import forget_due_texts

UNKNOWN_LEFT_FOR = timedelta(days=1)
"""How long the keys of what came after this backup are left, so that a newer backup can still be restored instead."""
_AT_ONCE = 500
_PUT = {content.kind: content.put for content in CONTENTS}
# A text that was forgotten since: what nobody had judged yet has nothing left to read.
_NOTHING_TO_READ = text("""
    WITH due AS (
        SELECT s.id, s.state FROM seinpost.signals s
         WHERE s.state IN ('new', 'parked') AND EXISTS (SELECT 1 FROM seinpost.sightings g
                       WHERE g.signal_id = s.id AND g.event_id = ANY(CAST(:forgotten AS uuid[])))
           AND NOT EXISTS (SELECT 1 FROM seinpost.sightings g WHERE g.signal_id = s.id AND g.text IS NOT NULL)),
    gone AS (
        UPDATE seinpost.signals s SET state = 'expired', changed_at = :now FROM due WHERE s.id = due.id)
    INSERT INTO seinpost.signal_events (signal_id, at, step, from_state, to_state, detail)
    SELECT id, :now, 'expire', state, 'expired', '{"why": "restored"}' FROM due
""")


class DatabaseNotEmpty(Exception):
    """There is something in the database already."""


class SchemaNewer(Exception):
    """The backup is of a newer Seinpost than this program."""


class KeyFolderMissing(Exception):
    """The keys of the installation are not here."""


@dataclass
class Restored:
    """What came back, what was forgotten on the way, and what a person should look at."""

    folder: Path
    manifest: Manifest
    contents: int = 0
    forgotten: int = 0
    expired: int = 0
    by_retention: dict[str, int] = field(default_factory=dict)


def chosen(folder: Path, secret: PrivateKey, keys: KeyFolder) -> tuple[Path, Manifest]:
    """The backup to restore, checked from end to end: newest in the folder, ours, undamaged, and this key opens it."""
    if not (keys.path / "id.key").is_file():
        raise KeyFolderMissing(
            f"the key folder {keys.path} has no id key; put the key folder of this installation back first"
        )
    whole = whole_in(folder)
    if not whole:
        raise NoBackup(f"there is no whole backup in {folder}; name the folder that seinpost backup wrote")
    found = whole[-1]
    manifest = read(found, keys.id_key())
    if manifest.form != FORM or not schema.is_known(manifest.revision):
        raise SchemaNewer(
            f"the backup has schema {manifest.revision}, made by Seinpost {manifest.program}; this program knows up to"
            f" {schema.newest()}: install that version or a newer one"
        )
    file = found / DATA
    if not file.is_file() or file.stat().st_size != manifest.size or sha256_of(file) != manifest.sha256:
        raise BackupDamaged(f"{file} is damaged or missing; take another copy")
    if not check_secret(manifest, secret):
        raise WrongKey(f"this secret key does not open the backup: it was sealed to key {manifest.sealed_to}")
    return found, manifest


def restore(
    owner: Connection, secret: PrivateKey, keys: KeyFolder, folder: Path, manifest: Manifest, now: datetime
) -> Restored:
    """Fill the database in the caller's transaction. Raises `DatabaseNotEmpty`, and then changes nothing."""
    raw = owner.connection.driver_connection
    if not isinstance(raw, psycopg.Connection):
        raise TypeError("a restore needs a psycopg connection")
    _make_ready(owner, raw, manifest)
    done = Restored(folder, manifest)
    everything = tables.all_tables(raw)
    for table in everything:
        # Row-level security refuses COPY, and the rules of each step were kept when the step was taken.
        raw.execute(table.altered("NO FORCE ROW LEVEL SECURITY, DISABLE TRIGGER USER"))
    forgotten = _fill(raw, frames(folder / DATA, secret), keys, done)
    raw.execute("SET CONSTRAINTS ALL IMMEDIATE")
    for table in everything:
        raw.execute(table.altered("ENABLE TRIGGER USER, FORCE ROW LEVEL SECURITY"))
    schema.upgrade(owner)
    listed_words.fill(owner)
    owner.execute(text("SET LOCAL search_path = seinpost, public"))
    done.expired = owner.execute(_NOTHING_TO_READ, {"now": now, "forgotten": forgotten}).rowcount
    done.by_retention = {"source_gone": forget_due_texts(owner, now), **retention.carry_out(owner, now)}
    trail.append(
        *(owner, "restored", "backup", manifest.sha256[:16], now),
        {
            "made_at": manifest.made_at.isoformat(),
            "signals": str(manifest.rows.get("signals", 0)),
            "contents": str(done.contents),
            "forgotten": str(done.forgotten),
        },
    )
    return done


def after(keys: KeyFolder, now: datetime) -> None:
    """What cannot be undone, once the restore is committed: no key of an hour that is over comes back."""
    ErasureBook(keys.path).leave_unknown_until(now + UNKNOWN_LEFT_FOR)
    retention.destroy_hours(keys, now)


def _make_ready(owner: Connection, raw: psycopg.Connection, manifest: Manifest) -> None:
    if (current := schema.current(owner)) is not None:
        filled = tables.not_empty(raw)
        if filled:
            raise DatabaseNotEmpty(
                f"the database is not empty ({', '.join(filled[:5])}); restore into a new one: nothing is overwritten"
            )
        if current != manifest.revision:
            raw.execute("DROP SCHEMA seinpost CASCADE")
            raw.execute("DELETE FROM public.alembic_version")
    schema.upgrade(owner, manifest.revision)
    tables.as_plain_text(raw)


def _fill(
    raw: psycopg.Connection, content: Iterator[tuple[bytes, bytes]], keys: KeyFolder, done: Restored
) -> list[UUID]:
    """Everything in the file, in its order; the ids of the versions whose text is forgotten."""
    known = {table.name: table for table in tables.all_tables(raw)}
    living = ErasureBook(keys.path).keys()
    forgotten: list[UUID] = []
    waiting: dict[Kind, list[dict[str, object]]] = {kind: [] for kind in Kind}
    rows: dict[str, int] = {}
    writing: _Writing | None = None
    for kind, body in content:
        if kind == ROWS and writing is not None:
            writing.rows(body)
            continue
        if writing is not None:
            rows[writing.name] = writing.end()
            writing = None
        if kind == TABLE:
            about = json.loads(body)
            table = known[about["name"]]
            writing = _Writing(raw, tables.Table(table.name, tuple(about["columns"])))
        elif kind == COUNTERS:
            for counter, last in json.loads(body).items():
                raw.execute("SELECT setval(%s::regclass, %s)", (counter, last))
        elif kind == CONTENT:
            what, item = Kind(body[:1]), UUID(bytes=body[1:17])
            key = living.get((what, item))
            values = None if key is None else opened(key, body[17:])
            if values is None:
                done.forgotten += 1
                if what is Kind.TEXT:
                    forgotten.append(item)
                continue
            done.contents += 1
            waiting[what].append({"id": item, "values": values.decode()})
            if len(waiting[what]) >= _AT_ONCE:
                _put(raw, what, waiting[what])
    for what, items in waiting.items():
        _put(raw, what, items)
    if rows != done.manifest.rows or done.contents + done.forgotten != done.manifest.contents:
        raise BackupDamaged(f"{done.folder / DATA} does not hold what its manifest says; take another copy")
    return forgotten


def _put(raw: psycopg.Connection, what: Kind, items: list[dict[str, object]]) -> None:
    with raw.cursor() as cursor:
        cursor.executemany(_PUT[what], items)
    items.clear()


class _Writing:
    """One table being filled."""

    def __init__(self, raw: psycopg.Connection, table: tables.Table) -> None:
        self.name = table.name
        self._cursor = raw.cursor()
        self._context = self._cursor.copy(table.copies_in)
        self._copy = self._context.__enter__()

    def rows(self, content: bytes) -> None:
        """More rows, cut anywhere."""
        self._copy.write(content)

    def end(self) -> int:
        """How many rows there were."""
        self._context.__exit__(None, None, None)
        count = self._cursor.rowcount
        self._cursor.close()
        return count
