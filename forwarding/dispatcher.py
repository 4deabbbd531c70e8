"""Tells recipients by e-mail that something waits for them: takes due notices one by one and writes down what came.

It decides nothing about who hears what, and it can read no excerpt, no reading and no link (its role has no grant).
"""

import asyncio
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import OperationalError

from forwarding.bell import Bell
from forwarding.mail_server import MailLine, MailServer, Outcome
from forwarding.message import compose
from pipeline.store import trail
from pipeline.store.notices import (
    DueNotice,
    NoticeKind,
    claim_due,
    mark_failed,
    mark_sent,
    mark_tried,
    move_referral,
)
from pipeline.store.referrals import add_event
from signals.referral import ReferralState

_log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Patience:
    """How often a notice is tried before it fails, and the wait between tries: doubling from `first` to `longest`."""

    tries: int = 10
    first: timedelta = timedelta(seconds=5)
    longest: timedelta = timedelta(minutes=15)

    def wait_after(self, attempts: int) -> timedelta:
        """The wait after this many failed tries."""
        doublings: int = 2 ** min(attempts - 1, 20)
        return min(self.first * doublings, self.longest)


def run(
    engine: Engine,
    server: MailServer,
    base_url: str,
    clock: Callable[[], datetime],
    stop: threading.Event,
    patience: Patience | None = None,
    poll: timedelta = timedelta(seconds=5),
) -> None:
    """Tell what is due until `stop` is set; wakes when a notice is added, and at least every `poll`.

    `engine` is logged in as seinpost_dispatch. A database that is away is waited for.
    """
    asyncio.run(_run(engine, server, base_url, clock, stop, patience or Patience(), poll))


async def _run(
    engine: Engine,
    server: MailServer,
    base_url: str,
    clock: Callable[[], datetime],
    stop: threading.Event,
    patience: Patience,
    poll: timedelta,
) -> None:
    while not stop.is_set():
        try:
            with Bell(engine) as bell:  # listen before looking, so that no notice slips in between
                while not stop.is_set():
                    async with MailLine(server) as line:
                        while not stop.is_set() and await tell_one(engine, line, server, base_url, clock, patience):
                            pass
                    await asyncio.to_thread(bell.wait, poll, stop)
        except OperationalError:
            _log.warning("dispatch_database_away")
            await asyncio.to_thread(stop.wait, min(poll.total_seconds(), 5.0))


async def tell_one(
    engine: Engine,
    line: MailLine,
    server: MailServer,
    base_url: str,
    clock: Callable[[], datetime],
    patience: Patience,
) -> bool:
    """Tell the notice that is due the longest; whether there was one.

    The row stays locked from before the hand-over until its outcome is committed. When this process is killed in
    between, the lock falls and the notice is told again: SMTP has no way to make "the server took it" and "we wrote
    it down" one step, so the gap between its answer to DATA and our commit can only be closed at the receiver. It is
    one notice wide (each is its own transaction), and a repeat carries the same Message-ID, so it can be dropped.
    """
    with engine.begin() as connection:
        notice = claim_due(connection, clock())
        if notice is None:
            return False
        obsolete = _obsolete(notice, clock())
        if obsolete is not None:
            mark_failed(connection, notice.id, obsolete)
            _log.info("notice_dropped", notice=str(notice.id), reason=obsolete)
            return True
        outcome = await line.hand_over(compose(notice, server.sender, base_url, clock()))
        _write_down(connection, notice, outcome, clock(), patience)
    return True


def _obsolete(notice: DueNotice, now: datetime) -> str | None:
    """Why a notice need not be told any more, as a code; None when it must be."""
    if not notice.contact_active:
        return "contact_left"
    if notice.expires_at <= now:
        return "expired"
    if notice.referral_state is ReferralState.WITHDRAWN and notice.kind is not NoticeKind.WITHDRAWN:
        return "withdrawn"
    return None


def _write_down(connection: Connection, notice: DueNotice, outcome: Outcome, now: datetime, patience: Patience) -> None:
    if outcome is Outcome.ACCEPTED:
        mark_sent(connection, notice.id, now)
        _move(connection, notice, ReferralState.SENT, now, {"notice": notice.kind.value})
        trail.append(connection, "notice_sent", "referral", str(notice.referral_id), now, {"kind": notice.kind.value})
        _log.info("notice_sent", notice=str(notice.id), kind=notice.kind.value)
        return
    attempts = notice.attempts + 1
    if outcome.final or attempts >= patience.tries:
        mark_failed(connection, notice.id, outcome.value)
        _move(connection, notice, ReferralState.FAILED, now, {"problem": outcome.value})
        trail.append(connection, "notice_failed", "referral", str(notice.referral_id), now, {"problem": outcome.value})
        _log.error("notice_failed", notice=str(notice.id), problem=outcome.value, attempts=attempts)
        return
    mark_tried(connection, notice.id, outcome.value, now + patience.wait_after(attempts))
    _log.warning("notice_waits", notice=str(notice.id), problem=outcome.value, attempts=attempts)


def _move(
    connection: Connection, notice: DueNotice, after: ReferralState, now: datetime, detail: dict[str, str]
) -> None:
    """The first notice moves its referral on, unless the recipient was quicker and read it in the portal already."""
    if notice.kind is NoticeKind.NEW and move_referral(connection, notice.referral_id, ReferralState.PREPARED, after):
        add_event(connection, notice.referral_id, now, ReferralState.PREPARED, after, None, detail)
