"""The book of dead letters: descriptions readable, bytes encrypted under the hour's key. The same letter counts once.

Making a letter and retrying one is done elsewhere.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, Row, text

from pipeline import envelope
from pipeline.envelope import HourKeys
from pipeline.letters import letter_id
from signals.dead_letter import DeadLetter, DeadReason

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
