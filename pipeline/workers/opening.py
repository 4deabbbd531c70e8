"""Messages about posts opened into records; every message or line that is none becomes a letter. It stores nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from pydantic import TypeAdapter, ValidationError

from pipeline import envelope
from pipeline.envelope import HourKeys
from pipeline.kafka.bundles import lines_of, told_records
from pipeline.kafka.messages import Incoming
from pipeline.letters import letter
from signals.dead_letter import DeadLetter, DeadReason

Record = TypeVar("Record")


@dataclass(frozen=True)
class Opened(Generic[Record]):
    """The records of each message of a batch, and a letter for what is none."""

    given: list[list[Record]]
    dead: list[DeadLetter]
    further: list[DeadLetter]
    """For the breaker's count alone: the letter of a message that does not open, for each further record in it."""

    @property
    def records(self) -> list[Record]:
        """All records, in order."""
        return [record for together in self.given for record in together]

    @property
    def count(self) -> int:
        """How many records came, as far as can be known, with those that are none."""
        return sum(map(len, self.given)) + len(self.dead) + len(self.further)


def opened(
    batch: Sequence[Incoming], kind: TypeAdapter[Record], step: str, keys: HourKeys, now: datetime
) -> Opened[Record]:
    """Open a batch of one worker; `step` is the one that its letters name."""
    found: Opened[Record] = Opened([], [], [])
    for message in batch:
        records: list[Record] = []
        found.given.append(records)
        try:
            lines = lines_of(envelope.unseal(message.value, keys))
        except (envelope.Undecryptable, envelope.HourKeyGone) as error:
            gone = isinstance(error, envelope.HourKeyGone)
            reason = DeadReason.HOUR_KEY_GONE if gone else DeadReason.UNDECRYPTABLE
            unopened = letter(message.value, reason, step, "unknown", now, error)
            found.dead.append(unopened)
            found.further.extend([unopened] * (told_records(message) - 1))
            continue
        for line in lines:
            try:
                records.append(kind.validate_json(line))
            except ValidationError as error:
                found.dead.append(letter(line, DeadReason.SCHEMA, step, "unknown", now, error))
    return found
