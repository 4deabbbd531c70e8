"""Notices for a partner's system on its own topic: each is put in the outbox, from which the relay publishes it.

It speaks with the database alone, so it works where no broker answers; the notice's id makes a repeat one event.
"""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine

from forwarding.channels.channel import Line, Outcome
from pipeline.store import outbox
from pipeline.store.notices import ChannelName, DueNotice, NoticeKind
from signals.decision import Decision, Told
from signals.label import Category, Level


@dataclass(frozen=True)
class Decisions:
    """The channel. `engine` makes the line's own way into the database, logged in as seinpost_dispatch."""

    engine: Callable[[], Engine]
    lines: int = 1
    together: int = 1

    @property
    def name(self) -> ChannelName:
        """Decisions."""
        return ChannelName.DECISIONS

    def line(self) -> AbstractAsyncContextManager[Line]:
        """A connection of its own: a notice's row stays locked by another while this writes."""
        return _line(self.engine)


@asynccontextmanager
async def _line(make: Callable[[], Engine]) -> AsyncIterator[Line]:
    engine = make()
    try:
        yield _OutboxLine(engine)
    finally:
        engine.dispose()


@dataclass(frozen=True)
class _OutboxLine:
    engine: Engine

    async def hand_over(self, notice: DueNotice, now: datetime) -> Outcome:
        """Leave it in the outbox. Raises OperationalError while the database is away, as the dispatcher itself does."""
        with self.engine.begin() as connection:
            put = outbox.put_decision(connection, notice.id, decision_of(notice))
        return Outcome.ACCEPTED if put else Outcome.REFUSED


def decision_of(notice: DueNotice) -> Decision:
    """What a notice tells, as a record; a withdrawal and a test message tell only the reference."""
    if notice.kind in (NoticeKind.WITHDRAWN, NoticeKind.TRIAL):
        return Decision(id=notice.referral_id, told=Told(notice.kind))
    return Decision(
        id=notice.referral_id,
        told=Told(notice.kind),
        category=Category(notice.category) if notice.category else None,
        theme=notice.theme,
        level=Level(notice.level) if notice.level else None,
        places=notice.places,
        window_start=notice.window_start,
        window_end=notice.window_end,
        expires_at=notice.expires_at,
        one_reader=notice.place_notice,
    )
