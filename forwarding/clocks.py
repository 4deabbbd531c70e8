"""The sweep over answer clocks: reminds a recipient, proposes a next contact to the expert, and raises the alarm.

It sends nothing to anybody new: a next contact is shown to a person, who sends. Each step is one event of the referral
and happens once, however often the sweep runs or dies: the clock's row is locked, and a reminder's id derives from it.
After a stop it takes every late step; browsers hear of it once a transaction, and a screen says how many are late.
"""

import threading
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import datetime, timedelta

import structlog
from sqlalchemy import Connection, Engine

from forwarding.answer_terms import SHIPPED, Hours, Term, moments, term_of
from forwarding.sweeping import swept
from pipeline.store import answer_clocks, trail
from pipeline.store.answer_clocks import DueClock, Stage
from pipeline.store.notices import NoticeKind, add_notice
from pipeline.store.referrals import add_event
from signals.referral import ReferralState

_log = structlog.get_logger(__name__)

MOST_ROUNDS = 100
"""Transactions of one sweep; what is left waits for the next one."""
POLL = timedelta(seconds=15)


def sweeping(
    engine: Engine,
    hours: Hours,
    clock: Callable[[], datetime],
    stop: threading.Event,
    terms: Sequence[Term] = SHIPPED,
    poll: timedelta = POLL,
) -> AbstractContextManager[None]:
    """Sweep beside what runs in the block. `engine` is logged in as seinpost_dispatch."""
    return swept("answer-clocks", lambda now: sweep(engine, hours, now, terms), clock, stop, poll)


def sweep(engine: Engine, hours: Hours, now: datetime, terms: Sequence[Term] = SHIPPED) -> int:
    """Move every clock that is due; says how many steps were taken."""
    steps = 0
    for _ in range(MOST_ROUNDS):
        with engine.begin() as connection:
            due = answer_clocks.claim_due(connection, now, answer_clocks.MOST_AT_ONCE)
            steps += sum(_move(connection, one, hours, now, terms) for one in due)
        if len(due) < answer_clocks.MOST_AT_ONCE:
            break
    return steps


def _move(connection: Connection, due: DueClock, hours: Hours, now: datetime, terms: Sequence[Term]) -> int:
    """Take every step of one clock whose moment has come; how many those were."""
    if due.expires_at <= now:
        answer_clocks.expire(connection, due.id, now)
        return 0
    ahead = moments(term_of(terms, due.waits_for, due.level), due.started_at, hours)
    stages = [stage for stage, _ in ahead]
    if due.stage in stages:
        ahead = ahead[stages.index(due.stage) + 1 :]
    elif due.stage is Stage.CALLED:
        ahead = ()
    taken = [stage for stage, moment in ahead if moment <= now]
    for stage in taken:
        _take(connection, due, stage, now)
    reached = taken[-1] if taken else Stage.RUNNING if due.stage is Stage.FRESH else due.stage
    next_at = ahead[len(taken)][1] if len(taken) < len(ahead) else due.expires_at
    answer_clocks.move(connection, due.id, reached, min(next_at, due.expires_at))
    return len(taken)


def _take(connection: Connection, due: DueClock, stage: Stage, now: datetime) -> None:
    # After a stop everything is late at once: who hears of it for the first time only now gets no reminder beside it.
    if stage is Stage.REMINDED and not due.still_to_hear:
        # Of a withdrawal just that is told again; a reminder names place and time, which are to be forgotten.
        kind = NoticeKind.WITHDRAWN if due.referral_state is ReferralState.WITHDRAWN else NoticeKind.REMINDER
        add_notice(connection, due.referral_id, kind, now, occasion=str(due.id))
    state, detail = due.referral_state, {stage.value: due.waits_for.value}
    add_event(connection, due.referral_id, now, state, state, None, detail)
    trail.append(connection, f"referral_{stage}", "referral", str(due.referral_id), now, detail)
    _log.info("answer_clock", referral=str(due.referral_id), stage=stage.value, waits_for=due.waits_for.value)
