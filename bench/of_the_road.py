"""How many posts a second the whole Kafka road carries on this machine, and who spends the processor's time."""

import os
import time
from collections.abc import Iterator
from contextlib import ExitStack

from bench.road.feeder import fed
from bench.road.place import Place, place
from bench.road.processes import go, machine_load, said, started, until, worked
from bench.row import Row

QUESTION = (
    "How many posts a second go through collectors' sink, Kafka, the gate and the queue? (asked 5,000 on 2 cores)"
)
COLUMNS = ("part", "posts/s or share", "processor time for each post")
FULL = os.environ.get("SOAK") == "1"
POSTS = int(os.environ.get("BENCH_POSTS", "300000" if FULL else "60000"))
WARM = 3_000
ANALYSTS = int(os.environ.get("BENCH_ANALYSTS", "1"))


def rows() -> Iterator[Row]:
    """Feed as fast as it goes and wait until the last post is stored; a warm-up before it."""
    with place() as here, ExitStack() as stack:
        workers = {
            f"analysis {n + 1}": stack.enter_context(started("worker", here.at, "analyse", "gate"))
            for n in range(ANALYSTS)
        }
        workers["intake"] = stack.enter_context(started("worker", here.at, "intake"))
        warm = stack.enter_context(started("feeder", here.at, "0", str(WARM), "0", "invented"))
        go(warm)
        until(lambda: stored(here) >= WARM, 120, "the warm-up")
        feeder = stack.enter_context(started("feeder", here.at, str(WARM), str(POSTS), "0", "invented"))
        assert here.broker is not None
        pids = {name: process.pid for name, process in workers.items()}
        pids |= {"generator and sink": feeder.pid, "Kafka": here.broker.pid, "PostgreSQL": here.postgres.pid or 0}
        before = {name: worked(pid) for name, pid in pids.items()}
        go(feeder)
        most = 0
        while (done := stored(here) - WARM) < POSTS:
            most = max(most, fed_so_far(here) - done)
            time.sleep(0.5)
        ended = time.time()
        spent = {name: worked(pid) - before[name] for name, pid in pids.items()}
        began, fed_at = fed(said(feeder))
        with here.owner() as owner:
            ((signals,),) = owner.execute("SELECT count(*) FROM signals").fetchall()
        logs = sum(file.stat().st_size for file in (here.broker.data / "log").rglob("seinpost.*/*.log"))
    total = sum(spent.values())
    yield Row(
        f"all: {POSTS:,} posts, {ANALYSTS} analysis and 1 intake worker, {signals} signals, load {machine_load()}",
        f"**{POSTS / (ended - began):,.0f} posts/s**",
        (f"{total / POSTS * 1e6:,.0f} µs ({2 * POSTS / total:,.0f} posts/s if two cores did nothing else)",),
    )
    yield Row("sink alone, while it fed", f"{POSTS / (fed_at - began):,.0f} posts/s", (f"{most:,} waiting at most",))
    yield Row("on the broker's disk, both topics", f"{logs / (POSTS + WARM):,.0f} bytes a post")
    for name, seconds in spent.items():
        yield Row(name, f"{seconds / total:.0%}", (f"{seconds / POSTS * 1e6:,.0f} µs",))


def stored(here: Place) -> int:
    """Posts whose analysis is in the database."""
    return _sum(here, "SELECT count(*) FROM post_heads")


def fed_so_far(here: Place) -> int:
    """Posts that the sink has had acknowledged, by its cursor."""
    return _sum(here, "SELECT coalesce(max(position::bigint), 0) FROM cursors")


def _sum(here: Place, query: str) -> int:
    with here.owner() as owner:
        ((number,),) = owner.execute(query).fetchall()
    return int(number)
