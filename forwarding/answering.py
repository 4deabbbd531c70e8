"""Answering a recipient's question: the words are stored masked, and the recipient is told that an answer waits."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from pipeline.store import questions
from pipeline.store.notices import NoticeKind, add_notice
from pipeline.store.referrals import add_event


def answer(
    connection: Connection, signal_id: UUID, question_id: UUID, words: str, answered_by: UUID, now: datetime
) -> None:
    """Answer a question about this signal, once. Raises QuestionWrong, QuestionTooLong or NoSuchQuestion."""
    referral, state = questions.answer(connection, signal_id, question_id, words, answered_by, now)
    add_event(connection, referral, now, state, state, answered_by, {"answered": "yes"})
    add_notice(connection, referral, NoticeKind.ANSWERED, now, occasion=str(question_id))
