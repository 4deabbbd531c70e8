"""How long the queue and a signal's page take on the server, over HTTP, with years of signals in the database."""

import http.client
import os
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from statistics import quantiles
from uuid import UUID

import psycopg
from sqlalchemy import Engine

from bench.road.arrival import Arrival, arrivals
from bench.road.filling import fill
from bench.road.open_signals import dress
from bench.road.place import now, place
from bench.road.processes import machine_load, started, worked
from bench.row import Row
from pipeline.kafka.local_broker import free_port
from pipeline.store import sessions
from pipeline.store.connection import acting
from review_ui.access.cookies import SESSION_COOKIE

QUESTION = "How long do the queue and a signal's page take on the server? (asked: p95 < 60 ms at 1,000,000 and 10,000)"
COLUMNS = ("page", "median, p95", "of the server's processor")
FULL = os.environ.get("SOAK") == "1"
STORED, OPEN = (1_000_000, 10_000) if FULL else (20_000, 1_000)
ROUNDS = 200 if FULL else 60
TOGETHER = 4
"""Readers who turn pages at the same moment."""


@dataclass(frozen=True)
class Reader:
    """A signed-in browser without a screen: one connection, one cookie."""

    port: int
    token: str

    def connection(self) -> http.client.HTTPConnection:
        """A connection that stays open, as a browser's does."""
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)

    def seconds(self, over: http.client.HTTPConnection, path: str) -> float:
        """From the request until the last byte of the page."""
        began = time.perf_counter()
        over.request("GET", path, headers={"Cookie": f"{SESSION_COOKIE}={self.token}"})
        answer = over.getresponse()
        answer.read()
        took = time.perf_counter() - began
        if answer.status != 200:
            raise RuntimeError(f"{path.split('?')[0]} answered {answer.status}")
        return took


def rows() -> Iterator[Row]:
    """Fill, serve, and turn pages: one after another, and four readers at once; then how soon an arrival is seen."""
    with place(kafka=False) as here, ExitStack() as stack:
        address = here.postgres.admin_url.set(drivername="postgresql", database="bench")
        admin = stack.enter_context(psycopg.connect(address.render_as_string(hide_password=False), autocommit=True))
        began = time.monotonic()
        fill(admin, 0, STORED, 1, OPEN)
        people = dress(admin)
        yield Row(f"{STORED:,} signals, {OPEN:,} open, filled", f"in {time.monotonic() - began:.0f} s", ())
        web = here.at.database.engine_for("seinpost_web", pool_size=2)
        stack.callback(web.dispose)
        port = free_port()
        server = stack.enter_context(started("screens", here.at, str(port)))
        one, attached = (Reader(port, _signed_in(web, people[name])) for name in ("reader1", "reader3"))
        some = [row[0] for row in admin.execute("SELECT id FROM seinpost.signals WHERE state = 'new' LIMIT 50")]
        pages = {
            "queue": [f"/werkvoorraad?x={n}" for n in range(20)],
            "queue, one kind, place known": [f"/werkvoorraad?soort=threat&plek=bekend&x={n}" for n in range(20)],
            "queue, place by name": [f"/werkvoorraad?naam=wijk+{n}" for n in range(20)],
            "a signal with the queue beside it": [f"/signaal/{signal}" for signal in some],
            "how many are new": [f"/werkvoorraad/nieuw?sinds={now().isoformat().replace('+', '%2B')}&had=0"],
        }
        for name, paths in pages.items():
            yield _measured(name, one, paths, server.pid)
        yield _measured("queue, reader attached to a school", attached, pages["queue"], server.pid)
        readers = [Reader(port, _signed_in(web, people[f"reader{n}"])) for n in range(4, 4 + TOGETHER)]
        yield _together(readers, pages["queue"] + pages["a signal with the queue beside it"], server.pid)
        watchers = [_signed_in(web, people[f"reader{n}"]) for n in range(1, 51)]
        for arrival in arrivals(admin, port, watchers):
            yield _seen(arrival)


def _signed_in(web: Engine, person: UUID) -> str:
    with acting(web, None) as connection:
        return sessions.open_session(connection, person, now())


def _measured(name: str, reader: Reader, paths: list[str], pid: int) -> Row:
    over = reader.connection()
    for path in paths[:5]:
        reader.seconds(over, path)
    was = worked(pid)
    took = [reader.seconds(over, paths[n % len(paths)]) for n in range(ROUNDS)]
    busy = (worked(pid) - was) / ROUNDS
    over.close()
    return Row(f"{name}; load {machine_load()}", _told(took), (f"{busy * 1e3:,.0f} ms",))


def _together(readers: list[Reader], paths: list[str], pid: int) -> Row:
    took: list[float] = []

    def turn(reader: Reader) -> None:
        over = reader.connection()
        took.extend(reader.seconds(over, paths[n % len(paths)]) for n in range(ROUNDS))
        over.close()

    was = worked(pid)
    threads = [threading.Thread(target=turn, args=(reader,)) for reader in readers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    busy = (worked(pid) - was) / max(1, len(took))
    name = f"queue and signals, {len(readers)} readers without a pause between pages; load {machine_load()}"
    return Row(name, _told(took), (f"{busy * 1e3:,.0f} ms",))


def _seen(arrival: Arrival) -> Row:
    return Row(f"{arrival.what}; load {machine_load()}", _told(arrival.seconds), (f"{len(arrival.seconds)} seen",))


def _told(seconds: list[float]) -> str:
    if len(seconds) < 2:
        return "nothing seen"
    cuts = quantiles(seconds, n=20)
    return f"{cuts[9] * 1e3:,.0f} ms, {cuts[18] * 1e3:,.0f} ms"
