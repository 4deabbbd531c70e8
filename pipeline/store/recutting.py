"""What recipients see, written anew after a correction. The old values are overwritten: nobody needs to know them.

It decides nothing: `forwarding.correcting` cuts the content and judges who may still see it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, text

from signals.label import Category, Level
from signals.referral import ReferralState

_CUT = ("theme", "category", "level", "places", "window_start", "window_end", "excerpt", "link_allowed", "duiding")


@dataclass(frozen=True)
class StandingReferral:
    """A referral that a correction may reach."""

    id: UUID
    contact_id: UUID
    state: ReferralState
    place_notice: bool


def standing(connection: Connection, signal_id: UUID) -> list[StandingReferral]:
    """The signal's referrals that were not withdrawn, in a fixed order, held until the transaction ends."""
    rows = connection.execute(
        text(
            "SELECT id, contact_id, state, place_notice FROM seinpost.referrals"
            " WHERE signal_id = :signal AND state <> 'withdrawn' ORDER BY id FOR UPDATE"
        ),
        {"signal": signal_id},
    )
    return [StandingReferral(row.id, row.contact_id, ReferralState(row.state), row.place_notice) for row in rows]


def recut(connection: Connection, referral_id: UUID, view: Mapping[str, object]) -> bool:
    """Write what this recipient sees; whether that is anything else than before."""
    values = {**{name: view[name] for name in _CUT}, "id": referral_id}
    values["places"] = list(view["places"]) if isinstance(view["places"], tuple) else None
    sets = ", ".join(f"{name} = :{name}" for name in _CUT)
    types = {"places": "text[]", "window_start": "timestamptz", "window_end": "timestamptz", "link_allowed": "boolean"}
    differs = ", ".join(f"CAST(:{name} AS {types.get(name, 'text')})" for name in _CUT)
    changed = connection.execute(
        text(
            f"UPDATE seinpost.referrals SET {sets}"  # noqa: S608 -- our own column names; every value is bound
            f" WHERE id = :id AND ({', '.join(_CUT)}) IS DISTINCT FROM ({differs})"
        ),
        values,
    )
    return changed.rowcount == 1


def relabel(
    connection: Connection,
    signal_id: UUID,
    category: Category,
    level: Level,
    window_start: datetime | None,
    window_end: datetime | None,
) -> None:
    """Write what the signal itself is from now on; its state and when it came there stay."""
    connection.execute(
        text(
            "UPDATE seinpost.signals SET category = :category, level = :level, window_start = :start, window_end = :end"
            " WHERE id = :signal"
        ),
        {"signal": signal_id, "category": category, "level": level, "start": window_start, "end": window_end},
    )
