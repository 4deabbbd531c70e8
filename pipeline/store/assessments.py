"""Judging a signal: confirm, reject or park, each in one transaction with its event and the trail.

The state tables of `signals.signal` are the only judge of steps. Run as an expert (`acting`). It forwards nothing.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Connection, text

from pipeline.store import claims, corrections, parking, trail
from pipeline.store.claims import READINGS, AlreadyRead, NothingToRead, lock, take
from pipeline.store.corrections import Correction
from pipeline.store.steps import write_step
from signals.label import LEVEL_ORDER, Category, Level
from signals.signal import ConfirmReason, ParkReason, RejectReason, SignalState, SignalStep, step

LONGEST_DUIDING = 1000


class SignalMovedOn(Exception):
    """Somebody decided while this reader was reading: the reading on the form is no longer the one asked for."""


class NeedsNonPolice(Exception):
    """Two police readers cannot confirm together; the second one must come from outside the police."""


class DuidingTooLong(Exception):
    """The reader's words are longer than a recipient should get."""


class Verdict(StrEnum):
    """What a reader decides."""

    CONFIRM = "confirm"
    REJECT = "reject"
    PARK = "park"


Reason = ConfirmReason | RejectReason | ParkReason

REASONS: dict[Verdict, type[ConfirmReason] | type[RejectReason] | type[ParkReason]] = {
    Verdict.CONFIRM: ConfirmReason,
    Verdict.REJECT: RejectReason,
    Verdict.PARK: ParkReason,
}


@dataclass(frozen=True)
class Judgement:
    """One reader's judgement. Category, level and what is corrected are the reader's own, not the machine's.

    `until` goes with parking: the moment at which the signal comes back; None leaves it parked until it expires.
    """

    verdict: Verdict
    reason: Reason
    category: Category
    level: Level
    duiding: str = ""
    correction: Correction = field(default_factory=Correction)
    until: datetime | None = None


_STEPS: dict[tuple[SignalState, Verdict], SignalStep] = {
    (SignalState.CLAIMED, Verdict.CONFIRM): SignalStep.CONFIRM_FIRST,
    (SignalState.CLAIMED, Verdict.REJECT): SignalStep.REJECT,
    (SignalState.CLAIMED, Verdict.PARK): SignalStep.PARK,
    (SignalState.CASUSOVERLEG, Verdict.CONFIRM): SignalStep.CONFIRM_SECOND,
    (SignalState.CASUSOVERLEG, Verdict.REJECT): SignalStep.REJECT,
    (SignalState.CASUSOVERLEG, Verdict.PARK): SignalStep.PARK,
}


def decide(
    connection: Connection, signal_id: UUID, user_id: UUID, reading: int, judgement: Judgement, now: datetime
) -> SignalState:
    """Write one reading and take the step that follows from it; answers the signal's new state.

    `reading` is the one the reader saw (1 first, 2 blind second, 3 after casusoverleg). Raises NoSuchSignal,
    AlreadyRead, NotBlind, ClaimedByAnother, SignalMovedOn, NothingToRead, NeedsNonPolice, DuidingTooLong,
    TooManyPlaces, OwnSchoolNamed or NoSuchTerm; then nothing changed.
    """
    if len(judgement.duiding) > LONGEST_DUIDING:
        raise DuidingTooLong(f"the duiding has at most {LONGEST_DUIDING} characters; shorten it")
    parking.check(judgement.until, now)
    locked = lock(connection, signal_id)
    if _read_before(connection, signal_id, user_id):
        raise AlreadyRead("you have read this signal; somebody else does the other reading")
    if locked.state not in READINGS:
        raise NothingToRead(f"this signal is {locked.state}; it waits for no reader")
    if READINGS[locked.state] != reading:
        raise SignalMovedOn("somebody else decided this reading while you were reading")
    corrections.check(connection, user_id, judgement.correction)
    take(connection, locked, signal_id, user_id, now)
    before = SignalState.CLAIMED if locked.state is SignalState.NEW else locked.state
    # The team was asked before anyone judged: this is the first reading, and a blind second one follows.
    first = judgement.verdict is Verdict.CONFIRM and reading == 3 and not _read_blind(connection, signal_id)
    number = 1 if first else reading
    _write_assessment(connection, signal_id, user_id, number, judgement, now)
    action = SignalStep.CONFIRM_FIRST if first else _STEPS.get((before, judgement.verdict))
    action = action or _second(connection, signal_id, judgement.verdict)
    after = step(before, action)
    category, level = Category(locked.category), Level(locked.level)
    if after is SignalState.CONFIRMED:
        category, level = _agreed(connection, signal_id)
        window = corrections.settle(connection, signal_id, user_id, locked).window
        locked = replace(locked, window_start=window.start, window_end=window.end)
    connection.execute(
        text(
            "UPDATE seinpost.signals SET state = :state, category = :category, level = :level, changed_at = :now,"
            "       window_start = :window_start, window_end = :window_end,"
            "       first_reader_police = CASE WHEN :first THEN"
            "           (SELECT u.police FROM seinpost.users u WHERE u.id = :user)"
            "           ELSE first_reader_police END"
            " WHERE id = :signal"
        ),
        {
            "state": after,
            "category": category,
            "level": level,
            "now": now,
            "window_start": locked.window_start,
            "window_end": locked.window_end,
            "first": action is SignalStep.CONFIRM_FIRST,
            "user": user_id,
            "signal": signal_id,
        },
    )
    if after is SignalState.PARKED:
        parking.park(connection, signal_id, user_id, judgement.until, now)
    write_step(connection, signal_id, action, before, after, user_id, now, {"reading": number})
    claims.end(connection, signal_id)
    trail.append(
        connection,
        f"assessment_{judgement.verdict}",
        "signal",
        str(signal_id),
        now,
        {"reading": str(number), "reason": judgement.reason.value, "state": after.value},
    )
    return after


def _second(connection: Connection, signal_id: UUID, verdict: Verdict) -> SignalStep:
    """The step of a second reading: alike settles it, unlike goes to casusoverleg.

    The first may have rejected (`pipeline.quality.second_readings`). It shows now that the reader's own is on a row.
    """
    first = connection.execute(
        text(
            "SELECT verdict FROM seinpost.assessments WHERE signal_id = :signal AND reading = 1   AND lapsed_at IS NULL"
        ),
        {"signal": signal_id},
    ).scalar_one()
    if first != verdict:
        return SignalStep.DISAGREE
    return SignalStep.CONFIRM_SECOND if verdict is Verdict.CONFIRM else SignalStep.REJECT


def _read_before(connection: Connection, signal_id: UUID, user_id: UUID) -> bool:
    found: bool = connection.execute(
        text("SELECT seinpost.has_read(:user, :signal)"), {"signal": signal_id, "user": user_id}
    ).scalar_one()
    return found


def _read_blind(connection: Connection, signal_id: UUID) -> bool:
    found: bool = connection.execute(
        text("SELECT seinpost.read_blind_already(:signal)"), {"signal": signal_id}
    ).scalar_one()
    return found


def _write_assessment(
    connection: Connection, signal_id: UUID, user_id: UUID, reading: int, judgement: Judgement, now: datetime
) -> None:
    """A reading that may confirm the signal keeps what the signal was before, so that undo can put it back."""
    places, window = judgement.correction.places, judgement.correction.window
    connection.execute(
        text(
            "INSERT INTO seinpost.assessments"
            " (signal_id, reading, user_id, police, verdict, reason, category, level, duiding, places, window_changed,"
            "  window_start, window_end, created_at, changed_from)"
            " SELECT s.id, :reading, u.id, u.police, :verdict, :reason, :category, :level, :duiding,"
            "        CAST(:places AS jsonb), :window_changed, CAST(:window_start AS timestamptz),"
            "        CAST(:window_end AS timestamptz), :now,"
            "        CASE WHEN :reading > 1 AND :verdict = 'confirm' THEN jsonb_build_object("
            "            'category', s.category, 'level', s.level,"
            "            'window_start', s.window_start, 'window_end', s.window_end,"
            "            'places', (SELECT coalesce(jsonb_agg(jsonb_build_object("
            "                               'id', p.place_id, 'kind', p.kind,"
            "                               'name', p.name, 'added_by', p.added_by)),"
            "                                 '[]')"
            "                         FROM seinpost.signal_places p WHERE p.signal_id = s.id)) END"
            "   FROM seinpost.users u, seinpost.signals s WHERE u.id = :user AND s.id = :signal"
        ),
        {
            "signal": signal_id,
            "reading": reading,
            "user": user_id,
            "verdict": judgement.verdict,
            "reason": judgement.reason.value,
            "category": judgement.category,
            "level": judgement.level,
            "duiding": judgement.duiding.strip(),
            "places": corrections.as_json(places) if places is not None else None,
            "window_changed": window is not None,
            "window_start": window.start if window else None,
            "window_end": window.end if window else None,
            "now": now,
        },
    )


def _agreed(connection: Connection, signal_id: UUID) -> tuple[Category, Level]:
    """What the readers who confirmed make of it together: the more urgent level, and the category that hurts most.

    A reader's own judgement is on the row by now, so row-level security shows the other one.
    """
    rows = connection.execute(
        text(
            "SELECT category, level, police FROM seinpost.assessments"
            " WHERE signal_id = :signal AND verdict = 'confirm' AND lapsed_at IS NULL ORDER BY reading"
        ),
        {"signal": signal_id},
    ).all()
    if all(row.police for row in rows):
        raise NeedsNonPolice("at least one of the two readers is not police; ask a colleague from outside the police")
    category = min((Category(row.category) for row in rows), key=list(Category).index)
    level = min((Level(row.level) for row in rows), key=LEVEL_ORDER.index)
    return category, level
