"""Casusoverleg: asking the team about a signal, and the thread in which it is talked over.

Every word is masked before it is stored and goes with the signal's text (`pipeline.retention`). Who takes part knows
what colleagues think, so that the blind second reading is for somebody else; the database holds on to that too.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Connection, text

from pipeline.store import claims, trail
from pipeline.store.assessments import SignalMovedOn
from pipeline.store.case import OPEN_TO_ME
from pipeline.store.claims import lock, take
from pipeline.store.steps import write_step
from signals.masking import mask
from signals.signal import SignalState, SignalStep, step

LONGEST_MESSAGE = 1000
MOST_MESSAGES = 100
SHOWN_QUESTIONS = 5
_AT_NAME = re.compile(r"@([a-z0-9][a-z0-9._-]{1,39})", re.IGNORECASE)


class NothingSaid(Exception):
    """A message without words."""


class MessageTooLong(Exception):
    """A message longer than the thread takes, or a thread that is full."""


class NotInOverleg(Exception):
    """The signal is not in casusoverleg, so there is nothing to take part in."""


class LastBlindReader(Exception):
    """If this colleague takes part too, nobody is left to read the signal blind."""


class Kind(StrEnum):
    """What a message is."""

    QUESTION = "question"
    MESSAGE = "message"
    DECISION = "decision"


@dataclass(frozen=True)
class Colleague:
    """An expert who may be asked about this signal."""

    id: UUID
    username: str
    display_name: str


@dataclass(frozen=True)
class Message:
    """What somebody said. `body` is empty once it had to go; `asked` are the names of who was asked."""

    user_id: UUID
    display_name: str
    kind: Kind
    body: str
    at: datetime
    asked: tuple[str, ...]


@dataclass(frozen=True)
class Thread:
    """The thread as one reader may see it. While it is closed to this reader, `messages` is empty."""

    open_to_me: bool
    messages: tuple[Message, ...]
    took_part: tuple[str, ...]
    colleagues: tuple[Colleague, ...]
    costs_blindness: bool
    """Whether taking part means that this reader cannot be the blind second one."""


@dataclass(frozen=True)
class Question:
    """A signal about which a colleague asks this reader."""

    signal_id: UUID
    number: int


def ask(
    connection: Connection, signal_id: UUID, user_id: UUID, words: str, asked: Collection[UUID], now: datetime
) -> None:
    """Bring a signal that nobody judged yet to the team, with a question. Gives the claim back."""
    locked = lock(connection, signal_id)
    if locked.state is not SignalState.NEW:
        raise SignalMovedOn("somebody else decided about this signal while you were reading")
    take(connection, locked, signal_id, user_id, now)
    after = step(SignalState.CLAIMED, SignalStep.ASK_TEAM)
    connection.execute(
        text("UPDATE seinpost.signals SET state = :state, changed_at = :now WHERE id = :signal"),
        {"state": after, "now": now, "signal": signal_id},
    )
    write_step(connection, signal_id, SignalStep.ASK_TEAM, SignalState.CLAIMED, after, user_id, now)
    join(connection, signal_id, user_id, now)
    _write(connection, signal_id, user_id, Kind.QUESTION, words, asked, now)
    claims.end(connection, signal_id)
    trail.append(connection, "team_asked", "signal", str(signal_id), now)


def join(connection: Connection, signal_id: UUID, user_id: UUID, now: datetime) -> None:
    """Take part: the thread opens, and questions to this reader count as seen. Repeats are harmless.

    Raises NotInOverleg, or LastBlindReader where the second reading is still to be done and nobody else could do it.
    """
    if lock(connection, signal_id).state is not SignalState.CASUSOVERLEG:
        raise NotInOverleg("this signal is not in casusoverleg")
    row = connection.execute(
        text(
            "SELECT seinpost.informed(:user, :signal) AS informed, seinpost.read_blind_already(:signal) AS read_blind,"
            "       seinpost.blind_readers_left(:signal) AS left_over"
        ),
        {"user": user_id, "signal": signal_id},
    ).one()
    if not row.informed:
        if not row.read_blind and row.left_over == 0:
            raise LastBlindReader("you are the last one who can still read this signal blind")
        connection.execute(
            text(
                "INSERT INTO seinpost.not_blind (signal_id, user_id, why, at)"
                " VALUES (:signal, :user, 'took_part', :now) ON CONFLICT DO NOTHING"
            ),
            {"signal": signal_id, "user": user_id, "now": now},
        )
        trail.append(connection, "overleg_joined", "signal", str(signal_id), now)
    connection.execute(
        text(
            "UPDATE seinpost.thread_mentions SET seen_at = :now"
            " WHERE signal_id = :signal AND user_id = :user AND seen_at IS NULL"
        ),
        {"signal": signal_id, "user": user_id, "now": now},
    )


def say(
    connection: Connection,
    signal_id: UUID,
    user_id: UUID,
    words: str,
    asked: Collection[UUID],
    now: datetime,
    kind: Kind = Kind.MESSAGE,
) -> None:
    """Add a message, or what was decided; who speaks takes part."""
    join(connection, signal_id, user_id, now)
    _write(connection, signal_id, user_id, kind, words, asked, now)
    trail.append(connection, f"overleg_{kind}", "signal", str(signal_id), now)


def thread(connection: Connection, signal_id: UUID) -> Thread:
    """The thread of a signal for the acting expert."""
    known = connection.execute(
        text(
            f"SELECT NOT seinpost.read_blind_already(:signal) AS costs, {OPEN_TO_ME} AS open_to_me,"  # noqa: S608
            "  ARRAY(SELECT u.display_name FROM seinpost.not_blind n JOIN seinpost.users u ON u.id = n.user_id"
            "         WHERE n.signal_id = :signal AND n.why = 'took_part' ORDER BY n.at, u.display_name) AS took_part,"
            "  (SELECT json_agg(json_build_array(c.user_id, c.username, c.display_name))"
            "     FROM seinpost.colleagues(:signal) c) AS colleagues"
        ),
        {"signal": signal_id},
    ).one()
    messages = connection.execute(
        text(
            "SELECT m.user_id, u.display_name, m.kind, m.body, m.at,"
            "       ARRAY(SELECT w.display_name FROM seinpost.thread_mentions t"
            "               JOIN seinpost.users w ON w.id = t.user_id"
            "              WHERE t.message_id = m.id ORDER BY w.display_name) AS asked"
            "  FROM seinpost.thread_messages m JOIN seinpost.users u ON u.id = m.user_id"
            " WHERE m.signal_id = :signal ORDER BY m.number"
        ),
        {"signal": signal_id},
    )
    return Thread(
        open_to_me=known.open_to_me,
        messages=tuple(
            Message(row.user_id, row.display_name, Kind(row.kind), row.body, row.at, tuple(row.asked))
            for row in messages
        ),
        took_part=tuple(known.took_part),
        colleagues=tuple(Colleague(UUID(user), username, name) for user, username, name in known.colleagues or ()),
        costs_blindness=known.costs,
    )


def informed(connection: Connection, signal_id: UUID) -> bool:
    """Whether the acting expert knows what a colleague thinks of this signal."""
    known: bool = connection.execute(
        text("SELECT seinpost.informed(seinpost.acting_user(), :signal)"), {"signal": signal_id}
    ).scalar_one()
    return known


def colleagues(connection: Connection, signal_id: UUID) -> tuple[Colleague, ...]:
    """Experts who may see this signal, but the acting one."""
    rows = connection.execute(text("SELECT * FROM seinpost.colleagues(:signal)"), {"signal": signal_id})
    return tuple(Colleague(row.user_id, row.username, row.display_name) for row in rows)


def questions_to(connection: Connection, user_id: UUID) -> tuple[int, tuple[Question, ...]]:
    """How many signals in casusoverleg wait for a word of this reader, and the first few of them."""
    rows = connection.execute(
        text(
            "SELECT s.id, s.number, count(*) OVER () AS all_of_them"
            "  FROM seinpost.signals s"
            " WHERE s.state = 'casusoverleg' AND s.id IN (SELECT t.signal_id FROM seinpost.thread_mentions t"
            "                                              WHERE t.user_id = :user AND t.seen_at IS NULL)"
            " ORDER BY s.level_rank, s.number LIMIT :shown"
        ),
        {"user": user_id, "shown": SHOWN_QUESTIONS},
    ).all()
    return (rows[0].all_of_them if rows else 0), tuple(Question(row.id, row.number) for row in rows)


def _write(
    connection: Connection,
    signal_id: UUID,
    user_id: UUID,
    kind: Kind,
    words: str,
    asked: Collection[UUID],
    now: datetime,
) -> UUID:
    plain = words.replace("\r\n", "\n").strip()
    if not plain:
        raise NothingSaid("write what you want to say")
    masked = mask(plain).text
    said: int = connection.execute(
        text("SELECT count(*) FROM seinpost.thread_messages WHERE signal_id = :signal"), {"signal": signal_id}
    ).scalar_one()
    if max(len(plain), len(masked)) > LONGEST_MESSAGE or said >= MOST_MESSAGES:
        raise MessageTooLong(f"a message has at most {LONGEST_MESSAGE} characters, a thread {MOST_MESSAGES} messages")
    message: UUID = connection.execute(
        text(
            "INSERT INTO seinpost.thread_messages (signal_id, user_id, kind, body, at)"
            " VALUES (:signal, :user, :kind, :body, :now) RETURNING id"
        ),
        {"signal": signal_id, "user": user_id, "kind": kind, "body": masked, "now": now},
    ).scalar_one()
    named = {name.lower().rstrip(".-_") for name in _AT_NAME.findall(plain)}
    for colleague in colleagues(connection, signal_id):
        if colleague.id in asked or colleague.username in named:
            connection.execute(
                text(
                    "INSERT INTO seinpost.thread_mentions (message_id, signal_id, user_id)"
                    " VALUES (:message, :signal, :user)"
                ),
                {"message": message, "signal": signal_id, "user": colleague.id},
            )
    return message
