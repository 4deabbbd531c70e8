"""Test messages (*proefberichten*): tells those that people asked for, over the same lines as notices and after them.

It shows whether what is sent to a contact arrives. No signal stands behind one, and it knows of none.
"""

from collections.abc import Callable
from datetime import datetime

import structlog
from sqlalchemy import Connection

from forwarding.channels.channel import Channel, Line, Outcome
from forwarding.patience import Patience
from pipeline.store import trail, trial_messages
from pipeline.store.notices import DueNotice
from pipeline.store.trial_messages import TrialState

_log = structlog.get_logger(__name__)


async def tell_trial(
    connection: Connection, channel: Channel, line: Line, clock: Callable[[], datetime], patience: Patience
) -> bool:
    """Tell the test message that is due the longest, and write down what came of it; whether there was one.

    Its row stays locked from before the hand-over until the outcome is committed, as with a notice.
    """
    with connection.begin():
        message = trial_messages.due(connection, clock(), channel.name)
        if message is None:
            return False
        now = clock()
        problem = _obsolete(message, now)
        if problem is None:
            outcome = await line.hand_over(message, now)
            now = clock()
            if outcome is Outcome.ACCEPTED:
                _settle(connection, message, TrialState.SENT, "", now)
                return True
            problem = outcome.value
            if not outcome.final and message.attempts + 1 < patience.tries:
                wait = patience.wait_after(message.attempts + 1)
                trial_messages.mark_tried(connection, message.id, problem, now + wait)
                _log.warning("trial_waits", message=str(message.id), problem=problem)
                return True
        _settle(connection, message, TrialState.FAILED, problem, now)
    return True


def _obsolete(message: DueNotice, now: datetime) -> str | None:
    """Why a test message need not be told any more, as a code; None when it must be."""
    if not message.contact_active:
        return "contact_left"
    if message.expires_at <= now:
        return "expired"
    return None if message.allowed else "not_allowed"


def _settle(connection: Connection, message: DueNotice, state: TrialState, problem: str, now: datetime) -> None:
    contact = trial_messages.settle(connection, message.id, state, problem, now)
    told = {"trial": str(message.referral_id), "channel": message.channel.value}
    told |= {"problem": problem} if problem else {}
    trail.append(connection, f"trial_{state.value}", "contact", str(contact), now, told)
    _log.info("trial_settled", message=str(message.id), state=state.value, problem=problem)
