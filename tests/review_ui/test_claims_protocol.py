"""The protocol of claims as a machine: whatever several readers do, in any order, with any time between.

Two people never decide the same reading, nobody takes what a colleague holds, and a lease that lapsed blocks nobody.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Barrier
from uuid import UUID

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import Connection

from pipeline.store import assessments, claims
from pipeline.store.assessments import Judgement, NeedsNonPolice, Reason, SignalMovedOn, Verdict
from pipeline.store.claims import LEASE, READINGS, AlreadyRead, ClaimedByAnother, NothingToRead
from pipeline.store.connection import acting
from pipeline.store.users import UserRole
from review_ui.access.signed_in import EXPERT_ROLE
from signals.label import Category, Level
from signals.signal import ConfirmReason, ParkReason, RejectReason, SignalState
from tests.review_ui.world import World
from tests.soak import Soak

TEAM = ("anna", "bram", "emma", "chris", "pim")
POLICE = frozenset({"chris", "pim"})
MINUTE = timedelta(minutes=1)
REASON: dict[Verdict, Reason] = {
    Verdict.CONFIRM: ConfirmReason.DIRECTED,
    Verdict.REJECT: RejectReason.ART,
    Verdict.PARK: ParkReason.CONTEXT_WANTED,
}
REFUSALS = (AlreadyRead, ClaimedByAnother, NothingToRead, SignalMovedOn, NeedsNonPolice)


class TriedOnly(Exception):
    """Ends a transaction that was only tried."""


readers = st.sampled_from(TEAM)
numbers = st.integers(1, 3)
verdicts = st.sampled_from([Verdict.CONFIRM, Verdict.CONFIRM, Verdict.REJECT, Verdict.PARK])


@dataclass
class Known:
    """What everybody outside the database may know of a signal: its state, who has it until when, and who read what."""

    state: SignalState = SignalState.NEW
    holder: str | None = None
    until: datetime | None = None
    read: dict[int, tuple[str, Verdict]] = field(default_factory=dict)

    def held_by_another(self, reader: str, now: datetime) -> bool:
        """Whether somebody else has it now."""
        return self.holder not in (None, reader) and self.until is not None and self.until > now

    def has_read(self, reader: str) -> bool:
        """Whether this reader did one of the readings."""
        return any(name == reader for name, _ in self.read.values())


def machine(world: World) -> type[RuleBasedStateMachine]:
    """The machine over this world's database; each run has a signal of its own."""
    engine = world.app.state.dependencies.engine

    class Team(RuleBasedStateMachine):
        """Five readers, two of them of the police, and one signal."""

        def __init__(self) -> None:
            super().__init__()
            self.now = world.clock.now
            self.known = Known()

        @initialize(level=st.sampled_from([Level.ACUUT, Level.CONCREET, Level.AANDACHT]))
        def a_signal_arrives(self, level: Level) -> None:
            self.signal: UUID = world.add_signal("een bericht", level=level)

        @rule(reader=readers)
        def opens_or_keeps(self, reader: str) -> None:
            """Claiming and the heartbeat are the same act."""
            ended = self._try(reader, lambda c: claims.claim(c, self.signal, world.people[reader], self.now))
            if isinstance(ended, Exception):
                assert type(ended) in self._may_refuse(reader)
                return
            assert self._may_refuse(reader) <= {AlreadyRead}, "a claim that had to be refused was granted"
            assert ended == self.now + LEASE
            self.known.holder, self.known.until = reader, self.now + LEASE

        @rule(reader=readers)
        def gives_back(self, reader: str) -> None:
            ended = self._try(reader, lambda c: claims.release(c, self.signal, world.people[reader]))
            assert ended is None
            if self.known.holder == reader:
                self.known.holder = self.known.until = None

        @rule(minutes=st.sampled_from([1, 4, 9, 10, 11, 45]))
        def time_passes(self, minutes: int) -> None:
            self.now += minutes * MINUTE

        @rule(reader=readers, reading=numbers, verdict=verdicts)
        def judges(self, reader: str, reading: int, verdict: Verdict) -> None:
            """From any page, also one that is hours old."""
            self._judged(reader, reading, verdict, self._decide(reader, reading, verdict))

        @rule(reader=readers, verdict=verdicts)
        def judges_what_is_asked(self, reader: str, verdict: Verdict) -> None:
            """From a page that is fresh."""
            reading = READINGS.get(self.known.state)
            if reading is not None:
                self._judged(reader, reading, verdict, self._decide(reader, reading, verdict))

        @rule(first=readers, second=readers, verdict=verdicts, other=verdicts)
        def two_judge_at_the_same_moment(self, first: str, second: str, verdict: Verdict, other: Verdict) -> None:
            """Also one person in two windows."""
            reading = READINGS.get(self.known.state)
            if reading is None:
                return
            ready = Barrier(2)

            def press(reader: str, chosen: Verdict) -> object:
                ready.wait(10)
                return self._decide(reader, reading, chosen)

            with ThreadPoolExecutor(2) as pool:
                ends = [pool.submit(press, first, verdict), pool.submit(press, second, other)]
                answers = [end.result() for end in ends]
            taken = [answer for answer in answers if isinstance(answer, SignalState)]
            assert len(taken) <= 1, "one reading was decided twice"
            for reader, chosen, answer in ((first, verdict, answers[0]), (second, other, answers[1])):
                if isinstance(answer, SignalState):
                    self._judged(reader, reading, chosen, answer)
                else:
                    assert isinstance(answer, REFUSALS)

        @invariant()
        def the_database_knows_the_same(self) -> None:
            state = SignalState(world.state_of(self.signal))
            assert state is self.known.state
            with world.owner() as owner:
                held = owner.execute(
                    "SELECT u.username FROM claims c JOIN users u ON u.id = c.user_id"
                    " WHERE c.signal_id = %s AND c.expires_at > %s",
                    (self.signal, self.now),
                ).fetchall()
                kept = owner.execute(
                    "SELECT a.reading, u.username, a.verdict FROM assessments a JOIN users u ON u.id = a.user_id"
                    " WHERE a.signal_id = %s",
                    (self.signal,),
                ).fetchall()
            holder = self.known.holder if self.known.until and self.known.until > self.now else None
            assert [name for (name,) in held] == ([holder] if holder else [])
            assert {(r, name, Verdict(v)) for r, name, v in kept} == {
                (reading, name, verdict) for reading, (name, verdict) in self.known.read.items()
            }

        @invariant()
        def nothing_is_confirmed_by_fewer_than_two_people_or_by_the_police_alone(self) -> None:
            if self.known.state is SignalState.CONFIRMED:
                said_yes = {name for name, verdict in self.known.read.values() if verdict is Verdict.CONFIRM}
                assert len(said_yes) >= 2
                assert said_yes - POLICE

        @invariant()
        def what_waits_can_be_taken_by_somebody_once_the_lease_is_over(self) -> None:
            """Tried and taken back: the transaction is undone."""
            if self.known.state not in READINGS:
                return
            later = self.now + LEASE + MINUTE
            name = next(name for name in TEAM if not self.known.has_read(name))
            with suppress(TriedOnly), acting(engine, world.people[name], EXPERT_ROLE) as connection:
                assert claims.claim(connection, self.signal, world.people[name], later) == later + LEASE
                raise TriedOnly

        def _decide(self, reader: str, reading: int, verdict: Verdict) -> object:
            judgement = Judgement(verdict, REASON[verdict], Category.CONFRONTATION, Level.CONCREET)
            person = world.people[reader]
            return self._try(reader, lambda c: assessments.decide(c, self.signal, person, reading, judgement, self.now))

        def _judged(self, reader: str, reading: int, verdict: Verdict, answer: object) -> None:
            if isinstance(answer, Exception):
                assert isinstance(answer, REFUSALS)
                if isinstance(answer, NeedsNonPolice):
                    assert reader in POLICE
                elif type(answer) not in self._may_refuse(reader):
                    assert isinstance(answer, SignalMovedOn)
                    assert READINGS[self.known.state] != reading
                return
            assert isinstance(answer, SignalState)
            assert self._may_refuse(reader) == set(), "a judgement that had to be refused was taken"
            assert READINGS[self.known.state] == reading
            assert reading not in self.known.read, "one reading was decided twice"
            self.known.read[reading] = (reader, verdict)
            self.known.state, self.known.holder, self.known.until = answer, None, None

        def _may_refuse(self, reader: str) -> set[type[Exception]]:
            """Why this reader may not read now."""
            if self.known.state not in READINGS:
                return {NothingToRead, AlreadyRead} if self.known.has_read(reader) else {NothingToRead}
            if self.known.has_read(reader):
                return {AlreadyRead}
            return {ClaimedByAnother} if self.known.held_by_another(reader, self.now) else set()

        def _try(self, reader: str, act: Callable[[Connection], object]) -> object:
            try:
                with acting(engine, world.people[reader], EXPERT_ROLE) as connection:
                    return act(connection)
            except REFUSALS as refusal:
                return refusal

    return Team


@pytest.mark.parametrize(
    "size", [pytest.param((15, 20), id="short"), pytest.param((600, 40), id="full", marks=pytest.mark.soak)]
)
def test_two_people_never_decide_the_same_reading_and_a_lapsed_lease_blocks_nobody(
    world: World, soak: Soak, size: tuple[int, int]
) -> None:
    for name in TEAM:
        if name not in world.people:
            world.add_person(name, UserRole.EXPERT, police=name in POLICE)
    examples, steps = size
    run_state_machine_as_test(
        machine(world),
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            derandomize=not soak.full,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    soak.record("readers of one signal as a state machine", f"{examples} lives of {steps} steps, no fault")
