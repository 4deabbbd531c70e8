"""A reader's own places and time window: kept with the reading, and what recipients get once two readers confirm.

The machine's analysis stays as it was, beside the text. It judges nothing.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, text

from pipeline.store.claims import Locked
from pipeline.store.queue import NamedPlace
from signals.place import PlaceKind

MOST_PLACES = 30


class TooManyPlaces(Exception):
    """More places than one signal can name."""


class OwnSchoolNamed(Exception):
    """A school that a reader adds makes a reader a recipient: somebody else must judge."""


@dataclass(frozen=True)
class Window:
    """A time window as a reader gives it; None twice: no moment is named."""

    start: datetime | None
    end: datetime | None


@dataclass(frozen=True)
class Correction:
    """What a reader changed. None: left as it stood."""

    places: tuple[NamedPlace, ...] | None = None
    window: Window | None = None


@dataclass(frozen=True)
class Settled:
    """What the confirming readers make of place and time together."""

    places: tuple[NamedPlace, ...]
    window: Window


def places_of(connection: Connection, signal_id: UUID) -> tuple[NamedPlace, ...]:
    """The places that the signal names now."""
    rows = connection.execute(
        text("SELECT place_id, kind, name FROM seinpost.signal_places WHERE signal_id = :signal ORDER BY place_id"),
        {"signal": signal_id},
    )
    return tuple(NamedPlace(row.place_id, PlaceKind(row.kind), row.name) for row in rows)


def check(connection: Connection, user_id: UUID, correction: Correction) -> None:
    """Raise TooManyPlaces or OwnSchoolNamed where this reader may not correct like that."""
    places = correction.places or ()
    if len(places) > MOST_PLACES:
        raise TooManyPlaces(f"a signal names at most {MOST_PLACES} places")
    _independent(connection, [user_id], places)


def settled(
    stood: Sequence[NamedPlace],
    window: Window,
    corrections: Iterable[tuple[tuple[NamedPlace, ...] | None, Window | None]],
) -> Settled:
    """Places that a reader added come in, places that a reader took off go out; of two windows the earlier.

    A wrong recipient is worse than one told by phone, so taking off needs only one of the two.
    """
    before = {place.id: place for place in stood}
    after = dict(before)
    windows: list[Window] = []
    for places, changed in corrections:
        if places is not None:
            kept = {place.id: place for place in places}
            after |= {place_id: place for place_id, place in kept.items() if place_id not in before}
            after = {i: p for i, p in after.items() if i not in before or i in kept}
        if changed is not None:
            windows.append(changed)
    named = [one for one in windows if one.start is not None]
    if windows:
        window = min(named, key=lambda one: str(one.start)) if named else windows[0]
    return Settled(tuple(after.values()), window)


def settle(connection: Connection, signal_id: UUID, user_id: UUID, locked: Locked) -> Settled:
    """Bring the signal's places in line with what its confirming readers make of them. The caller writes the window.

    Run after the reader's own judgement is stored, so that row-level security shows the other one.
    """
    rows = connection.execute(
        text(
            "SELECT user_id, places, window_changed, window_start, window_end FROM seinpost.assessments"
            " WHERE signal_id = :signal AND verdict = 'confirm' AND lapsed_at IS NULL ORDER BY reading"
        ),
        {"signal": signal_id},
    ).all()
    stood = places_of(connection, signal_id)
    found = settled(
        stood,
        Window(locked.window_start, locked.window_end),
        [
            (
                from_json(row.places) if row.places is not None else None,
                Window(row.window_start, row.window_end) if row.window_changed else None,
            )
            for row in rows
        ],
    )
    _write(connection, signal_id, user_id, stood, found.places, [row.user_id for row in rows])
    return found


def replace_places(
    connection: Connection, signal_id: UUID, user_id: UUID, places: Sequence[NamedPlace]
) -> tuple[NamedPlace, ...]:
    """Name these places from now on, after readers confirmed; the ones that stood before. Raises what `check` does.

    None of those who confirmed may belong to a school that comes in, nor the one who adds it.
    """
    check(connection, user_id, Correction(tuple(places)))
    readers = connection.execute(
        text(
            "SELECT user_id FROM seinpost.assessments"
            " WHERE signal_id = :signal AND verdict = 'confirm' AND lapsed_at IS NULL"
        ),
        {"signal": signal_id},
    ).scalars()
    stood = places_of(connection, signal_id)
    _write(connection, signal_id, user_id, stood, tuple(places), list(readers))
    return stood


def _write(
    connection: Connection,
    signal_id: UUID,
    user_id: UUID,
    stood: Sequence[NamedPlace],
    places: Sequence[NamedPlace],
    readers: Sequence[UUID],
) -> None:
    added = [place for place in places if place not in stood]
    _independent(connection, readers, added)
    kept = {place.id for place in places}
    connection.execute(
        text("DELETE FROM seinpost.signal_places WHERE signal_id = :signal AND place_id = ANY(:gone)"),
        {"signal": signal_id, "gone": [place.id for place in stood if place.id not in kept]},
    )
    for place in added:
        connection.execute(
            text(
                "INSERT INTO seinpost.signal_places (signal_id, place_id, kind, name, added_by)"
                " VALUES (:signal, :id, :kind, :name, :user)"
            ),
            {"signal": signal_id, "id": place.id, "kind": place.kind, "name": place.name, "user": user_id},
        )


def as_json(places: Sequence[NamedPlace]) -> str:
    """Places as a reading keeps them."""
    return json.dumps([{"id": place.id, "kind": place.kind.value, "name": place.name} for place in places])


def from_json(rows: Sequence[dict[str, str]]) -> tuple[NamedPlace, ...]:
    """Places as a reading kept them."""
    return tuple(NamedPlace(row["id"], PlaceKind(row["kind"]), row["name"]) for row in rows)


def _independent(connection: Connection, readers: Sequence[UUID], places: Iterable[NamedPlace]) -> None:
    schools = [place.id for place in places if place.kind is PlaceKind.SCHOOL]
    for reader in readers if schools else ():
        if connection.execute(
            text("SELECT seinpost.attached_to_any(:reader, :schools)"), {"reader": reader, "schools": schools}
        ).scalar_one():
            raise OwnSchoolNamed("a reader belongs to a school that this names; a colleague must judge it")
