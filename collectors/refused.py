"""Why a record from a source cannot become a post, and how it is set aside.

The exception carries a reason code and a field path, never the content.
"""

import hashlib
from datetime import datetime

from signals.dead_letter import MAX_BYTES, DeadLetter, DeadReason

STEP = "collect"


class Refused(Exception):
    """A record that cannot become a post. `field_path` says where in the record the trouble is."""

    def __init__(self, reason: DeadReason, field_path: str = "", code_location: str = "") -> None:
        super().__init__(f"{reason.value} at {field_path or 'the record'}")
        self.reason = reason
        self.field_path = field_path
        self.code_location = code_location


def letter(
    refused: Refused,
    raw: bytes,
    source_kind: str,
    happened_at: datetime,
    *,
    size: int | None = None,
    sha256: str | None = None,
) -> DeadLetter:
    """The dead letter of a refused record. Give size and hash when `raw` is not the whole of it."""
    return DeadLetter(
        reason=refused.reason,
        step=STEP,
        source_kind=source_kind,
        size=len(raw) if size is None else size,
        sha256=hashlib.sha256(raw).hexdigest() if sha256 is None else sha256,
        field_path=refused.field_path,
        code_location=refused.code_location or "collectors",
        happened_at=happened_at,
        raw=raw[:MAX_BYTES],
    )
