"""Progress of a long read: every batch reaches the sink, what was taken is counted, and a pipe sees no bar."""

from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID

import pytest
from rich.progress import Progress

from seinpost.cli.collect_progress import CountingSink, counted
from signals.ports import Cursor
from signals.post import Post, PostRemoved, Source

MOMENT = datetime(2026, 11, 16, 8, 30, tzinfo=UTC)
POST = Post(
    id=UUID(int=1), event_id=UUID(int=2), revision=1, source=Source.FEED_ENTRY, order_id=UUID(int=9), text="dag",
    lang_hint=None, posted_at=MOMENT, seen_at=MOMENT, link=None, link_hash=None, names=None,
)  # fmt: skip
REMOVED = PostRemoved(
    id=UUID(int=1), event_id=UUID(int=3), revision=2, source=Source.FEED_ENTRY, order_id=UUID(int=9), seen_at=MOMENT
)


class Taking:
    """A sink that keeps what it is given, or refuses it."""

    def __init__(self, *, away: bool = False) -> None:
        self.taken: list[Post | PostRemoved] = []
        self._away = away

    def accept(self, batch: Sequence[Post | PostRemoved], cursor: Cursor | None) -> None:
        if self._away:
            raise ConnectionError
        self.taken += batch


def test_what_was_taken_is_counted_with_the_moment_it_was_written() -> None:
    behind, bar = Taking(), Progress(disable=True)
    sink = CountingSink(behind, bar)
    sink.accept([POST, REMOVED], None)
    sink.accept([REMOVED], None)
    assert behind.taken == [POST, REMOVED, REMOVED]
    assert bar.tasks[0].completed == 3
    assert bar.tasks[0].fields["newest"] == "last written 2026-11-16 08:30"


def test_what_was_not_taken_is_not_counted() -> None:
    bar = Progress(disable=True)
    with pytest.raises(ConnectionError):
        CountingSink(Taking(away=True), bar).accept([POST], None)
    assert bar.tasks[0].completed == 0


def test_without_a_terminal_nothing_stands_between() -> None:
    behind = Taking()
    with counted(behind, shown=True) as sink:
        assert sink is behind
