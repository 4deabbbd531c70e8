"""Makes dead letters from what went wrong: reason, place in the code, size and hash; never the words of an error.

Where letters go is a port (`signals.ports.DeadLetters`).
"""

import hashlib
from datetime import datetime
from pathlib import Path
from traceback import walk_tb
from uuid import UUID

from pydantic import ValidationError

from signals.dead_letter import MAX_BYTES, DeadLetter, DeadReason

ANALYSE = "analyse"
"""Step of a letter that holds a post record; it can be given to the sink again."""
INTAKE = "intake"
"""Step of a letter that holds an analysed record; it can be taken again."""
RETURNABLE = frozenset({ANALYSE, INTAKE})
"""Steps whose letters hold a masked record. Any other is mended at its source."""

_ROOMS = frozenset({"signals", "nlp", "collectors", "pipeline", "forwarding", "review_ui", "seinpost"})


def letter(
    raw: bytes, reason: DeadReason, step: str, source_kind: str, now: datetime, error: Exception | None = None
) -> DeadLetter:
    """A letter about one record."""
    return DeadLetter(
        reason=reason,
        step=step,
        source_kind=source_kind,
        size=len(raw),
        sha256=hashlib.sha256(raw).hexdigest(),
        field_path=_field_path(error),
        code_location=code_location(error),
        happened_at=now,
        raw=raw[:MAX_BYTES],
    )


def letter_id(dead: DeadLetter) -> UUID:
    """The letter's id, from step and content: the same record set aside twice is one letter."""
    return UUID(bytes=hashlib.sha256(f"{dead.step}\n{dead.sha256}".encode()).digest()[:16])


def code_location(error: BaseException | None) -> str:
    """`room/file.py:line` of the innermost frame of our own code; empty when there is none."""
    place = ""
    for frame, line in walk_tb(error.__traceback__ if error else None):
        parts = Path(frame.f_code.co_filename).parts
        room = next((i for i, part in enumerate(parts) if part in _ROOMS), None)
        if room is not None and "site-packages" not in parts:
            place = f"{'/'.join(parts[room:])}:{line}"
    return place


def _field_path(error: Exception | None) -> str:
    """Where in the record the schema was broken: names of our own fields and positions only, never a given key."""
    if not isinstance(error, ValidationError):
        return ""
    first = next((e for e in error.errors(include_input=False, include_url=False, include_context=False)), None)
    if first is None or first["type"] == "extra_forbidden":
        return ""
    return ".".join(str(part) for part in first["loc"])[:200]
