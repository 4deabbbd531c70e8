"""What a recipient reads of its own referrals, and its answers, through the view and functions of its kind only.

Run as `seinpost_recipient_<kind>`. Which columns exist for which kind is the database's doing: asking for more is an
error there, not a template's care. It shows nothing of a referral that was withdrawn but that it was.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Connection, Row, text
from sqlalchemy.exc import DBAPIError

from pipeline.store.attempts import sqlstate
from signals.label import Category, Level
from signals.referral import ALLOWED, Feedback, Field, RecipientKind, ReferralState

_COLUMNS: dict[Field, tuple[str, ...]] = {
    Field.THEME: ("theme",),
    Field.CATEGORY: ("category",),
    Field.LEVEL: ("level",),
    Field.PLACE: ("places",),
    Field.WINDOW: ("window_start", "window_end"),
    Field.EXCERPT: ("excerpt",),
    Field.LINK: ("link_allowed",),
    Field.DUIDING: ("duiding",),
}
_NOT_YOURS, _NOT_NOW = "42501", "22023"


class Seeing(StrEnum):
    """Whether the recipient said that it saw the last change or the withdrawal."""

    ASKED = "asked"
    SEEN = "seen"


class NoSuchReferral(Exception):
    """The referral does not exist, expired, lost its agreement, or is somebody else's; which of these is not told."""


class StepNotPossible(Exception):
    """The answer does not fit the state that the referral is in now."""


@dataclass(frozen=True)
class Received:
    """One referral as its recipient sees it. None: not for this kind, not agreed, or nothing there."""

    id: UUID
    kind: RecipientKind
    state: ReferralState
    place_notice: bool
    prepared_at: datetime
    expires_at: datetime
    theme: str | None
    category: Category | None
    level: Level | None
    places: tuple[str, ...]
    window_start: datetime | None
    window_end: datetime | None
    excerpt: str | None
    link_allowed: bool
    duiding: str | None
    feedback: Feedback | None
    seeing: Seeing | None


def recipient_role(kind: RecipientKind) -> str:
    """The acting role that may read what this kind may read."""
    return f"seinpost_recipient_{kind.value}"


def my_kinds(connection: Connection) -> list[RecipientKind]:
    """The kinds in which the acting user stands in the directory."""
    rows = connection.execute(text("SELECT seinpost.my_recipient_kinds() AS kind"))
    return sorted((RecipientKind(kind) for (kind,) in rows), key=list(RecipientKind).index)


def received(connection: Connection, kind: RecipientKind) -> list[Received]:
    """The acting user's referrals in this kind, newest first."""
    rows = connection.execute(text(_select(kind) + " ORDER BY prepared_at DESC, id"))
    return [_received(row, kind) for row in rows]


def received_one(connection: Connection, kind: RecipientKind, referral_id: UUID) -> Received | None:
    """One of them, or None when there is none in this kind."""
    row = connection.execute(text(_select(kind) + " WHERE id = :id"), {"id": referral_id}).one_or_none()
    return _received(row, kind) if row is not None else None


def mark_read(connection: Connection, referral_id: UUID, now: datetime) -> None:
    """The recipient opened it; a repeat changes nothing."""
    _call(connection, "SELECT seinpost.recipient_step(:id, 'read', :now)", referral_id, now)


def acknowledge(connection: Connection, referral_id: UUID, now: datetime) -> None:
    """The recipient confirms that it received the signal (*ontvangen*); a repeat changes nothing."""
    _call(connection, "SELECT seinpost.recipient_step(:id, 'acknowledged', :now)", referral_id, now)


def feed_back(connection: Connection, referral_id: UUID, outcome: Feedback, now: datetime) -> None:
    """The recipient answers from the closed list, once."""
    _call(connection, "SELECT seinpost.recipient_feedback(:id, :answer, :now)", referral_id, now, outcome)


def see(connection: Connection, referral_id: UUID, now: datetime) -> None:
    """The recipient saw what was changed, or that it was withdrawn (*gezien*); a repeat changes nothing."""
    _call(connection, "SELECT seinpost.recipient_seen(:id, :now)", referral_id, now)


def _select(kind: RecipientKind) -> str:
    """The columns of this kind's view; those of content are not even read once a referral is withdrawn."""
    content = [column for field in Field if field in ALLOWED[kind] for column in _COLUMNS[field]]
    cut = ", ".join(f"CASE WHEN state <> 'withdrawn' THEN {column} END AS {column}" for column in content)
    return (
        "SELECT id, state, place_notice, prepared_at, expires_at, seinpost.my_feedback(id) AS feedback,"  # noqa: S608
        f" seinpost.my_seeing(id) AS seeing, {cut}"
        f" FROM seinpost.portal_{kind.value}"
    )


def _received(row: Row[tuple[object, ...]], kind: RecipientKind) -> Received:
    values = row._mapping  # a column that this kind does not have is absent, which `get` turns into None
    category, level = values.get("category"), values.get("level")
    feedback, seeing = values["feedback"], values["seeing"]
    return Received(
        id=values["id"],
        kind=kind,
        state=ReferralState(values["state"]),
        place_notice=values["place_notice"],
        prepared_at=values["prepared_at"],
        expires_at=values["expires_at"],
        theme=values.get("theme"),
        category=Category(category) if category else None,
        level=Level(level) if level else None,
        places=tuple(values.get("places") or ()),
        window_start=values.get("window_start"),
        window_end=values.get("window_end"),
        excerpt=values.get("excerpt"),
        link_allowed=bool(values.get("link_allowed")),
        duiding=values.get("duiding"),
        feedback=Feedback(feedback) if feedback else None,
        seeing=Seeing(seeing) if seeing else None,
    )


def _call(
    connection: Connection, statement: str, referral_id: UUID, now: datetime, answer: Feedback | None = None
) -> None:
    try:
        connection.execute(text(statement), {"id": referral_id, "now": now, "answer": answer})
    except DBAPIError as error:
        state = sqlstate(error)
        if state == _NOT_YOURS:
            raise NoSuchReferral("there is no such referral for this user") from None
        if state == _NOT_NOW:
            raise StepNotPossible("this answer does not fit the state of the referral") from None
        raise
