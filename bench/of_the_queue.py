"""Whether a post and a look at the queue cost the same when years of signals lie in the database."""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from statistics import median
from uuid import UUID

import psycopg
from sqlalchemy import Engine

from bench.road.analysers import gate_only
from bench.road.feeder import post, texts
from bench.road.filling import OPEN, fill
from bench.road.place import Place, now, place
from bench.road.processes import machine_load, worked
from bench.row import Row
from nlp.settings import default_settings
from pipeline.store import queue
from pipeline.store.attempts import in_transaction
from pipeline.store.connection import acting
from pipeline.store.intake import take
from signals.analysed import Analysed, analysed

QUESTION = "Does a post cost the same with many signals in the database? (asked: flat from 10,000 to 1,000,000)"
COLUMNS = ("in the database", "a post: by the clock; of PostgreSQL's processor time", "the queue page's three queries")
FULL = os.environ.get("SOAK") == "1"
SIZES = tuple(
    int(size)
    for size in os.environ.get("BENCH_SIZES", "10000,100000,1000000" if FULL else "10000,50000,200000").split(",")
)
ANALYSES_EACH = 10
BATCHES, BATCH = 24, 500


def rows() -> Iterator[Row]:
    """Fill, take the same kind of batches, ask for the queue; then the next size on top of it."""
    with place(kafka=False) as here, ExitStack() as stack:
        address = here.postgres.admin_url.set(drivername="postgresql", database="bench")
        admin = stack.enter_context(psycopg.connect(address.render_as_string(hide_password=False), autocommit=True))
        road, web = here.at.database.engine_for("seinpost_road"), here.at.database.engine_for("seinpost_web")
        stack.callback(road.dispose)
        stack.callback(web.dispose)
        reader = _expert(admin)
        had = 0
        first: tuple[float, float, float] | None = None
        for number, size in enumerate(SIZES):
            began = time.monotonic()
            fill(admin, had, size, ANALYSES_EACH)
            had, filled = size, time.monotonic() - began
            clock, busy = _taken(here, road, number)
            page = _asked(web, reader)
            first = first or (clock, busy, page)
            yield Row(
                f"{size:,} signals ({OPEN:,} open), {size * ANALYSES_EACH:,} analyses and heads;"
                f" filled in {filled:.0f} s, load {machine_load()}",
                f"{clock * 1e6:,.0f} µs ({clock / first[0]:.2f} times);"
                f" {busy * 1e6:,.0f} µs ({busy / first[1]:.2f} times)",
                (f"{page * 1e3:,.1f} ms ({page / first[2]:.2f} times)",),
            )
        post_bytes = _bytes(admin, "analyses", "post_heads")
        signal_bytes = _bytes(admin, "signals", "sightings", "signal_places", "signal_events")
        yield Row("on disk", f"{post_bytes:,.0f} bytes a post, {signal_bytes:,.0f} a signal without a long text")


def _taken(here: Place, road: Engine, number: int) -> tuple[float, float]:
    """Median seconds by the clock, and mean processor seconds of the server, for each post of several batches."""
    records = _records(here, number)
    clocks = []
    for at in range(0, len(records), BATCH):
        if at == 4 * BATCH:
            was = worked(here.postgres.pid or 0)
        batch = records[at : at + BATCH]
        began = time.perf_counter()
        in_transaction(road, lambda connection, batch=batch: take(connection, batch, here.at.keys.id_key(), now()))
        clocks.append((time.perf_counter() - began) / len(batch))
    return median(clocks[4:]), (worked(here.postgres.pid or 0) - was) / (len(records) - 4 * BATCH)


def _records(here: Place, number: int) -> list[Analysed]:
    analyse, settings = gate_only(), default_settings()
    id_key, order = here.at.keys.id_key(), UUID(here.at.order)
    posts = [
        post(id_key, order, (number + 1) * 1_000_000 + n, f"{text} {number}", now())
        for n, text in enumerate(texts("invented", BATCHES * BATCH))
    ]
    return [analysed(each, found) for each, found in zip(posts, analyse(posts, settings), strict=True)]


def _asked(web: Engine, reader: UUID) -> float:
    """Median seconds of the list, the counts and the next one to read, as an expert."""

    def page() -> None:
        with acting(web, reader, "seinpost_expert") as connection:
            queue.open_signals(connection, reader, False, queue.QueueFilter(), now())
            queue.counts(connection, reader, False, now())
            queue.next_to_read(connection, reader, False, now())

    page()
    return median(_timed(page) for _ in range(15))


def _timed(work: Callable[[], None]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _bytes(admin: psycopg.Connection, counted: str, *others: str) -> float:
    """What a row of the first table takes, with its rows in the others and all indexes."""
    sizes = " + ".join(f"pg_total_relation_size('seinpost.{table}')" for table in (counted, *others))
    row = admin.execute(f"SELECT ({sizes})::float / count(*) FROM seinpost.{counted}").fetchone()  # noqa: S608
    assert row is not None
    return float(row[0])


def _expert(admin: psycopg.Connection) -> UUID:
    row = admin.execute("SELECT id FROM seinpost.users LIMIT 1").fetchone()
    assert row is not None
    admin.execute("INSERT INTO seinpost.user_roles (user_id, role) VALUES (%s, 'expert')", (row[0],))
    found: UUID = row[0]
    return found
