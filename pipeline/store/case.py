"""One signal as a reader may see it: its newest text and analysis, places, sightings, readings and steps.

Blindness is the database's work: the rows that a second reader may not see yet do not come back. It changes nothing.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, text

from pipeline.store.claims import NoSuchSignal
from pipeline.store.corrections import Window, from_json
from pipeline.store.queue import NamedPlace, named_places
from signals.analysis import Analysis
from signals.label import Category, Genre, Level
from signals.post import Source
from signals.referral import Feedback, RecipientKind, ReferralState
from signals.signal import Outcome, SignalState


@dataclass(frozen=True)
class Reading:
    """A judgement that this reader may see: the own one, or all of them once blindness is over.

    `places` and `window` are what the reader made of them; None where they stayed as they stood.
    """

    reading: int
    user_id: UUID
    display_name: str
    verdict: str
    reason: str
    category: Category
    level: Level
    duiding: str
    created_at: datetime
    id: UUID
    lapsed_by: str | None
    places: tuple[NamedPlace, ...] | None
    window: Window | None


@dataclass(frozen=True)
class Sent:
    """A referral of this signal and where it stands."""

    id: UUID
    contact_id: UUID
    organisation: str
    role_name: str
    phone: str | None
    kind: RecipientKind
    state: ReferralState
    place_notice: bool
    prepared_at: datetime
    called_at: datetime | None
    feedback: Feedback | None

    @property
    def acknowledged(self) -> bool:
        """Whether this recipient let know that it got the signal."""
        return self.state in {ReferralState.ACKNOWLEDGED, ReferralState.FED_BACK}


@dataclass(frozen=True)
class Event:
    """One step in the signal's life."""

    at: datetime
    step: str
    to_state: SignalState


@dataclass(frozen=True)
class Case:
    """A signal with everything this reader may see of it."""

    id: UUID
    number: int
    state: SignalState
    category: Category
    level: Level
    genre: Genre
    source: Source
    sightings: int
    posted_at: datetime | None
    seen_at: datetime
    queued_at: datetime
    window_start: datetime | None
    window_end: datetime | None
    source_removed_at: datetime | None
    source_edited_at: datetime | None
    text: str | None
    analysis: Analysis | None
    order_number: int | None
    order_ends_at: datetime | None
    places: tuple[NamedPlace, ...]
    first_reader_police: bool
    holder: UUID | None
    claim_ends_at: datetime | None
    readings: tuple[Reading, ...]
    lapsed: tuple[Reading, ...]
    """Readings that count no more: taken back, or of before the signal was taken up again."""
    escalated_at: datetime | None
    handed_over: bool
    """Whether another region's team was ever asked to take it."""
    outcome: Outcome | None
    referrals: tuple[Sent, ...]
    events: tuple[Event, ...]


def case(connection: Connection, signal_id: UUID, now: datetime) -> Case:
    """Read one signal as an expert. Raises NoSuchSignal also where the reader may not see it."""
    row = connection.execute(
        text(
            "SELECT s.*, p.text, CAST(nullif(p.analysis, '{}') AS text) AS analysis,"
            "       o.number AS order_number, o.ends_at AS order_ends_at,"
            "       c.user_id AS holder, c.expires_at AS claim_ends_at,"
            "       EXISTS (SELECT FROM seinpost.region_handovers h WHERE h.signal_id = s.id) AS handed_over,"
            "       coalesce((SELECT json_agg(json_build_array(m.place_id, m.kind, m.name) ORDER BY m.kind, m.name)"
            "                   FROM seinpost.signal_places m WHERE m.signal_id = s.id), '[]') AS places"
            "  FROM seinpost.signals s"
            "  LEFT JOIN LATERAL (SELECT g.text, g.analysis, g.order_id FROM seinpost.sightings g"
            "      WHERE g.signal_id = s.id ORDER BY g.text IS NULL, g.own_signal IS NOT NULL, g.revision DESC,"
            "      g.post_id LIMIT 1) p ON true"
            "  LEFT JOIN seinpost.orders o ON o.id = p.order_id"
            "  LEFT JOIN seinpost.claims c ON c.signal_id = s.id AND c.expires_at > :now"
            " WHERE s.id = :signal"
        ),
        {"signal": signal_id, "now": now},
    ).one_or_none()
    if row is None:
        raise NoSuchSignal("there is no such signal")
    readings = _readings(connection, signal_id)
    return Case(
        id=row.id,
        number=row.number,
        state=SignalState(row.state),
        category=Category(row.category),
        level=Level(row.level),
        genre=Genre(row.genre),
        source=Source(row.source),
        sightings=row.sightings,
        posted_at=row.posted_at,
        seen_at=row.seen_at,
        queued_at=row.queued_at,
        window_start=row.window_start,
        window_end=row.window_end,
        source_removed_at=row.source_removed_at,
        source_edited_at=row.source_edited_at,
        text=row.text,
        analysis=Analysis.model_validate_json(row.analysis) if row.text is not None and row.analysis else None,
        order_number=row.order_number,
        order_ends_at=row.order_ends_at,
        places=named_places(row.places),
        first_reader_police=row.first_reader_police,
        holder=row.holder,
        claim_ends_at=row.claim_ends_at,
        readings=tuple(reading for reading in readings if reading.lapsed_by is None),
        lapsed=tuple(reading for reading in readings if reading.lapsed_by is not None),
        escalated_at=row.escalated_at,
        handed_over=row.handed_over,
        outcome=Outcome(row.outcome) if row.outcome else None,
        referrals=_referrals(connection, signal_id),
        events=_events(connection, signal_id),
    )


OPEN_TO_ME = (
    "(seinpost.has_read(seinpost.acting_user(), :signal) OR seinpost.informed(seinpost.acting_user(), :signal)"
    " OR seinpost.blindness_over(:signal))"
)
"""Whether row-level security shows the acting expert what every reader of a signal thinks: a part of a question."""


def readings_open_to(connection: Connection, signal_id: UUID) -> bool:
    """The same as a question of its own."""
    shown: bool = connection.execute(text(f"SELECT {OPEN_TO_ME}"), {"signal": signal_id}).scalar_one()
    return shown


def _readings(connection: Connection, signal_id: UUID) -> tuple[Reading, ...]:
    rows = connection.execute(
        text(
            "SELECT a.reading, a.user_id, u.display_name, a.verdict, a.reason, a.category, a.level, a.duiding,"
            "       a.created_at, a.id, a.lapsed_by, a.places, a.window_changed, a.window_start, a.window_end"
            "  FROM seinpost.assessments a JOIN seinpost.users u ON u.id = a.user_id"
            " WHERE a.signal_id = :signal ORDER BY a.created_at, a.reading"
        ),
        {"signal": signal_id},
    )
    return tuple(
        Reading(
            row.reading,
            row.user_id,
            row.display_name,
            row.verdict,
            row.reason,
            Category(row.category),
            Level(row.level),
            row.duiding,
            row.created_at,
            row.id,
            row.lapsed_by,
            from_json(row.places) if row.places is not None else None,
            Window(row.window_start, row.window_end) if row.window_changed else None,
        )
        for row in rows
    )


def _referrals(connection: Connection, signal_id: UUID) -> tuple[Sent, ...]:
    rows = connection.execute(
        text(
            "SELECT r.id, r.contact_id, o.name AS organisation, c.role_name, c.phone, r.kind, r.state, r.place_notice,"
            "       r.prepared_at, r.called_at, f.outcome"
            "  FROM seinpost.referrals r"
            "  JOIN seinpost.contacts c ON c.id = r.contact_id"
            "  JOIN seinpost.organisations o ON o.id = c.organisation_id"
            "  LEFT JOIN seinpost.feedback f ON f.referral_id = r.id"
            " WHERE r.signal_id = :signal ORDER BY r.kind, o.name, c.role_name"
        ),
        {"signal": signal_id},
    )
    return tuple(
        Sent(
            row.id,
            row.contact_id,
            row.organisation,
            row.role_name,
            row.phone,
            RecipientKind(row.kind),
            ReferralState(row.state),
            row.place_notice,
            row.prepared_at,
            row.called_at,
            Feedback(row.outcome) if row.outcome else None,
        )
        for row in rows
    )


def _events(connection: Connection, signal_id: UUID) -> tuple[Event, ...]:
    """The steps so far; to the second reader none that tells whether the first one confirmed or rejected."""
    rows = connection.execute(
        text(
            "SELECT at, step, to_state FROM seinpost.signal_events WHERE signal_id = :signal"
            "   AND (to_state = 'new' OR from_state = to_state OR seinpost.signal_state(signal_id) <> 'waiting_second'"
            "        OR seinpost.has_read(seinpost.acting_user(), signal_id))"
            " ORDER BY id"
        ),
        {"signal": signal_id},
    )
    return tuple(Event(row.at, row.step, SignalState(row.to_state)) for row in rows)
