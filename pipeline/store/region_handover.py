"""Handing a signal over to the team of another region: offered, accepted or given back, by people.

It is about who acts, not about who may see: nobody sees more or less for it. Until somebody there accepts, the first
team keeps it. Run as an expert; who may do what is held by the database (`0024_support_and_regions.sql`).
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from pipeline.store import trail
from pipeline.store.attempts import sqlstate
from signals.region import GiveBackReason, OfferReason, Region

_REFUSED = ("42501", "22023", "23505")
_SHOWN = 20


class RegionNotPossible(Exception):
    """Somebody was earlier, the signal is over, that team has it already, or it is another team's to answer."""


@dataclass(frozen=True)
class Offer:
    """A hand-over as it stands. `by_me`: this reader offered it; `for_me`: this reader may answer it."""

    to: Region
    why: OfferReason
    at: datetime
    by_me: bool
    for_me: bool


@dataclass(frozen=True)
class Standing:
    """Which region's team has a signal. None: no team was ever named for it.

    `accepted_by` and `accepted_at` say who took it over and when; `offered` waits for an answer; `given_back` is the
    last answer when that was no.
    """

    team: Region | None = None
    accepted_by: str | None = None
    accepted_at: datetime | None = None
    offered: Offer | None = None
    given_back: tuple[Region, GiveBackReason] | None = None


_HISTORY = text("""
SELECT h.from_region, h.to_region, h.why, h.offered_at, h.offered_by = seinpost.acting_user() AS by_me,
       coalesce(m.region, h.to_region) = h.to_region AS for_me, h.outcome, h.outcome_why, h.answered_at, u.display_name
  FROM (SELECT seinpost.my_region() AS region) m
  JOIN seinpost.region_handovers h ON h.signal_id = :signal
  LEFT JOIN seinpost.users u ON u.id = h.answered_by
 ORDER BY h.number DESC LIMIT :most
""")


def standing(connection: Connection, signal_id: UUID) -> Standing:
    """Which team has the signal, and what waits."""
    rows = connection.execute(_HISTORY, {"signal": signal_id, "most": _SHOWN}).all()
    open_ = next((row for row in rows if row.outcome is None), None)
    taken = next((row for row in rows if row.outcome == "taken"), None)
    last = rows[0] if rows else None
    team = taken.to_region if taken else open_.from_region if open_ else None
    return Standing(
        team=Region(team) if team else None,
        accepted_by=taken.display_name if taken else None,
        accepted_at=taken.answered_at if taken else None,
        offered=Offer(
            to=Region(open_.to_region),
            why=OfferReason(open_.why),
            at=open_.offered_at,
            by_me=open_.by_me,
            for_me=open_.for_me and not open_.by_me,
        )
        if open_
        else None,
        given_back=(Region(last.to_region), GiveBackReason(last.outcome_why))
        if last is not None and last.outcome == "given_back"
        else None,
    )


def offer(connection: Connection, signal_id: UUID, to: Region, why: OfferReason, now: datetime) -> None:
    """Hand the signal over to a region's team, which still has to accept. Raises RegionNotPossible."""
    _run(
        connection,
        "INSERT INTO seinpost.region_handovers (signal_id, to_region, why, offered_at)"
        " VALUES (:signal, :to, :why, :now)",
        {"signal": signal_id, "to": to, "why": why, "now": now},
    )
    trail.append(connection, "region_offered", "signal", str(signal_id), now, {"to": to.value, "why": why.value})


def accept(connection: Connection, signal_id: UUID, now: datetime) -> None:
    """Take over what was offered to one's own region. Raises RegionNotPossible."""
    _answer(connection, signal_id, "taken", None, now)


def give_back(connection: Connection, signal_id: UUID, why: GiveBackReason, now: datetime) -> None:
    """Do not take it over, and say why. Raises RegionNotPossible."""
    _answer(connection, signal_id, "given_back", why, now)


def take_back(connection: Connection, signal_id: UUID, now: datetime) -> None:
    """Who offered it keeps it after all. Raises RegionNotPossible."""
    _answer(connection, signal_id, "taken_back", None, now)


def _answer(connection: Connection, signal_id: UUID, outcome: str, why: GiveBackReason | None, now: datetime) -> None:
    changed = _run(
        connection,
        "UPDATE seinpost.region_handovers SET outcome = :outcome, outcome_why = :why, answered_at = :now,"
        " answered_by = seinpost.acting_user() WHERE signal_id = :signal AND outcome IS NULL",
        {"signal": signal_id, "outcome": outcome, "why": why, "now": now},
    )
    if not changed:
        raise RegionNotPossible("nothing waits for an answer here; look at the signal again")
    detail = {"why": why.value} if why else {}
    trail.append(connection, f"region_{outcome}", "signal", str(signal_id), now, detail)


def _run(connection: Connection, statement: str, values: dict[str, object]) -> int:
    try:
        return connection.execute(text(statement), values).rowcount
    except DBAPIError as error:
        if sqlstate(error) in _REFUSED:
            raise RegionNotPossible("this cannot be done now; look at the signal again") from None
        raise
