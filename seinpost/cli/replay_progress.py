"""How far a replay is, on a terminal: measured in time, for the window is read from old to new on both roads.

It sees moments only, and hands every record on as it came.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from signals.post import Post, PostRemoved


@contextmanager
def counted(
    records: Iterator[Post | PostRemoved], began: datetime, until: datetime
) -> Iterator[Iterator[Post | PostRemoved]]:
    """The records with a bar on a terminal; as they are where nobody looks."""
    if not sys.stderr.isatty():
        yield records
        return
    columns = (
        TextColumn("Replaying"),
        BarColumn(),
        TextColumn("{task.fields[records]} records, seen {task.fields[seen]}"),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task("", total=max(1.0, (until - began).total_seconds()), records=0, seen="-")

        def moving() -> Iterator[Post | PostRemoved]:
            for number, record in enumerate(records, 1):
                done = (record.seen_at - began).total_seconds()
                bar.update(task, completed=done, records=number, seen=f"{record.seen_at.astimezone():%d %b %H:%M}")
                yield record

        yield moving()
        bar.update(task, completed=(until - began).total_seconds())
