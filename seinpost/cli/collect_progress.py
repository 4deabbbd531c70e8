"""How far a long read of sources is, on a terminal: posts and removals taken, and how old the newest of them is.

It sees counts and moments, never a text, and changes nothing on its way.
"""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from signals.ports import Cursor, PostSink
from signals.post import Post, PostRemoved


class CountingSink:
    """Hands every batch on to the sink behind it, and then counts it."""

    def __init__(self, behind: PostSink, bar: Progress) -> None:
        self._behind = behind
        self._bar = bar
        self._task = bar.add_task("Reading", total=None, newest="")

    def accept(self, batch: Sequence[Post | PostRemoved], cursor: Cursor | None) -> None:
        """As the sink behind it does; what it did not take is not counted."""
        self._behind.accept(batch, cursor)
        written = [post.moment for post in batch if isinstance(post, Post)]
        self._bar.advance(self._task, len(batch))
        if written:
            self._bar.update(self._task, newest=f"last written {max(written):%Y-%m-%d %H:%M}")


@contextmanager
def counted(sink: PostSink, *, shown: bool) -> Iterator[PostSink]:
    """The sink with a line of progress on a terminal; the sink itself where nobody looks or nothing ends."""
    if not (shown and sys.stderr.isatty()):
        yield sink
        return
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}: {task.completed:.0f} posts and removals"),
        TextColumn("{task.fields[newest]}"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True)) as bar:
        yield CountingSink(sink, bar)
