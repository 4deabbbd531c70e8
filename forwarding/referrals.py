"""A person's acts on referrals: prepare, withdraw, note a phone call. Each runs whole in the caller's transaction.

Nothing here sends; the dispatcher does, after the transaction is committed.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from forwarding.places import PlaceBook, installed_places
from forwarding.routing import propose
from forwarding.views import Preview, previews
from pipeline.store import trail
from pipeline.store.attempts import sqlstate
from pipeline.store.case import readings_open_to
from pipeline.store.claims import Locked, lock
from pipeline.store.notices import NoticeKind, add_notice
from pipeline.store.referrals import (
    NewReferral,
    add_event,
    add_referral,
    complete_place_notice,
    lock_referrals,
    open_place_notices,
    set_called,
    set_state,
)
from signals.referral import ReferralState, may_step
from signals.signal import SignalState, SignalStep, step

VISIBLE_FOR = timedelta(days=28)
"""How long a recipient can open a referral (`domain.md` 4.2)."""

CHOSEN_BY_HAND = "Een beoordelaar heeft deze ontvanger zelf gekozen."
_NOT_ALLOWED = "42501"


class NotReadyToRefer(Exception):
    """The signal is not in a state from which it can go to anybody."""


class NotSettledYet(NotReadyToRefer):
    """The readers can still take it back, and who is not one of them does not see their words until then."""


class NeedsTwoReaders(Exception):
    """The database refused: two readers who confirm are needed, at least one of them not police."""


class CannotBeSent(Exception):
    """A chosen contact may not receive this signal; nothing was prepared. `hindrances` says why, per contact."""

    def __init__(self, hindrances: dict[UUID, str]) -> None:
        super().__init__(
            f"{len(hindrances)} of the chosen contacts may not receive this signal; take them off the list"
        )
        self.hindrances = hindrances


class UnknownReferral(Exception):
    """There is no such referral for this user."""


class WithdrawReason(StrEnum):
    """Why a person withdraws what was sent."""

    FALSE_SIGNAL = "false_signal"
    WRONG_PLACE = "wrong_place"
    OVER = "over"
    OTHER = "other"


WITHDRAW_REASON_LABELS: dict[WithdrawReason, str] = {
    WithdrawReason.FALSE_SIGNAL: "onterecht signaal",
    WithdrawReason.WRONG_PLACE: "plaats klopt niet",
    WithdrawReason.OVER: "niet meer aan de orde",
    WithdrawReason.OTHER: "anders",
}


def prepare(
    connection: Connection,
    signal_id: UUID,
    contact_ids: Sequence[UUID],
    prepared_by: UUID,
    now: datetime,
    police_excerpt: bool = False,
    place_notice: bool = False,
    book: PlaceBook | None = None,
) -> list[UUID]:
    """Prepare a referral and its notice for each contact; ids of the referrals that are new or were completed.

    A contact that has one already gets no second. Raises NotReadyToRefer (NotSettledYet), NeedsTwoReaders,
    CannotBeSent, UnknownContact or NoSuchSignal; then nothing may be committed.
    """
    places = book or installed_places()
    locked = lock(connection, signal_id)
    _check_state(locked, place_notice)
    if not place_notice and not readings_open_to(connection, signal_id):
        raise NotSettledYet(
            "the readers can take this back for a minute yet; forward it then, or let one of them do it"
        )
    chosen = previews(connection, signal_id, contact_ids, places, police_excerpt, place_notice)
    hindrances = {seen.contact.id: seen.hindrance for seen in chosen if seen.hindrance is not None}
    if hindrances:
        raise CannotBeSent(hindrances)
    reasons = {
        proposal.contact_id: proposal.why
        for proposal in propose(connection, signal_id, police_excerpt, place_notice, places)
    }
    notices = frozenset() if place_notice else open_place_notices(connection, signal_id)
    prepared = []
    for seen in chosen:
        why = reasons.get(seen.contact.id, CHOSEN_BY_HAND)
        new = _referral(seen, signal_id, prepared_by, now, why, place_notice)
        referral_id = _store(connection, new, complete=seen.contact.id in notices)
        if referral_id is not None:
            prepared.append(referral_id)
    if prepared and not place_notice and locked.state is SignalState.CONFIRMED:
        _refer(connection, signal_id, locked, prepared_by, now)
    return prepared


def withdraw(
    connection: Connection, signal_id: UUID, withdrawn_by: UUID, now: datetime, reason: WithdrawReason
) -> list[UUID]:
    """Withdraw every referral of a signal and tell each recipient; ids of those that were not withdrawn before.

    A person's act, always. The recipient keeps the page, without its content, so that it can see that it was withdrawn.
    """
    lock(connection, signal_id)
    withdrawn = []
    for referral_id, state in lock_referrals(connection, signal_id):
        if may_step(state, ReferralState.WITHDRAWN):
            withdraw_one(connection, referral_id, state, withdrawn_by, now, reason)
            withdrawn.append(referral_id)
    return withdrawn


def withdraw_one(
    connection: Connection, referral_id: UUID, state: ReferralState, by: UUID, now: datetime, reason: WithdrawReason
) -> None:
    """Withdraw one referral, which the caller holds locked, and tell its recipient. Its event asks to be seen."""
    set_state(connection, referral_id, ReferralState.WITHDRAWN)
    add_event(connection, referral_id, now, state, ReferralState.WITHDRAWN, by, {"reason": reason.value})
    add_notice(connection, referral_id, NoticeKind.WITHDRAWN, now)
    trail.append(connection, "referral_withdrawn", "referral", str(referral_id), now, {"reason": reason.value})


def called(connection: Connection, referral_id: UUID, called_by: UUID, now: datetime) -> None:
    """Note that the contact was called (*gebeld*); the phone stays the first channel. Raises UnknownReferral."""
    state = set_called(connection, referral_id, now)
    if state is None:
        raise UnknownReferral("there is no such referral")
    add_event(connection, referral_id, now, state, state, called_by, {"called": "yes"})
    trail.append(connection, "referral_called", "referral", str(referral_id), now)


def _check_state(locked: Locked, place_notice: bool) -> None:
    ready = {SignalState.WAITING_SECOND} if place_notice else {SignalState.CONFIRMED, SignalState.REFERRED}
    if locked.state not in ready:
        raise NotReadyToRefer(f"a signal that is {locked.state} cannot be sent to anybody")


def _referral(
    seen: Preview, signal_id: UUID, prepared_by: UUID, now: datetime, why: str, place_notice: bool
) -> NewReferral:
    if seen.contact.agreement_id is None:  # `hindrance` refused this before; the row needs its agreement
        raise CannotBeSent({seen.contact.id: "geen convenant"})
    return NewReferral(
        signal_id=signal_id,
        contact_id=seen.contact.id,
        kind=seen.kind,
        agreement_id=seen.contact.agreement_id,
        place_notice=place_notice,
        why=why,
        prepared_by=prepared_by,
        prepared_at=now,
        expires_at=now + VISIBLE_FOR,
        **vars(seen.view),
    )


def _store(connection: Connection, new: NewReferral, complete: bool) -> UUID | None:
    """Insert a referral or complete a place notice, with event, notice and trail line; None when nothing is new."""
    try:
        referral_id = None if complete else add_referral(connection, new)
        completed = complete_place_notice(connection, new) if complete else None
    except DBAPIError as error:
        if sqlstate(error) == _NOT_ALLOWED and "reader" in str(error.orig):
            raise NeedsTwoReaders("two readers must confirm first, at least one of them not police") from None
        raise
    if referral_id is not None:
        detail = {"place_notice": "yes"} if new.place_notice else {}
        add_event(connection, referral_id, new.prepared_at, None, ReferralState.PREPARED, new.prepared_by, detail)
        add_notice(connection, referral_id, NoticeKind.NEW, new.prepared_at)
        detail = {**detail, "contact": str(new.contact_id), "kind": new.kind.value}
        trail.append(connection, "referral_prepared", "referral", str(referral_id), new.prepared_at, detail)
    elif completed is not None:
        referral_id, state = completed
        add_event(connection, referral_id, new.prepared_at, state, state, new.prepared_by, {"completed": "yes"})
        add_notice(connection, referral_id, NoticeKind.STATUS, new.prepared_at)
        trail.append(connection, "referral_completed", "referral", str(referral_id), new.prepared_at)
    return referral_id


def _refer(connection: Connection, signal_id: UUID, locked: Locked, by: UUID, now: datetime) -> None:
    """The signal itself moves to referred, once, however many contacts follow later."""
    after = step(locked.state, SignalStep.REFER)
    connection.execute(
        text("UPDATE seinpost.signals SET state = :state, changed_at = :now WHERE id = :signal"),
        {"state": after, "now": now, "signal": signal_id},
    )
    connection.execute(
        text(
            """INSERT INTO seinpost.signal_events (signal_id, at, step, from_state, to_state, user_id)
               VALUES (:signal, :now, :step, :before, :after, :user)"""
        ),
        {
            "signal": signal_id,
            "now": now,
            "step": SignalStep.REFER,
            "before": locked.state,
            "after": after,
            "user": by,
        },
    )
