"""What recipients still have to answer, and what they asked, as an expert sees it: by signal, and all of it together.

The order is by what presses, then by how long it waits; nobody and no organisation is counted or ranked.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, RowMapping, text

from pipeline.store.answer_clocks import Stage, WaitsFor
from pipeline.store.directory import TODAY
from pipeline.store.questions import Topic
from signals.label import Category, Level
from signals.referral import ReferralState

LONGEST_LIST = 200
MOST_NEXT = 50
"""People of one organisation who are looked at for a next contact."""


@dataclass(frozen=True)
class NextContact:
    """Somebody whom a person may choose to tell as well: of the same organisation, or who stands in for one of it.

    `instead_of` is the role of whom it stands in for today, `until_on` the last day of that.
    """

    contact_id: UUID
    instead_of: str | None
    until_on: date | None


@dataclass(frozen=True, kw_only=True)
class AboutRecipient:
    """Which signal it is about, and who got it."""

    signal_id: UUID
    number: int
    category: Category
    level: Level
    organisation: str
    role_name: str


@dataclass(frozen=True, kw_only=True)
class Waiting(AboutRecipient):
    """One thing that one recipient still has to do. `away_until`: this recipient is not there, the last day of that.

    `next_contacts` is None until somebody else is worth a thought; then it holds whom there is, there today or not.
    """

    referral_id: UUID
    phone: str | None
    away_until: date | None
    state: ReferralState
    waits_for: WaitsFor
    stage: Stage
    since: datetime
    called_at: datetime | None
    next_contacts: tuple[NextContact, ...] | None

    @property
    def alarm(self) -> bool:
        """Whether somebody should call now."""
        return self.stage is Stage.ALARM


@dataclass(frozen=True, kw_only=True)
class WaitingQuestion(AboutRecipient):
    """A question that no colleague answered yet. Its words stand on the signal's page only."""

    topic: Topic
    asked_at: datetime


@dataclass(frozen=True)
class Pressing:
    """How much asks for a person now: alarms that nobody called about, and questions without an answer."""

    alarms: int
    questions: int


_COLUMNS = f"""
SELECT k.referral_id, r.signal_id, s.number, s.category, s.level, o.name AS organisation, c.role_name, c.phone, r.state,
       k.waits_for, k.stage, k.started_at AS since, r.called_at,
       (SELECT max(b.until_on) FROM seinpost.contact_absences b
         WHERE b.contact_id = c.id AND {TODAY} BETWEEN b.from_on AND b.until_on) AS away_until
"""  # noqa: S608 (constant text)
_CLOCKS = """
  FROM seinpost.answer_clocks k
  JOIN seinpost.referrals r ON r.id = k.referral_id
  JOIN seinpost.signals s ON s.id = r.signal_id
  JOIN seinpost.contacts c ON c.id = r.contact_id
  JOIN seinpost.organisations o ON o.id = c.organisation_id
 WHERE k.ended_at IS NULL
"""
# Who stands in for the recipient itself comes first; then colleagues and who stands in for one of them. Somebody who
# was told already has a clock of its own.
_NEXT = f"""
     , CASE WHEN k.waits_for = 'acknowledgement' AND k.stage IN ('next_contact', 'alarm') THEN
         (SELECT coalesce(json_agg(json_build_array(n.id, n.instead_of, n.until_on)
                                   ORDER BY n.nearness, n.role_name, n.id), '[]')
            FROM (SELECT *
                    FROM (SELECT DISTINCT ON (p.id) p.id, p.role_name, m.instead_of, m.until_on, m.nearness
                            FROM (SELECT m.id, NULL AS instead_of, NULL::date AS until_on, 3 AS nearness
                                    FROM seinpost.contacts m
                                   WHERE m.organisation_id = c.organisation_id AND m.kind = c.kind
                                  UNION ALL
                                  SELECT b.stand_in, m.role_name, b.until_on, CASE WHEN m.id = c.id THEN 1 ELSE 2 END
                                    FROM seinpost.contacts m JOIN seinpost.contact_absences b ON b.contact_id = m.id
                                   WHERE m.organisation_id = c.organisation_id AND m.kind = c.kind AND m.active
                                     AND {TODAY} BETWEEN b.from_on AND b.until_on) m
                            JOIN seinpost.contacts p ON p.id = m.id AND p.active AND p.id <> c.id
                           WHERE NOT EXISTS (SELECT 1 FROM seinpost.referrals t
                                              WHERE t.signal_id = r.signal_id AND t.contact_id = p.id)
                           ORDER BY p.id, m.nearness) each
                   ORDER BY nearness, role_name, id LIMIT {MOST_NEXT}) n) END AS next_contacts
"""  # noqa: S608 (constant text)

_ALL = text(_COLUMNS + _CLOCKS + " ORDER BY k.stage <> 'alarm', s.level_rank, k.started_at, k.id LIMIT :longest")
_OF_SIGNAL = text(_COLUMNS + _NEXT + _CLOCKS + " AND r.signal_id = :signal ORDER BY k.id LIMIT :longest")

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
    """All that recipients still have to answer, alarms first; at most 200. Who else there is stands with the signal."""
    return [_waiting(row) for row in connection.execute(_ALL, {"longest": LONGEST_LIST}).mappings()]


def of_signal(connection: Connection, signal_id: UUID) -> list[Waiting]:
    """What the recipients of one signal still have to answer."""
    rows = connection.execute(_OF_SIGNAL, {"signal": signal_id, "longest": LONGEST_LIST}).mappings()
    return [_waiting(row) for row in rows]


def open_questions(connection: Connection, now: datetime) -> list[WaitingQuestion]:
    """Questions that wait for an answer, the oldest first; at most 200."""
    rows = connection.execute(_QUESTIONS, {"now": now, "longest": LONGEST_LIST}).mappings()
    return [WaitingQuestion(**{**row, **_read(row), "topic": Topic(row["topic"])}) for row in rows]


def pressing(connection: Connection, now: datetime) -> Pressing:
    """How many alarms and questions there are, of what this expert may see."""
    row = connection.execute(_PRESSING, {"now": now}).one()
    return Pressing(row.alarms, row.questions)


def _read(row: RowMapping) -> dict[str, Any]:
    """The words of a row that stand for one of a list."""
    return {"category": Category(row["category"]), "level": Level(row["level"])}


def _waiting(row: RowMapping) -> Waiting:
    others = row.get("next_contacts")
    return Waiting(
        **{
            **row,
            **_read(row),
            "state": ReferralState(row["state"]),
            "waits_for": WaitsFor(row["waits_for"]),
            "stage": Stage(row["stage"]),
            "next_contacts": None if others is None else tuple(_next_contact(*one) for one in others),
        }
    )


def _next_contact(contact_id: str, instead_of: str | None, until_on: str | None) -> NextContact:
    return NextContact(UUID(contact_id), instead_of, date.fromisoformat(until_on) if until_on else None)
