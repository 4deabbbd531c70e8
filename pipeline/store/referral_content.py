"""What a referral can be cut from: one confirmed signal with its places, newest text, reasons and readings.

It reads as the acting expert, so a signal that the expert may not see does not exist here.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, text

from pipeline.store.claims import NoSuchSignal
from pipeline.store.corrections import from_json
from pipeline.store.queue import NamedPlace
from signals.analysis import Span
from signals.label import Category, Level
from signals.place import PlaceKind
from signals.signal import SignalState


@dataclass(frozen=True)
class SignalContent:
    """A signal, as far as a recipient could ever see it. `text` is masked; None once it or its source is gone."""

    id: UUID
    state: SignalState
    category: Category
    level: Level
    window_start: datetime | None
    window_end: datetime | None
    places: tuple[NamedPlace, ...]
    text: str | None
    reasons: tuple[Span, ...]
    duidingen: tuple[str, ...]


def signal_content(connection: Connection, signal_id: UUID) -> SignalContent:
    """The signal's content. Raises NoSuchSignal also where this user may not see it."""
    signal = connection.execute(
        text(
            """SELECT id, state, category, level, window_start, window_end, source_removed_at
                 FROM seinpost.signals WHERE id = :id"""
        ),
        {"id": signal_id},
    ).one_or_none()
    if signal is None:
        raise NoSuchSignal("there is no such signal")
    body, reasons = (None, ()) if signal.source_removed_at else _newest_text(connection, signal_id)
    content = SignalContent(
        id=signal_id,
        state=SignalState(signal.state),
        category=Category(signal.category),
        level=Level(signal.level),
        window_start=signal.window_start,
        window_end=signal.window_end,
        places=_places(connection, signal_id),
        text=body,
        reasons=reasons,
        duidingen=_duidingen(connection, signal_id),
    )
    return _as_read(connection, content) if content.state is SignalState.WAITING_SECOND else content


def _as_read(connection: Connection, content: SignalContent) -> SignalContent:
    """Before the second reading a place notice tells what its own reader made of the signal, corrections and all."""
    row = connection.execute(
        text(
            """SELECT category, level, places, window_changed, window_start, window_end FROM seinpost.assessments
                WHERE signal_id = :id AND user_id = seinpost.acting_user() AND verdict = 'confirm'
                  AND lapsed_at IS NULL"""
        ),
        {"id": content.id},
    ).one_or_none()
    if row is None:
        return content
    return replace(
        content,
        category=Category(row.category),
        level=Level(row.level),
        places=content.places if row.places is None else from_json(row.places),
        window_start=row.window_start if row.window_changed else content.window_start,
        window_end=row.window_end if row.window_changed else content.window_end,
    )


def _places(connection: Connection, signal_id: UUID) -> tuple[NamedPlace, ...]:
    """The named places, from the most exact to the widest: so a recipient reads them."""
    rows = connection.execute(
        text(
            """SELECT place_id, kind, name FROM seinpost.signal_places WHERE signal_id = :id
                ORDER BY array_position(ARRAY['school', 'station', 'street', 'area', 'city'], kind), name, place_id"""
        ),
        {"id": signal_id},
    )
    return tuple(NamedPlace(place_id, PlaceKind(kind), name) for place_id, kind, name in rows)


def _newest_text(connection: Connection, signal_id: UUID) -> tuple[str | None, tuple[Span, ...]]:
    """The live sighting that the signal's facts come from, with the spans to cut around: reasons, else the facts."""
    row = connection.execute(
        text(
            """SELECT text, analysis FROM seinpost.sightings
                WHERE signal_id = :id AND text IS NOT NULL
                ORDER BY own_signal IS NOT NULL, revision DESC, event_id DESC LIMIT 1"""
        ),
        {"id": signal_id},
    ).one_or_none()
    if row is None:
        return None, ()
    found: list[Span] = [(reason["start"], reason["end"]) for reason in row.analysis.get("reasons", ())]
    if not found:
        found = [(start, end) for spans in row.analysis.get("facts", {}).values() for start, end in spans]
    return row.text, tuple(sorted(found))


def _duidingen(connection: Connection, signal_id: UUID) -> tuple[str, ...]:
    rows = connection.execute(
        text(
            """SELECT duiding FROM seinpost.assessments
                WHERE signal_id = :id AND verdict = 'confirm' AND lapsed_at IS NULL AND duiding <> ''
                ORDER BY reading"""
        ),
        {"id": signal_id},
    )
    return tuple(duiding for (duiding,) in rows)
