"""The trail: who did or saw what, append-only and hash-chained. It never holds a text, a link or a name from a post.

Appending is a database function that every role may call and none can undo; verifying recomputes the chain here.
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, text

_GENESIS = hashlib.sha256(b"seinpost").digest()


@dataclass(frozen=True)
class TrailProblem:
    """A place where the chain does not hold."""

    seq: int
    what: str


def append(
    connection: Connection,
    action: str,
    subject_kind: str,
    subject_id: str,
    at: datetime,
    detail: dict[str, str] | None = None,
) -> None:
    """Write one line, in the caller's transaction, for the acting user (or the login role, for a machine)."""
    connection.execute(
        text("SELECT seinpost.trail_append(:action, :kind, :id, CAST(:detail AS jsonb), :at)"),
        {"action": action, "kind": subject_kind, "id": subject_id, "detail": json.dumps(detail or {}), "at": at},
    )


def verify(connection: Connection) -> tuple[int, list[TrailProblem]]:
    """Recompute the whole chain: how many lines were read, and every place that was edited, removed or reordered."""
    problems: list[TrailProblem] = []
    before, expected, read = _GENESIS, 1, 0
    rows = connection.execution_options(yield_per=5000).execute(
        text("SELECT seq, day, payload, prev_hash, hash FROM seinpost.trail ORDER BY seq")
    )
    for seq, day, payload, prev_hash, digest in rows:
        read += 1
        fields = json.loads(payload)
        if seq != expected:
            problems.append(TrailProblem(seq, f"line {expected} is missing"))
        if bytes(prev_hash) != before:
            problems.append(TrailProblem(seq, "does not follow the line before it"))
        if hashlib.sha256(bytes(prev_hash) + payload.encode()).digest() != bytes(digest):
            problems.append(TrailProblem(seq, "its content was changed"))
        if fields[0] != seq or not str(fields[1]).startswith(day.isoformat()):
            problems.append(TrailProblem(seq, "its number or day does not match its content"))
        before, expected = bytes(digest), seq + 1
    return read, problems
