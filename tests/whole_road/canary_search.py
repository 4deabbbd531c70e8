"""Looks for needles in everything a house leaves behind: every table, every file of the data folder, every topic.

What is encrypted under an hour's key is opened first; only dead letters, which keep bad bytes on purpose, stay shut.
"""

import hashlib
import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import psycopg
from kafka import KafkaConsumer, TopicPartition
from psycopg import sql

from pipeline import envelope
from pipeline.key_folder import KeyFolder
from pipeline.topics import POSTS, SIGNALS
from tests.canary.canaries import find_in_bytes
from tests.whole_road.house import House

Found = list[str]
_EMPTY = re.compile(rb"\0{64,}")
_PIECE = 32 * 1024 * 1024
_OVERLAP = 4096


def everywhere(built: House, needles: Sequence[str]) -> Found:
    """Where needles stand: one line per place, with the needle and the form it has."""
    keys = KeyFolder(built.settings.key_folder)
    found = [f"table {place}" for place in in_tables(built, keys, needles)]
    found += [f"file {place}" for place in in_files(built.settings.data, needles)]
    if built.broker is not None:
        found += [f"topic {place}" for place in in_topics(built.broker.bootstrap, keys, needles)]
    return found


def in_tables(built: House, keys: KeyFolder, needles: Sequence[str]) -> Found:
    """Every row of every table as text (bytes as hex), the raw window opened, and what the server says of its work."""
    found: Found = []
    with administrator(built) as connection:
        names = connection.execute(
            "SELECT schemaname, tablename FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"
        ).fetchall()
        for schema, table in [*names, ("pg_catalog", "pg_stat_activity"), ("pg_catalog", "pg_description")]:
            every = sql.SQL("SELECT row_to_json(t)::text, t::text FROM {} t").format(sql.Identifier(schema, table))
            for number, row in enumerate(connection.execute(every)):
                hits = find_in_bytes("\n".join(row).encode(), needles)
                found += [f"{table}, row {number}: {hit}" for hit in hits]
        for (body,) in connection.execute("SELECT body FROM seinpost.raw_window"):
            opened = envelope.unseal(bytes(body), keys)
            found += [f"raw_window, opened: {hit}" for hit in find_in_bytes(opened, needles)]
    return found


def in_files(folder: Path, needles: Sequence[str]) -> Found:
    """Every file, the database's pages and write-ahead log among them; the same bytes are read once."""
    found: Found = []
    seen: set[bytes] = set()
    for file in sorted(path for path in folder.rglob("*") if path.is_file() and not path.is_symlink()):
        name = str(file.relative_to(folder))
        found += [f"{name} (its name): {hit}" for hit in find_in_bytes(name.encode(), needles)]
        for piece in _pieces(file):
            digest = hashlib.sha256(piece).digest()
            if piece and digest not in seen:
                seen.add(digest)
                found += [f"{name}: {hit}" for hit in find_in_bytes(piece, needles)]
    return found


def in_topics(bootstrap: str, keys: KeyFolder, needles: Sequence[str]) -> Found:
    """Every record that the broker keeps, unpacked by the client: key, headers, value, and the value opened."""
    consumer = KafkaConsumer(bootstrap_servers=bootstrap, enable_auto_commit=False, exclude_internal_topics=False)
    try:
        places = [
            TopicPartition(topic, partition)
            for topic in sorted(consumer.topics())
            for partition in sorted(consumer.partitions_for_topic(topic) or ())
        ]
        consumer.assign(places)
        consumer.seek_to_beginning()
        ends = consumer.end_offsets(places)
        found: Found = []
        while any(consumer.position(place) < ends[place] for place in places):
            for place, records in consumer.poll(timeout_ms=500).items():
                for record in records:
                    parts = [record.key or b"", record.value or b"", *(value or b"" for _, value in record.headers)]
                    if place.topic in (POSTS.name, SIGNALS.name) and record.value:
                        parts.append(envelope.unseal(record.value, keys))
                    hits = find_in_bytes(b"\n".join(parts), needles)
                    found += [f"{place.topic}, offset {record.offset}: {hit}" for hit in hits]
        return found
    finally:
        consumer.close()


def administrator(built: House) -> psycopg.Connection:
    """A connection that no policy holds back; what lies in memory only is written to the files first."""
    address = built.postgres.admin_url.set(drivername="postgresql", database="seinpost")
    connection = psycopg.connect(address.render_as_string(hide_password=False), autocommit=True)
    # Packed pages would hide a canary from whoever reads the files.
    assert connection.execute("SHOW wal_compression").fetchone() == ("off",)
    connection.execute("CHECKPOINT")
    return connection


def _pieces(file: Path) -> Iterator[bytes]:
    """A file in pieces that overlap, without its long stretches of zeros."""
    try:
        with file.open("rb") as opened:
            before = b""
            while piece := opened.read(_PIECE):
                yield _EMPTY.sub(b"\0", before + piece)
                before = piece[-_OVERLAP:]
    except FileNotFoundError:
        if os.path.lexists(file):
            raise
        return  # a database removes its own scratch files while it runs
