"""The reading protocol as a state machine against the real database: claims, readings, undo, casusoverleg, parking.

Random readers do random things in a random order, with time passing by. After every act promise 1 must hold in what is
stored, whatever was refused on the way.
"""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from uuid import UUID

import psycopg
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import Connection, Engine, text

from pipeline.store import assessments, claims, closing, parking, thread, undo
from pipeline.store.assessments import DuidingTooLong, Judgement, NeedsNonPolice, Reason, SignalMovedOn, Verdict
from pipeline.store.claims import LEASE, READINGS, AlreadyRead, ClaimedByAnother, NothingToRead
from pipeline.store.closing import NotToClose
from pipeline.store.connection import Database, acting
from pipeline.store.parking import NeedsSecondPerson, NoSuchTerm, NotParked
from pipeline.store.thread import LastBlindReader, NotInOverleg
from pipeline.store.undo import CannotUndo
from signals.label import Category, Level
from signals.signal import SIGNAL_STEPS, ConfirmReason, Outcome, ParkReason, RejectReason, SignalState, SignalStep
from tests.database import owner_connection
from tests.people import add_user
from tests.soak import Soak

_REFUSALS = (
    *(AlreadyRead, ClaimedByAnother, NothingToRead, SignalMovedOn, NeedsNonPolice, DuidingTooLong, CannotUndo),
    *(LastBlindReader, NotInOverleg, NotParked, NeedsSecondPerson, NoSuchTerm, NotToClose),
)
_REASONS: dict[Verdict, Reason] = {
    Verdict.CONFIRM: ConfirmReason.DIRECTED,
    Verdict.REJECT: RejectReason.ART,
    Verdict.PARK: ParkReason.CONTEXT_WANTED,
}
_PEOPLE = (("anna", False), ("bram", False), ("chris", True), ("dirk", True))
_TIMES = (timedelta(seconds=5), timedelta(seconds=61), LEASE + timedelta(seconds=1))


_OF_PEOPLE = {
    step.value
    for step in SignalStep
    if step
    not in {
        *(SignalStep.CLAIM, SignalStep.RELEASE, SignalStep.EXPIRE, SignalStep.SIGHT_AGAIN),
        *(SignalStep.REFER, SignalStep.READ_AGAIN, SignalStep.CORRECT),
    }
}


class Protocol(RuleBasedStateMachine):
    """Four experts, two of them police, and one signal at a time."""

    database: Database
    engine: Engine
    owner: psycopg.Connection
    people: tuple[UUID, ...]
    began = datetime(1500, 1, 1, tzinfo=UTC)

    readers = st.integers(0, len(_PEOPLE) - 1)
    verdicts = st.sampled_from(Verdict)

    @initialize()
    def a_new_signal(self) -> None:
        """A fresh signal with a text; those of before stay as they ended."""
        Protocol.began += timedelta(days=400)  # no other signal's readings are of this time
        self.now = Protocol.began
        self.signal = UUID(bytes=secrets.token_bytes(16), version=4)
        self.refused = 0
        self.owner.execute(
            "INSERT INTO signals (id, lane, state, category, level, imminent, genre, lang, source, sightings, seen_at)"
            " VALUES (%s, 'ordinary', 'new', 'threat', 'concreet', false, 'chat', 'nl', 'tip', 1, %s)",
            (self.signal, self.now),
        )
        self.owner.execute(
            "INSERT INTO sightings (post_id, signal_id, event_id, revision, source, seen_at, text, analysis)"
            " VALUES (gen_random_uuid(), %s, gen_random_uuid(), 1, 'tip', %s, 'een verzonnen bericht', '{}')",
            (self.signal, self.now),
        )

    @contextmanager
    def acts(self, reader: int) -> Iterator[Connection]:
        """A transaction of one reader; a refusal rolls it back whole."""
        try:
            with acting(self.engine, self.people[reader], "seinpost_expert") as connection:
                yield connection
        except _REFUSALS:
            self.refused += 1

    def state(self) -> SignalState:
        """The stored state."""
        return SignalState(self.rows("SELECT state FROM signals WHERE id = %s")[0][0])

    def rows(self, statement: str) -> list[tuple[object, ...]]:
        """What the owner sees of this signal."""
        return self.owner.execute(statement.encode(), (self.signal,)).fetchall()  # type: ignore[return-value]

    @rule(reader=readers, what=st.sampled_from(["take", "give_back", "up", "down", "look"]))
    def hold(self, reader: int, what: str) -> None:
        """Open it, let go, lift it to the head of the queue or put it back, or just look."""
        me = self.people[reader]
        with self.acts(reader) as connection:
            if what == "take":
                claims.claim(connection, self.signal, me, self.now)
            elif what == "give_back":
                claims.release(connection, self.signal, me)
            elif what == "look":
                self.look(connection, me)
            else:
                closing.escalate(connection, self.signal, me, self.now, up=what == "up")

    @rule(reader=readers, verdict=verdicts, acute=st.booleans(), until=st.sampled_from([None, *_TIMES]))
    def judge(self, reader: int, verdict: Verdict, acute: bool, until: timedelta | None) -> None:
        """Send the form of the reading that the signal waits for."""
        level = Level.ACUUT if acute else Level.CONCREET
        moment = self.now + until if until is not None and verdict is Verdict.PARK else None
        judgement = Judgement(verdict, _REASONS[verdict], Category.THREAT, level, until=moment)
        with self.acts(reader) as connection:
            waits_for = READINGS.get(self.state(), 1)
            assessments.decide(connection, self.signal, self.people[reader], waits_for, judgement, self.now)

    @rule(first=readers, verdict=st.sampled_from([Verdict.CONFIRM, *Verdict]), then=st.integers(0, 3))
    def somebody_who_may_judges(self, first: int, verdict: Verdict, then: int) -> None:
        """The first of the readers, in some order, who is not refused: so that walks come far. Some regret it at once,
        and what is parked may get another term."""
        if self.state() in {SignalState.REJECTED, SignalState.CLOSED}:
            self.a_new_signal()
            if then > 1:
                self.talk(first)
        elif self.state() is SignalState.PARKED:
            self.go_on(first, then > 1)
        before = len(self.rows("SELECT 1 FROM assessments WHERE signal_id = %s"))
        for reader in range(first, first + len(_PEOPLE)):
            self.judge(reader % len(_PEOPLE), verdict, False, None)
            if len(self.rows("SELECT 1 FROM assessments WHERE signal_id = %s")) > before:
                if then == 0:
                    self.take_back(reader % len(_PEOPLE))
                elif then == 1:
                    self.go_on((reader + 1) % len(_PEOPLE), False)
                return

    @rule(reader=readers)
    def take_back(self, reader: int) -> None:
        """Undo what the page offers; what it does not offer is refused."""
        newest = self.rows("SELECT id FROM assessments WHERE signal_id = %s ORDER BY created_at DESC, reading DESC")
        with self.acts(reader) as connection:
            offer = undo.offered(connection, self.people[reader], self.now)
            asked = offer.assessment if offer is not None else UUID(str(newest[0][0])) if newest else None
            if asked is not None:
                undo.undo(connection, self.signal, asked, self.people[reader], self.now)
                assert offer is not None, "what can be taken back is offered"

    @rule(reader=readers)
    def talk(self, reader: int) -> None:
        """Bring it to the team, or take part in the talk."""
        with self.acts(reader) as connection:
            if self.state() is SignalState.CASUSOVERLEG:
                thread.say(connection, self.signal, self.people[reader], "ik niet", (), self.now)
            else:
                thread.ask(connection, self.signal, self.people[reader], "wie kent dit?", (), self.now)

    @rule(reader=readers, wanted=st.booleans())
    def go_on(self, reader: int, wanted: bool) -> None:
        """What is parked is taken up again or gets another term; what is confirmed is closed."""
        me = self.people[reader]
        with self.acts(reader) as connection:
            if self.state() is SignalState.PARKED and wanted:
                parking.resume(connection, self.signal, me, self.now)
            elif self.state() is SignalState.PARKED:
                parking.extend(connection, self.signal, me, None, self.now)
            else:
                closing.close(connection, self.signal, me, Outcome.OTHER, self.now)

    @rule(reader=readers, time=st.sampled_from(_TIMES))
    def time_passes(self, reader: int, time: timedelta) -> None:
        """The clock goes on, and somebody opens the queue."""
        self.now += time
        with self.acts(reader) as connection:
            parking.wake(connection, self.now)

    def look(self, connection: Connection, me: UUID) -> None:
        """While it waits for a second reader, who could be that one sees no reading and no word of the talk."""
        seen = connection.execute(
            text(
                "SELECT (SELECT count(*) FROM seinpost.assessments WHERE signal_id = :signal AND user_id <> :me)"
                "     + (SELECT count(*) FROM seinpost.thread_messages WHERE signal_id = :signal)"
            ),
            {"signal": self.signal, "me": me},
        ).scalar_one()
        if seen and self.state() in {SignalState.NEW, SignalState.WAITING_SECOND}:
            assert self._barred(connection), "only who cannot read blind any more sees what others think"

    def _barred(self, connection: Connection) -> bool:
        barred: bool = connection.execute(
            text(
                "SELECT seinpost.has_read(seinpost.acting_user(), :signal)"
                "    OR seinpost.informed(seinpost.acting_user(), :signal)"
            ),
            {"signal": self.signal},
        ).scalar_one()
        return barred

    @invariant()
    def what_is_confirmed_was_read_by_two_of_whom_one_not_police_and_one_blind(self) -> None:
        """Promise 1, in what is stored."""
        if not hasattr(self, "signal"):
            return
        standing = self.rows(
            "SELECT a.reading, a.user_id, a.police, a.verdict FROM assessments a"
            " WHERE a.signal_id = %s AND a.lapsed_at IS NULL"
        )
        confirmed = [row for row in standing if row[3] == "confirm"]
        state = self.state()
        if state in {SignalState.CONFIRMED, SignalState.CLOSED}:
            assert len({row[1] for row in confirmed}) >= 2
            assert any(not row[2] for row in confirmed)
            assert any(row[0] == 2 for row in standing)
        if state is SignalState.WAITING_SECOND:
            assert [(row[0], row[3]) for row in standing] == [(1, "confirm")]
        if state is SignalState.NEW:
            assert standing == []
        second = {row[1] for row in standing if row[0] == 2}
        knew = self.rows(
            "SELECT b.user_id FROM assessments a JOIN assessments b USING (signal_id) WHERE a.signal_id = %s"
            "   AND a.reading = 2 AND a.lapsed_at IS NULL AND b.reading = 2 AND b.lapsed_by = 'undone'"
        ) + self.rows(
            "SELECT m.user_id FROM assessments a JOIN thread_messages m USING (signal_id) WHERE a.signal_id = %s"
            "   AND a.reading = 2 AND a.lapsed_at IS NULL AND m.at < a.created_at"
        )
        assert not second & {row[0] for row in knew}, "who knew what a colleague thinks did not read blind"
        assert len({row[1] for row in standing}) == len(standing), "nobody reads it twice"

    @invariant()
    def the_history_is_whole_and_allowed(self) -> None:
        """Every step is in the table, each begins where the last one ended, and none was overwritten."""
        if not hasattr(self, "signal"):
            return
        at = SignalState.NEW
        for step, before, after in self.rows(
            "SELECT step, from_state, to_state FROM signal_events WHERE signal_id = %s ORDER BY id"
        ):
            began = SignalState(before)
            assert began is at or (began is SignalState.CLAIMED and at is SignalState.NEW)
            assert SIGNAL_STEPS[began, SignalStep(step)] is SignalState(after)
            at = SignalState(after)
        assert at is self.state()

    @invariant()
    def a_claim_lies_only_on_what_waits_for_a_reader(self) -> None:
        """Nobody holds what is decided."""
        if hasattr(self, "signal") and self.state() not in READINGS:
            assert self.rows("SELECT user_id FROM claims WHERE signal_id = %s") == []


def test_two_readers_one_of_them_blind_whatever_is_undone_asked_or_parked(database: Database, soak: Soak) -> None:
    Protocol.database = database
    Protocol.engine = database.engine_for("seinpost_web")
    Protocol.people = tuple(add_user(database, name, "expert", police=police) for name, police in _PEOPLE)
    with owner_connection(database) as owner:
        Protocol.owner = owner
        run_state_machine_as_test(
            Protocol,
            settings=settings(
                max_examples=2000 if soak.full else 50,
                stateful_step_count=40 if soak.full else 30,
                deadline=None,
                derandomize=not soak.full,
                database=None,
                suppress_health_check=list(HealthCheck),
            ),
        )
        taken = {step for (step,) in owner.execute("SELECT DISTINCT step FROM signal_events")}
    Protocol.engine.dispose()
    assert taken >= _OF_PEOPLE, "every step of a person was taken somewhere on the way"
