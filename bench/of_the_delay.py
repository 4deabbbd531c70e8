"""How long a post takes from the collectors' sink to the team's queue under a steady load, and what memory is held."""

import math
import os
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from statistics import median

from bench.road.place import Place, place
from bench.road.processes import go, machine_load, memory, started, worked
from bench.row import Row

QUESTION = "How long from sink to queue at 500 posts a second with the full cascade? (asked p95 < 1 s, memory flat)"
COLUMNS = ("what", "at the start", "at the end or over all")
FULL = os.environ.get("SOAK") == "1"
MINUTES = float(os.environ.get("BENCH_MINUTES", "30" if FULL else "2"))
RATE = int(os.environ.get("BENCH_RATE", "500"))
LOOK_EVERY = 0.05
"""Seconds between two looks at the queue: what a screen that follows it adds is not in the figures."""
WARM = 15.0
"""Seconds until the caches of a new process are full; memory counts from here."""


def rows() -> Iterator[Row]:
    """Feed evenly, look at the queue all the time, and compare memory at the start and at the end."""
    with place() as here, ExitStack() as stack:
        assert here.broker is not None
        workers = {
            "analysis (encoder included)": stack.enter_context(started("worker", here.at, "analyse", "cascade")),
            "intake": stack.enter_context(started("worker", here.at, "intake")),
        }
        count = int(RATE * (MINUTES * 60 + WARM))
        feeder = stack.enter_context(started("feeder", here.at, "0", str(count), str(RATE), "ordinary"))
        pids = {name: process.pid for name, process in workers.items()}
        pids |= {"generator and sink": feeder.pid, "Kafka": here.broker.pid, "PostgreSQL": here.postgres.pid or 0}
        go(feeder)
        late = _watch(here, WARM)
        held, spent = {n: memory(p) for n, p in pids.items()}, {n: worked(p) for n, p in pids.items()}
        late = _watch(here, MINUTES * 60)
        load = machine_load()
        used = {name: worked(pid) - spent[name] for name, pid in pids.items()}
        ends = {name: memory(pid) for name, pid in pids.items()}
    yield Row(
        f"sink to queue, {len(late):,} signals of {RATE} posts/s in {MINUTES:.0f} minutes, load {load}",
        f"median {median(late):.2f} s",
        (f"**p95 {_share(late, 0.95):.2f} s**, p99 {_share(late, 0.99):.2f} s, longest {max(late):.2f} s",),
    )
    for name in pids:
        grown = f" ({(ends[name] / held[name] - 1):+.1%})" if held[name] else ""
        share = used[name] / (MINUTES * 60)
        yield Row(
            f"memory of {name}",
            f"{held[name]:.0f} MiB",
            (f"{ends[name]:.0f} MiB{grown}; {share:.0%} of a core",),
        )


def _watch(here: Place, seconds: float) -> list[float]:
    """Look for new sightings; for each how long after the sink got its post it could be seen, in seconds."""
    late: list[float] = []
    with here.owner() as owner:
        known = {row[0] for row in owner.execute("SELECT post_id FROM sightings").fetchall()}
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            fresh = owner.execute(
                "SELECT post_id, extract(epoch FROM seen_at) FROM sightings WHERE NOT post_id = ANY(%s)",
                (list(known),),
            ).fetchall()
            seen = time.time()
            known.update(post for post, _ in fresh)
            late += [seen - float(at) for _, at in fresh]
            time.sleep(LOOK_EVERY)
    return late


def _share(values: Sequence[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, math.ceil(share * len(values)) - 1)] if values else math.nan
