"""The book of dead letters: descriptions readable, bytes encrypted under the hour's key. The same letter counts once.

Making a letter and retrying one is done elsewhere.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Connection, Row, text

from pipeline import envelope
from pipeline.envelope import HourKeys
from pipeline.letters import RETURNABLE, letter_id
from signals.dead_letter import MAX_BYTES, DeadLetter, DeadReason

# Set aside again later: parked again, also after a retry. A repeat of the same letter changes nothing.
_ADD = text("""
    INSERT INTO dead_letters AS old (id, reason, step, source_kind, size, sha256, field_path, code_location,
                                     happened_at, hour, bytes)
    VALUES (:id, :reason, :step, :source_kind, :size, :sha256, :field_path, :code_location, :happened_at, :hour, :bytes)
    ON CONFLICT (id) DO UPDATE
       SET state = 'parked', reason = excluded.reason, code_location = excluded.code_location,
           happened_at = excluded.happened_at, hour = excluded.hour, bytes = excluded.bytes
     WHERE excluded.happened_at > old.happened_at AND old.state <> 'discarded'
""")
_COLUMNS = "id, reason, step, source_kind, size, sha256, field_path, code_location, happened_at, hour, state"
_LIST = text(f"SELECT {_COLUMNS} FROM dead_letters WHERE state = ANY(:states) ORDER BY happened_at, id")  # noqa: S608
_ONE = text(f"SELECT {_COLUMNS} FROM dead_letters WHERE id = :id")  # noqa: S608
_BYTES = text("SELECT bytes FROM dead_letters WHERE id = :id")
_RETRIED = text("""
    UPDATE dead_letters SET state = 'retried' WHERE id = :id AND state = 'parked' AND happened_at = :happened_at
""")
# Bounded: who gives back a heap of thousands presses again, and sees it shrink.
_OF_REASON = text(f"""
    SELECT {_COLUMNS} FROM dead_letters WHERE state = 'parked' AND reason = :reason
     ORDER BY happened_at DESC, id LIMIT :most
""")  # noqa: S608
_HEAPS = text("""
    SELECT reason, count(*) AS letters, min(happened_at) AS oldest, max(happened_at) AS newest,
           count(*) FILTER (WHERE happened_at > :now - interval '1 hour') AS last_hour,
           count(*) FILTER (WHERE happened_at > :now - interval '24 hours') AS last_day,
           count(*) FILTER (WHERE step = ANY(:returnable) AND size <= :whole) AS returnable
      FROM dead_letters WHERE state = 'parked' GROUP BY reason ORDER BY last_hour DESC, letters DESC, reason
""")
_STEP = text("SELECT seinpost.dead_letter_step(:letter, :wanted, :why, :now)")
_DISCARD = text("UPDATE dead_letters SET state = 'discarded', bytes = NULL WHERE id = :id AND state = 'parked'")


class Step(StrEnum):
    """What a person does with a letter, by its name on the trail."""

    OPENED = "opened"
    RETRIED = "retried"
    DISCARDED = "discarded"


@dataclass(frozen=True)
class Heap:
    """The letters that lie aside for one reason: how many, how fast they grow, and how many can go back."""

    reason: DeadReason
    letters: int
    oldest: datetime
    newest: datetime
    last_hour: int
    last_day: int
    returnable: int


@dataclass(frozen=True)
class Parked:
    """A letter as the book describes it; its bytes are asked for apart."""

    id: UUID
    reason: DeadReason
    step: str
    source_kind: str
    size: int
    sha256: str
    field_path: str
    code_location: str
    happened_at: datetime
    hour: datetime
    state: str

    @property
    def returnable(self) -> bool:
        """Whether the road can take it again: a masked record, kept whole."""
        return self.step in RETURNABLE and self.size <= MAX_BYTES


class NoSuchLetter(Exception):
    """There is no dead letter with this id."""


def add(connection: Connection, dead: DeadLetter, keys: HourKeys) -> None:
    """Note a letter, its bytes encrypted under the key of the hour it happened in."""
    add_sealed(connection, dead, envelope.seal(dead.raw, keys, dead.happened_at))


def add_sealed(connection: Connection, dead: DeadLetter, sealed: bytes) -> None:
    """Note a letter whose bytes are already encrypted (the letter's own `raw` is left out)."""
    description = dead.model_dump(mode="python", exclude={"raw"})
    values = {"id": letter_id(dead), "hour": envelope.hour_of_envelope(sealed), "bytes": sealed}
    connection.execute(_ADD, {**description, "reason": dead.reason.value, **values})


def listed(connection: Connection, states: Sequence[str] = ("parked",)) -> list[Parked]:
    """Letters in the given states, oldest first."""
    return [_parked(row) for row in connection.execute(_LIST, {"states": list(states)})]


def one(connection: Connection, letter: UUID) -> Parked:
    """One letter's description."""
    row = connection.execute(_ONE, {"id": letter}).one_or_none()
    if row is None:
        raise NoSuchLetter(f"there is no dead letter {letter}; see `seinpost dead-letters list`")
    return _parked(row)


def heaps(connection: Connection, now: datetime) -> list[Heap]:
    """What lies aside, by reason; what grows fastest first."""
    bounds = {"now": now, "returnable": sorted(RETURNABLE), "whole": MAX_BYTES}
    rows = connection.execute(_HEAPS, bounds)
    return [Heap(**{**row._mapping, "reason": DeadReason(row.reason)}) for row in rows]


def of_reason(connection: Connection, reason: DeadReason, most: int) -> list[Parked]:
    """The newest letters that lie aside for a reason."""
    return [_parked(row) for row in connection.execute(_OF_REASON, {"reason": reason.value, "most": most})]


def step(connection: Connection, letter: UUID, wanted: Step, why: str, now: datetime) -> str:
    """Note on the trail what the acting user does, and discard if that is it; the state before. In a supervisor's role.

    What follows (opening, giving back) is done elsewhere, and only when it was still parked.
    """
    values = {"letter": letter, "wanted": wanted.value, "why": why, "now": now}
    state = connection.execute(_STEP, values).scalar_one()
    if state is None:
        raise NoSuchLetter(f"there is no dead letter {letter}")
    return str(state)


def discard(connection: Connection, letter: UUID) -> bool:
    """Give a letter up, and its bytes with it (as the road). False when it does not lie aside any more."""
    return connection.execute(_DISCARD, {"id": letter}).rowcount == 1


def opened(connection: Connection, letter: UUID, keys: HourKeys) -> bytes:
    """The bytes of a letter, while the key of its hour lives."""
    sealed = connection.execute(_BYTES, {"id": letter}).scalar_one()
    if sealed is None:
        raise envelope.HourKeyGone("the bytes of this letter are past their retention")
    return envelope.unseal(sealed, keys)


def retried(connection: Connection, letter: Parked) -> None:
    """Note that the record was given to the road again, unless it was set aside anew since `letter` was read."""
    connection.execute(_RETRIED, {"id": letter.id, "happened_at": letter.happened_at})


def _parked(row: Row[tuple[object, ...]]) -> Parked:
    values = dict(row._mapping)
    return Parked(**{**values, "reason": DeadReason(values["reason"])})
