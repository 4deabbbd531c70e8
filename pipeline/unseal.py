"""The unseal service: the only process that can open a sealed link or name. It writes the trail before it opens.

One JSON line in, one JSON line out, over a private Unix socket. Asked with a signal or a referral, a user and a reason;
or by a job, with the one post whose link it needs.
"""

import os
import socketserver
import threading
from collections.abc import Callable
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from uuid import UUID

from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, SealedBox
from nacl.secret import SecretBox
from pydantic import ValidationError
from sqlalchemy import Connection, Engine, text

from pipeline.store import trail
from pipeline.store.connection import acting
from signals.frozen import Frozen

MAX_LINE = 4096
SHORTEST_REASON = 5


class Purpose(StrEnum):
    """What is opened."""

    LINK = "link"
    NAMES = "names"


class Job(StrEnum):
    """Work of the machine that needs a link, each with its reason in its name."""

    RECHECK = "recheck"


class UnsealRequest(Frozen):
    """Who wants to open what, and why. An expert names a signal; a recipient names its referral (links only).

    A job has no user and names one post (links only).
    """

    user_id: UUID | None = None
    purpose: Purpose
    reason: str = ""
    signal_id: UUID | None = None
    referral_id: UUID | None = None
    job: Job | None = None
    post_id: UUID | None = None


class UnsealAnswer(Frozen):
    """The opened text, or the reason it stays closed: `not_allowed`, `nothing_sealed`, `shredded`, `bad_request`."""

    plain: str | None = None
    refused: str | None = None


PrivateKeyOf = Callable[[date], bytes | None]


def answer(engine: Engine, private_key: PrivateKeyOf, request: UnsealRequest, now: datetime) -> UnsealAnswer:
    """Check, write the trail (committed before anything is opened), then open the newest sighting of the signal."""
    if request.job is not None:
        return _answer_job(engine, private_key, request, request.job, now)
    if request.user_id is None or request.post_id is not None or len(request.reason.strip()) < SHORTEST_REASON:
        return UnsealAnswer(refused="bad_request")
    with acting(engine, request.user_id) as connection:
        signal_id = _allowed_signal(connection, request)
        subject = str(request.referral_id or request.signal_id)
        action = f"unseal_{request.purpose}" if signal_id else f"unseal_{request.purpose}_refused"
        kind = "referral" if request.referral_id else "signal"
        # The reason is a person's own words and may name someone: its length goes on the trail, never the words.
        trail.append(connection, action, kind, subject, now, {"reason_length": str(len(request.reason.strip()))})
    if signal_id is None:
        return UnsealAnswer(refused="not_allowed")
    with acting(engine, request.user_id) as connection:
        row = connection.execute(
            text(
                "SELECT b.box, k.key_day, k.wrapped_key FROM ("
                "  SELECT post_id, revision, CASE :purpose WHEN 'link' THEN link_box ELSE names_box END AS box"
                "    FROM seinpost.sightings WHERE signal_id = :signal) b"
                " LEFT JOIN seinpost.link_keys k ON k.post_id = b.post_id AND k.purpose = :purpose"
                " WHERE b.box IS NOT NULL ORDER BY b.revision DESC, b.post_id LIMIT 1"
            ),
            {"purpose": request.purpose.value, "signal": signal_id},
        ).one_or_none()
    if row is None:
        return UnsealAnswer(refused="nothing_sealed")
    return _opened(private_key, row.key_day, row.wrapped_key, row.box)


def _answer_job(
    engine: Engine, private_key: PrivateKeyOf, request: UnsealRequest, job: Job, now: datetime
) -> UnsealAnswer:
    """The link of one post, for a job: written on the trail under the post's signal before it is opened."""
    alone = request.user_id is None and request.signal_id is None and request.referral_id is None
    if not alone or request.post_id is None or request.purpose is not Purpose.LINK:
        return UnsealAnswer(refused="bad_request")
    of = {"post": request.post_id}
    with acting(engine, None) as connection:
        signal = connection.execute(
            text("SELECT signal_id FROM seinpost.sightings WHERE post_id = :post AND link_box IS NOT NULL"), of
        ).scalar_one_or_none()
        if signal is None:
            return UnsealAnswer(refused="nothing_sealed")
        trail.append(connection, "unseal_link", "signal", str(signal), now, {"job": job.value})
    with acting(engine, None) as connection:
        row = connection.execute(
            text(
                "SELECT g.link_box, k.key_day, k.wrapped_key FROM seinpost.sightings g"
                " LEFT JOIN seinpost.link_keys k ON k.post_id = g.post_id AND k.purpose = 'link'"
                " WHERE g.post_id = :post AND g.link_box IS NOT NULL"
            ),
            of,
        ).one_or_none()
    if row is None:
        return UnsealAnswer(refused="nothing_sealed")
    return _opened(private_key, row.key_day, row.wrapped_key, row.link_box)


def _opened(private_key: PrivateKeyOf, day: date | None, wrapped: bytes | None, box: bytes) -> UnsealAnswer:
    key = private_key(day) if day and wrapped else None
    if key is None or wrapped is None:
        return UnsealAnswer(refused="shredded")
    try:
        data_key = SealedBox(PrivateKey(key)).decrypt(bytes(wrapped))
        return UnsealAnswer(plain=SecretBox(data_key).decrypt(bytes(box)).decode())
    except CryptoError:
        return UnsealAnswer(refused="shredded")


def _allowed_signal(connection: Connection, request: UnsealRequest) -> UUID | None:
    """The signal to open for this user, or None. Experts never for a school they are attached to."""
    if request.referral_id is not None:
        if request.purpose is not Purpose.LINK:
            return None
        found = connection.execute(
            text("SELECT seinpost.link_open_to_me(:referral)"), {"referral": request.referral_id}
        ).scalar_one_or_none()
        return UUID(str(found)) if found else None
    allowed = connection.execute(
        text("SELECT seinpost.has_role('expert') AND NOT seinpost.attached(:user, :signal)"),
        {"user": request.user_id, "signal": request.signal_id},
    ).scalar_one()
    return request.signal_id if allowed else None


class UnsealServer:
    """Serves `answer` on a Unix socket that only this system user can reach."""

    def __init__(
        self, socket_path: Path, engine: Engine, private_key: PrivateKeyOf, clock: Callable[[], datetime]
    ) -> None:
        class Handler(socketserver.StreamRequestHandler):
            timeout = 10

            def handle(self) -> None:
                line = self.rfile.readline(MAX_LINE)
                try:
                    request = UnsealRequest.model_validate_json(line)
                except ValidationError:
                    reply = UnsealAnswer(refused="bad_request")
                else:
                    reply = answer(engine, private_key, request, clock())
                self.wfile.write(reply.model_dump_json().encode() + b"\n")

        socket_path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        socket_path.unlink(missing_ok=True)
        before = os.umask(0o177)
        try:
            self._server = socketserver.ThreadingUnixStreamServer(str(socket_path), Handler)
        finally:
            os.umask(before)
        self._server.daemon_threads = True

    def run(self, stop: threading.Event) -> None:
        """Serve until told to stop."""
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.2}, daemon=True).start()
        stop.wait()
        self._server.shutdown()
        self._server.server_close()
