"""Tells recipients that something waits for them: takes due notices and writes down what came of each.

It decides nothing about who hears what, and it can read no excerpt, no reading and no link (its role has no grant).
How a notice travels is its channel's matter.
"""

import asyncio
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import OperationalError

from forwarding.bell import Bell
from forwarding.channels.channel import Channel, Line, Outcome
from forwarding.directory_trials import tell_trial
from forwarding.patience import Patience as Patience
from pipeline.store import trail
from pipeline.store.notices import (
    DueNotice,
    NoticeKind,
    claim_due,
    fail_referral,
    mark_failed,
    mark_told,
    mark_tried,
)
from pipeline.store.referrals import add_event
from signals.referral import ReferralState

_log = structlog.get_logger(__name__)


class _Call:
    """Calls every line at once; a line that was busy when it was called does not miss it."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._calls = 0

    def ring(self) -> None:
        with self._changed:
            self._calls += 1
            self._changed.notify_all()

    @property
    def heard(self) -> int:
        with self._changed:
            return self._calls

    def wait(self, heard: int, longest: float) -> None:
        """Return when it has rung since `heard`, or when `longest` seconds have passed."""
        with self._changed:
            self._changed.wait_for(lambda: self._calls > heard, longest)


@dataclass(frozen=True)
class _Work:
    engine: Engine
    clock: Callable[[], datetime]
    stop: threading.Event
    patience: Patience
    poll: timedelta
    call: _Call
    broken: list[Exception] = field(default_factory=list)


def lines_of(channels: Sequence[Channel]) -> int:
    """How many lines these channels have together, and so how many database connections telling needs."""
    return sum(channel.lines for channel in channels)


def run(
    engine: Engine,
    channels: Sequence[Channel],
    clock: Callable[[], datetime],
    stop: threading.Event,
    patience: Patience | None = None,
    poll: timedelta = timedelta(seconds=5),
) -> None:
    """Tell what is due until `stop` is set; wakes when a notice is added, and at least every `poll`.

    `engine` is logged in as seinpost_dispatch and has a connection for each line. Every line works in a thread of its
    own, so that a receiver that is slow holds up nobody else's channel. A database that is away is waited for; any
    other error ends them all and is raised here.
    """
    work = _Work(engine, clock, stop, patience or Patience(), poll, _Call())
    threads = [
        threading.Thread(target=_keep_telling, args=(work, channel), name=f"{channel.name}-{number}")
        for channel in channels
        for number in range(channel.lines)
    ]
    for thread in threads:
        thread.start()
    try:
        _listen(work)
    finally:
        stop.set()
        work.call.ring()
        for thread in threads:
            thread.join()
    if work.broken:
        raise work.broken[0]


def _listen(work: _Work) -> None:
    while not work.stop.is_set():
        try:
            with Bell(work.engine) as bell:
                while not work.stop.is_set():
                    work.call.ring()  # also at once: a notice may have come before we listened
                    bell.wait(work.poll, work.stop)
        except OperationalError:
            _log.warning("dispatch_database_away")
            work.stop.wait(min(work.poll.total_seconds(), 5.0))


def _keep_telling(work: _Work, channel: Channel) -> None:
    while not work.stop.is_set():
        heard = work.call.heard  # before looking, so that no call slips in between
        try:
            asyncio.run(_tell_all(work, channel))
        except OperationalError:
            work.stop.wait(min(work.poll.total_seconds(), 5.0))
            continue
        except Exception as error:  # a line must not end unseen while the others go on
            work.broken.append(error)
            work.stop.set()
        if not work.stop.is_set():
            work.call.wait(heard, work.poll.total_seconds())


async def _tell_all(work: _Work, channel: Channel) -> None:
    async with channel.line() as line:
        with work.engine.connect() as connection:
            while not work.stop.is_set() and (
                await tell_some(connection, channel, line, work.clock, work.patience)
                # A test message only when no notice waits: no signal has to wait for one.
                or await tell_trial(connection, channel, line, work.clock, work.patience)
            ):
                pass


async def tell_some(
    connection: Connection, channel: Channel, line: Line, clock: Callable[[], datetime], patience: Patience
) -> int:
    """Tell the notices that are due the longest, as many as the line tells at once; how many there were.

    The rows stay locked from before the hand-over until the outcomes are committed. When this process is killed in
    between, the locks fall and the notices are told again: neither SMTP nor HTTP can make "the other side took it" and
    "we wrote it down" one step, so the gap between its answer and our commit can only be closed at the receiver. It is
    one notice wide on each open connection, and a repeat carries the same Message-ID or webhook-id, so it can be
    dropped.
    """
    with connection.begin():
        due = claim_due(connection, clock(), channel.name, channel.together)
        now = clock()
        reasons = {notice.id: _obsolete(notice, now) for notice in due}
        wanted = [notice for notice in due if reasons[notice.id] is None]
        outcomes = await asyncio.gather(*(line.hand_over(notice, now) for notice in wanted))
        for notice in due:
            if (reason := reasons[notice.id]) is not None:
                mark_failed(connection, notice.id, reason)
                _log.info("notice_dropped", notice=str(notice.id), reason=reason)
        _write_down(connection, list(zip(wanted, outcomes, strict=True)), clock(), patience)
    return len(due)


def _obsolete(notice: DueNotice, now: datetime) -> str | None:
    """Why a notice need not be told any more, as a code; None when it must be."""
    if not notice.contact_active:
        return "contact_left"
    if notice.expires_at <= now:
        return "expired"
    if notice.referral_state is ReferralState.WITHDRAWN and notice.kind is not NoticeKind.WITHDRAWN:
        return "withdrawn"
    if notice.kind is NoticeKind.WITHDRAWN:
        return None  # it tells nothing but that, and whoever was told must hear it
    return None if notice.allowed else "not_allowed"


def _write_down(
    connection: Connection, outcomes: Sequence[tuple[DueNotice, Outcome]], now: datetime, patience: Patience
) -> None:
    for notice, outcome in outcomes:
        if outcome is not Outcome.ACCEPTED:
            _not_told(connection, notice, outcome, now, patience)
    told = [notice for notice, outcome in outcomes if outcome is Outcome.ACCEPTED]
    if told:
        mark_told(connection, [notice.id for notice in told], now)  # last: it holds the trail until the commit
    for notice in told:
        _log.info("notice_sent", notice=str(notice.id), kind=notice.kind.value, channel=notice.channel.value)


def _not_told(connection: Connection, notice: DueNotice, outcome: Outcome, now: datetime, patience: Patience) -> None:
    attempts = notice.attempts + 1
    problem = {"kind": notice.kind.value, "channel": notice.channel.value, "problem": outcome.value}
    if outcome.final or attempts >= patience.tries:
        mark_failed(connection, notice.id, outcome.value)
        if notice.kind is NoticeKind.NEW and fail_referral(connection, notice.referral_id, notice.id):
            add_event(connection, notice.referral_id, now, ReferralState.PREPARED, ReferralState.FAILED, None, problem)
        trail.append(connection, "notice_failed", notice.about, str(notice.referral_id), now, problem)
        _log.error("notice_failed", notice=str(notice.id), attempts=attempts, **problem)
        return
    mark_tried(connection, notice.id, outcome.value, now + patience.wait_after(attempts))
    _log.warning("notice_waits", notice=str(notice.id), attempts=attempts, **problem)
