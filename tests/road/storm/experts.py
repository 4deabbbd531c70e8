"""Three experts who judge signals while everything breaks, and remember every decision they were told stands."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from random import Random
from uuid import UUID

from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from pipeline.store import assessments, claims, queue
from pipeline.store.assessments import Judgement, NeedsNonPolice, SignalMovedOn, Verdict
from pipeline.store.attempts import DatabaseAway, named
from pipeline.store.claims import READINGS, AlreadyRead, ClaimedByAnother, NoSuchSignal, NothingToRead
from pipeline.store.connection import Database, acting
from signals.label import Category, Level
from signals.signal import ConfirmReason, ParkReason, RejectReason, SignalState
from tests.people import add_user

_REFUSALS = (AlreadyRead, ClaimedByAnother, NoSuchSignal, NothingToRead, SignalMovedOn, NeedsNonPolice)
_JUDGEMENTS = tuple(
    Judgement(verdict, reason, Category.THREAT, Level.CONCREET)
    for verdict, reason in (
        (Verdict.CONFIRM, ConfirmReason.DIRECTED),
        (Verdict.CONFIRM, ConfirmReason.ONGOING),
        (Verdict.REJECT, RejectReason.FIGURATIVE),
        (Verdict.PARK, ParkReason.CONTEXT_WANTED),
    )
)


@dataclass(frozen=True)
class Decision:
    """A decision whose commit was answered."""

    signal: UUID
    reading: int
    user: UUID
    state: SignalState


class Experts(threading.Thread):
    """Decides a few times a second. A commit that got no answer is not counted as made: it may be either."""

    def __init__(
        self, database: Database, seed: int, pause: float, after_each: Callable[[], object] = lambda: None
    ) -> None:
        super().__init__(name="experts")
        self._people = [
            (add_user(database, f"lezer{number}", "expert", police=police), police)
            for number, police in enumerate((False, False, True))
        ]
        self._engine: Engine = database.engine_for("seinpost_web")
        self._chance = Random(seed)
        self._pause = pause
        self._after_each = after_each
        self._halted = threading.Event()
        self.made: list[Decision] = []
        self.unanswered = 0
        self.fault: BaseException | None = None

    def halt(self) -> None:
        """Stop reading."""
        self._halted.set()

    def run(self) -> None:
        """Until asked to stop."""
        try:
            while not self._halted.wait(self._pause):
                try:
                    self._read_one(*self._chance.choice(self._people))
                except _REFUSALS:
                    continue
                except DBAPIError as error:
                    if not isinstance(named(error), DatabaseAway):
                        raise  # a fault of ours would else look like a quiet team
                    self.unanswered += 1
        except BaseException as fault:
            self.fault = fault  # told by the main thread
        finally:
            self._engine.dispose()

    def _read_one(self, user: UUID, police: bool) -> None:
        now = datetime.now(UTC)
        with acting(self._engine, user, "seinpost_expert") as connection:
            signal = queue.next_to_read(connection, user, police, now)
            if signal is None:
                return
            state = connection.execute(
                text("SELECT state FROM seinpost.signals WHERE id = :signal"), {"signal": signal}
            ).scalar_one_or_none()
            claims.claim(connection, signal, user, now)
        if state is None or SignalState(state) not in READINGS:
            return
        reading = READINGS[SignalState(state)]
        judgement = self._chance.choice(_JUDGEMENTS)
        with acting(self._engine, user, "seinpost_expert") as connection:
            after = assessments.decide(connection, signal, user, reading, judgement, now)
        self.made.append(Decision(signal, reading, user, after))
        self._after_each()
