"""Correcting a signal that was sent (*rectificatie*): each recipient's view is cut anew, and each is asked to see it.

One person proposes and another agrees, as with all that leaves; withdrawing takes one. It reaches nobody new. A
recipient to whom no corrected place belongs any more is withdrawn from. Nothing here sends.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from forwarding.current_ids import contacts_by_id, content_of, corridors
from forwarding.places import PlaceBook, installed_places
from forwarding.referrals import WithdrawReason, withdraw_one
from forwarding.views import look
from pipeline.store import corrections, proposed_corrections, recutting, trail
from pipeline.store.claims import Locked, lock
from pipeline.store.corrections import Correction, Window
from pipeline.store.notices import NoticeKind, add_notice
from pipeline.store.queue import NamedPlace
from pipeline.store.recutting import StandingReferral
from pipeline.store.referrals import add_event
from pipeline.store.steps import write_step
from signals.label import Category, Level
from signals.signal import SignalState, SignalStep, step


class NotToCorrect(Exception):
    """The signal was not sent, or is over; only what recipients hold now is corrected."""


class NotASignal(Exception):
    """No kind, or a mere expression: such a signal is withdrawn, not corrected."""


class SexualStays(Exception):
    """A signal of sexual harm stays one: another kind would show recipients more. Withdraw it and read it again."""


@dataclass(frozen=True)
class Corrected:
    """What the signal is from now on."""

    category: Category
    level: Level
    places: tuple[NamedPlace, ...]
    window: Window


@dataclass(frozen=True)
class Reached:
    """Whose view changed, and from whom the signal was withdrawn; ids of referrals."""

    changed: tuple[UUID, ...] = ()
    withdrawn: tuple[UUID, ...] = ()


def propose_correction(
    connection: Connection, signal_id: UUID, after: Corrected, proposed_by: UUID, now: datetime
) -> UUID | None:
    """Propose what a forwarded signal is from now on; None when that is what it is already. Nothing leaves yet.

    Raises NotToCorrect, NotASignal, SexualStays, NoSuchSignal, or what `corrections.check` raises.
    """
    locked = lock(connection, signal_id)
    _may_become(locked, after)
    corrections.check(connection, proposed_by, Correction(after.places))
    if not _what(_stands(locked, corrections.places_of(connection, signal_id)), after):
        return None
    proposal = proposed_corrections.propose(
        connection, signal_id, after.category, after.level, after.places, after.window, now
    )
    trail.append(connection, "correction_proposed", "signal", str(signal_id), now)
    return proposal


def agree_to_correction(
    connection: Connection,
    signal_id: UUID,
    proposal_id: UUID,
    agreed_by: UUID,
    now: datetime,
    police_excerpt: bool = False,
    book: PlaceBook | None = None,
) -> Reached:
    """Carry out a colleague's proposal: kind, level, place and time of the signal, and every recipient's view of it.

    Raises NoSuchProposal, OwnProposal, BothPolice, and what `propose_correction` raises; then nothing may be committed.
    """
    places = book or installed_places()
    locked = lock(connection, signal_id)
    proposal = proposed_corrections.still_open(connection, signal_id, proposal_id)
    corrections.check(connection, agreed_by, Correction(proposal.places))
    proposed_corrections.agree(connection, proposal, agreed_by, now)
    after = Corrected(proposal.category, proposal.level, proposal.places, proposal.window)
    _may_become(locked, after)
    before = _stands(locked, corrections.replace_places(connection, signal_id, agreed_by, after.places))
    which = _what(before, after)
    if not which:
        return Reached()
    recutting.relabel(connection, signal_id, after.category, after.level, after.window.start, after.window.end)
    state = step(locked.state, SignalStep.CORRECT)
    detail = {"changed": which}
    write_step(connection, signal_id, SignalStep.CORRECT, locked.state, state, agreed_by, now, detail)
    trail.append(connection, "signal_corrected", "signal", str(signal_id), now, {"changed": ",".join(which)})
    return _reach(connection, signal_id, agreed_by, now, police_excerpt, places)


def drop_correction(connection: Connection, signal_id: UUID, proposal_id: UUID, now: datetime) -> None:
    """Leave the signal as it is. Raises NoSuchProposal or NoSuchSignal."""
    lock(connection, signal_id)
    proposed_corrections.drop(connection, signal_id, proposal_id, now)
    trail.append(connection, "correction_dropped", "signal", str(signal_id), now)


def _may_become(locked: Locked, after: Corrected) -> None:
    if after.category is Category.NONE or after.level is Level.UITING:
        raise NotASignal("a signal that is none any more is withdrawn")
    if locked.state is not SignalState.REFERRED:
        raise NotToCorrect(f"a signal that is {locked.state} cannot be corrected")
    if locked.category == Category.SEXUAL and after.category is not Category.SEXUAL:
        raise SexualStays("a signal of sexual harm keeps its kind")


def _stands(locked: Locked, places: tuple[NamedPlace, ...]) -> Corrected:
    return Corrected(
        Category(locked.category), Level(locked.level), places, Window(locked.window_start, locked.window_end)
    )


def _what(before: Corrected, after: Corrected) -> list[str]:
    """Which of the four changed, as codes."""
    pairs = {
        "category": (before.category, after.category),
        "level": (before.level, after.level),
        "place": ({place.id for place in before.places}, {place.id for place in after.places}),
        "window": (before.window, after.window),
    }
    return [name for name, (old, new) in pairs.items() if old != new]


def _reach(
    connection: Connection, signal_id: UUID, by: UUID, now: datetime, police_excerpt: bool, book: PlaceBook
) -> Reached:
    content = content_of(connection, signal_id, book)
    lists = corridors(connection, content, book)
    sent = recutting.standing(connection, signal_id)
    contacts = contacts_by_id(connection, [one.contact_id for one in sent], book)
    changed: list[UUID] = []
    withdrawn: list[UUID] = []
    for one in sent:
        seen = look(contacts[one.contact_id], content, lists, book, police_excerpt, one.place_notice)
        if seen.hindrance is not None:
            withdraw_one(connection, one.id, one.state, by, now, WithdrawReason.WRONG_PLACE)
            withdrawn.append(one.id)
        elif recutting.recut(connection, one.id, vars(seen.view)):
            _tell(connection, one, by, now)
            changed.append(one.id)
    return Reached(tuple(changed), tuple(withdrawn))


def _tell(connection: Connection, one: StandingReferral, by: UUID, now: datetime) -> None:
    """The event starts the clock on which the recipient is asked to see it."""
    add_event(connection, one.id, now, one.state, one.state, by, {"changed": "yes"})
    add_notice(connection, one.id, NoticeKind.CHANGED, now, occasion=now.isoformat())
    trail.append(connection, "referral_changed", "referral", str(one.id), now)
