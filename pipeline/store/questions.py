"""A recipient's question about what it was sent, and the experts' answer: short, masked, and gone with the referral.

The police ask from the closed list only; the database refuses a word of theirs. Nothing here is searched.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from pipeline.store import trail
from pipeline.store.attempts import sqlstate
from pipeline.store.portal import NoSuchReferral
from signals.masking import mask
from signals.referral import ReferralState

LONGEST = 280
"""Code points of a question or an answer, before and after masking."""
_NOT_YOURS, _NOT_SO, _ENOUGH = "42501", "22023", "54000"


class Topic(StrEnum):
    """The closed list of questions. Only OTHER is in the recipient's own words, and not for the police."""

    WHERE = "where"
    WHEN = "when"
    STILL_GOING_ON = "still_going_on"
    ALREADY_TOLD = "already_told"
    CALL_ME = "call_me"
    OTHER = "other"


TOPIC_LABELS: dict[Topic, str] = {
    Topic.WHERE: "Om welke plek gaat het precies?",
    Topic.WHEN: "Wanneer gaat het precies gebeuren?",
    Topic.STILL_GOING_ON: "Speelt dit nog?",
    Topic.ALREADY_TOLD: "Wie weet dit al?",
    Topic.CALL_ME: "Wilt u mij bellen?",
    Topic.OTHER: "Een andere vraag",
}


class QuestionWrong(Exception):
    """The question does not fit who asks it, or says nothing."""


class TooManyQuestions(Exception):
    """Three questions of this referral wait for an answer, or ten were asked."""


class QuestionTooLong(Exception):
    """More than 280 characters."""


class NoSuchQuestion(Exception):
    """The question is not there for this reader, or a colleague answered it."""


@dataclass(frozen=True)
class Asked:
    """A question as its recipient sees it. Words are empty once they had to go."""

    id: UUID
    topic: Topic
    body: str
    asked_at: datetime
    answer: str
    answered_at: datetime | None


@dataclass(frozen=True)
class OpenQuestion(Asked):
    """A question as an expert sees it, with who asks."""

    referral_id: UUID
    organisation: str
    role_name: str
    phone: str | None


def ask(connection: Connection, referral_id: UUID, topic: Topic, words: str, now: datetime) -> UUID:
    """Ask about one's own referral, as a recipient. Raises NoSuchReferral, QuestionWrong or TooManyQuestions."""
    masked = _masked(words)
    try:
        made: UUID = connection.execute(
            text("SELECT seinpost.recipient_question(:id, :topic, :words, :now)"),
            {"id": referral_id, "topic": topic, "words": masked, "now": now},
        ).scalar_one()
    except DBAPIError as error:
        state = sqlstate(error)
        if state == _NOT_YOURS:
            raise NoSuchReferral("there is no such referral for this user") from None
        if state == _NOT_SO:
            raise QuestionWrong("choose a question from the list, or write one") from None
        if state == _ENOUGH:
            raise TooManyQuestions("wait for an answer first, or call") from None
        raise
    return made


def mine(connection: Connection, referral_id: UUID) -> list[Asked]:
    """The questions about one's own referral, in order; none once it was withdrawn."""
    rows = connection.execute(text("SELECT * FROM seinpost.my_questions(:id)"), {"id": referral_id}).mappings()
    return [Asked(**{**row, "topic": Topic(row["topic"])}) for row in rows]


def of_signal(connection: Connection, signal_id: UUID) -> list[OpenQuestion]:
    """Every question about a signal, for an expert; those that wait for an answer first."""
    rows = connection.execute(
        text(
            "SELECT q.id, q.topic, q.body, q.asked_at, q.answer, q.answered_at, q.referral_id, o.name AS organisation,"
            "       c.role_name, c.phone"
            "  FROM seinpost.referrals r"
            "  JOIN seinpost.referral_questions q ON q.referral_id = r.id"
            "  JOIN seinpost.contacts c ON c.id = r.contact_id"
            "  JOIN seinpost.organisations o ON o.id = c.organisation_id"
            " WHERE r.signal_id = :signal ORDER BY q.answered_at IS NOT NULL, q.asked_at, q.id LIMIT 200"
        ),
        {"signal": signal_id},
    ).mappings()
    return [OpenQuestion(**{**row, "topic": Topic(row["topic"])}) for row in rows]


def answer(
    connection: Connection, signal_id: UUID, question_id: UUID, words: str, answered_by: UUID, now: datetime
) -> tuple[UUID, ReferralState]:
    """Answer a question about this signal, once; the referral and its state, so that its recipient can be told.

    Raises QuestionWrong without words, QuestionTooLong or NoSuchQuestion.
    """
    masked = _masked(words)
    if not masked:
        raise QuestionWrong("write an answer")
    row = connection.execute(
        text(
            "UPDATE seinpost.referral_questions q SET answer = :words, answered_by = :user, answered_at = :now"
            "  FROM seinpost.referrals r"
            " WHERE q.id = :id AND q.answered_at IS NULL AND r.id = q.referral_id AND r.signal_id = :signal"
            "   AND r.state <> 'withdrawn'"
            " RETURNING r.id, r.state"
        ),
        {"id": question_id, "signal": signal_id, "words": masked, "user": answered_by, "now": now},
    ).one_or_none()
    if row is None:
        raise NoSuchQuestion("there is no such question, or it was answered")
    trail.append(connection, "referral_answer", "referral", str(row.id), now)
    return row.id, ReferralState(row.state)


def _masked(words: str) -> str:
    """On one line, masked, and short enough in both forms."""
    line = " ".join(words.split())
    masked = mask(line).text if line else ""
    if max(len(line), len(masked)) > LONGEST:
        raise QuestionTooLong(f"at most {LONGEST} characters")
    return masked
