"""What recipients still have to answer, and what they asked, as an expert sees it: by signal, and all of it together.

The order is by what presses, then by how long it waits; nobody and no organisation is counted or ranked.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, Row, text

from pipeline.store.answer_clocks import Stage, WaitsFor
from pipeline.store.questions import Topic
from signals.label import Category, Level
from signals.referral import ReferralState

LONGEST_LIST = 200


@dataclass(frozen=True)
class NextContact:
    """Somebody else of the same organisation, whom a person may choose to send the signal to as well."""

    contact_id: UUID
    role_name: str
    phone: str | None


@dataclass(frozen=True)
class Waiting:
    """One thing that one recipient still has to do. `proposed` is there once a next contact is worth a thought."""

    referral_id: UUID
    signal_id: UUID
    number: int
    category: Category
    level: Level
    organisation: str
    role_name: str
    phone: str | None
    state: ReferralState
    waits_for: WaitsFor
    stage: Stage
    since: datetime
    called_at: datetime | None
    proposed: tuple[NextContact, ...] = ()

    @property
    def alarm(self) -> bool:
        """Whether somebody should call now."""
        return self.stage is Stage.ALARM


@dataclass(frozen=True)
class WaitingQuestion:
    """A question that no colleague answered yet. Its words stand on the signal's page only."""

    signal_id: UUID
    number: int
    category: Category
    level: Level
    organisation: str
    role_name: str
    topic: Topic
    asked_at: datetime


@dataclass(frozen=True)
class Pressing:
    """How much asks for a person now: alarms that nobody called about, and questions without an answer."""

    alarms: int
    questions: int


_CLOCKS = """
SELECT k.referral_id, r.signal_id, s.number, s.category, s.level, o.name AS organisation, c.role_name, c.phone, r.state,
       k.waits_for, k.stage, k.started_at, r.called_at,
       CASE WHEN k.waits_for = 'acknowledgement' AND k.stage IN ('next_contact', 'alarm') THEN
           (SELECT json_agg(json_build_array(n.id, n.role_name, n.phone) ORDER BY n.role_name, n.id)
              FROM (SELECT n.id, n.role_name, n.phone FROM seinpost.contacts n
                     WHERE n.organisation_id = c.organisation_id AND n.kind = c.kind AND n.active
                       AND n.user_id IS NOT NULL AND n.id <> c.id
                       AND NOT EXISTS (SELECT 1 FROM seinpost.referrals t
                                        WHERE t.signal_id = r.signal_id AND t.contact_id = n.id)
                     ORDER BY n.role_name, n.id LIMIT 3) n) END AS proposed
  FROM seinpost.answer_clocks k
  JOIN seinpost.referrals r ON r.id = k.referral_id
  JOIN seinpost.signals s ON s.id = r.signal_id
  JOIN seinpost.contacts c ON c.id = r.contact_id
  JOIN seinpost.organisations o ON o.id = c.organisation_id
 WHERE k.ended_at IS NULL
"""

_ALL = text(_CLOCKS + " ORDER BY k.stage <> 'alarm', s.level_rank, k.started_at, k.id LIMIT :longest")
_OF_SIGNAL = text(_CLOCKS + " AND r.signal_id = :signal ORDER BY k.id LIMIT :longest")

_QUESTIONS = text("""
SELECT r.signal_id, s.number, s.category, s.level, o.name AS organisation, c.role_name, q.topic, q.asked_at
  FROM seinpost.referral_questions q
  JOIN seinpost.referrals r ON r.id = q.referral_id
  JOIN seinpost.signals s ON s.id = r.signal_id
  JOIN seinpost.contacts c ON c.id = r.contact_id
  JOIN seinpost.organisations o ON o.id = c.organisation_id
 WHERE q.answered_at IS NULL AND r.state <> 'withdrawn' AND r.expires_at > :now
 ORDER BY q.asked_at, q.id LIMIT :longest
""")

_PRESSING = text("""
SELECT (SELECT count(*) FROM seinpost.answer_clocks k
          JOIN seinpost.referrals r ON r.id = k.referral_id
         WHERE k.ended_at IS NULL AND k.stage = 'alarm') AS alarms,
       (SELECT count(*) FROM seinpost.referral_questions q
          JOIN seinpost.referrals r ON r.id = q.referral_id
         WHERE q.answered_at IS NULL AND r.state <> 'withdrawn' AND r.expires_at > :now) AS questions
""")


def waiting(connection: Connection) -> list[Waiting]:
    """All that recipients still have to answer, alarms first; at most 200."""
    return [_waiting(row) for row in connection.execute(_ALL, {"longest": LONGEST_LIST})]


def of_signal(connection: Connection, signal_id: UUID) -> list[Waiting]:
    """What the recipients of one signal still have to answer."""
    return [_waiting(row) for row in connection.execute(_OF_SIGNAL, {"signal": signal_id, "longest": LONGEST_LIST})]


def open_questions(connection: Connection, now: datetime) -> list[WaitingQuestion]:
    """Questions that wait for an answer, the oldest first; at most 200."""
    return [
        WaitingQuestion(
            row.signal_id,
            row.number,
            Category(row.category),
            Level(row.level),
            row.organisation,
            row.role_name,
            Topic(row.topic),
            row.asked_at,
        )
        for row in connection.execute(_QUESTIONS, {"now": now, "longest": LONGEST_LIST})
    ]


def pressing(connection: Connection, now: datetime) -> Pressing:
    """How many alarms and questions there are, of what this expert may see."""
    row = connection.execute(_PRESSING, {"now": now}).one()
    return Pressing(row.alarms, row.questions)


def _waiting(row: Row[tuple[object, ...]]) -> Waiting:
    values = row._mapping
    return Waiting(
        referral_id=values["referral_id"],
        signal_id=values["signal_id"],
        number=values["number"],
        category=Category(values["category"]),
        level=Level(values["level"]),
        organisation=values["organisation"],
        role_name=values["role_name"],
        phone=values["phone"],
        state=ReferralState(values["state"]),
        waits_for=WaitsFor(values["waits_for"]),
        stage=Stage(values["stage"]),
        since=values["started_at"],
        called_at=values["called_at"],
        proposed=tuple(NextContact(UUID(one), role, phone) for one, role, phone in values["proposed"] or ()),
    )
