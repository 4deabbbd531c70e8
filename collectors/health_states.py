"""The states of a source as a machine: which may follow which, why, and since when. Pure; it stores nothing.

Silence is no state here: it is an alarm beside the state, from how much a source usually brings (`health_rhythm`).
"""

import re
from dataclasses import dataclass, replace
from datetime import datetime

from collectors.health import HealthState, SourceHealth

_ANY = frozenset(HealthState)
_PROVEN = _ANY - {HealthState.SLOWED, HealthState.FAILING}

ALLOWED: dict[HealthState, frozenset[HealthState]] = {
    HealthState.OK: _ANY,
    HealthState.NOTHING_NEW: _ANY,
    HealthState.SLOWED: _ANY,
    HealthState.FAILING: _ANY,
    # A timeout does not prove that a refusal was lifted or that a page is readable again, so it does not hide it.
    HealthState.BLOCKED: _PROVEN,
    HealthState.MISPARSED: _PROVEN,
    HealthState.STOPPED_BY_ORDER: _ANY,
}
"""Which states may follow a state. A first report may be any."""

OUR_SIDE = frozenset({"no_key", "key_missing", "key_invalid", "address_wrong"})
"""Reasons to be blocked that lie with us: that a source was asked at all proves that they are gone."""

GOOD = frozenset({HealthState.OK, HealthState.NOTHING_NEW})

_WITHOUT_REASON: dict[HealthState, str] = {
    HealthState.OK: "",
    HealthState.NOTHING_NEW: "",
    HealthState.SLOWED: "asked_to_wait",
    HealthState.FAILING: "no_answer",
    HealthState.BLOCKED: "unknown",
    HealthState.MISPARSED: "not_understood",
    HealthState.STOPPED_BY_ORDER: "order_over",
}
_FIRST = re.compile(r"[A-Za-z0-9_]{1,40}(:[0-9]{1,9})?")
_MORE = re.compile(r"[A-Za-z0-9_]{1,40}:[0-9]{1,9}|then_[A-Za-z0-9_]{1,35}")
_MOST_CODES = 12
_THEN = "then_"


@dataclass(frozen=True, slots=True)
class Standing:
    """How a source stands. `since` is when it came into this state; `accepted` counts everything under its order."""

    state: HealthState
    reason: str
    since: datetime
    reported_at: datetime
    last_seen_at: datetime | None = None
    accepted: int = 0


def after(standing: Standing | None, report: SourceHealth) -> Standing:
    """The standing after a report; `since` moves only when the state does.

    A report that is older than the newest only adds to the counts. A state that may not follow leaves the old one as
    it is, with the new trouble noted behind its reason.
    """
    reason = codes(report.reason) or _WITHOUT_REASON[report.state]
    if standing is None:
        return Standing(report.state, reason, report.at, report.at, report.last_seen_at, report.accepted)
    seen = [moment for moment in (standing.last_seen_at, report.last_seen_at) if moment is not None]
    counted = replace(
        standing, last_seen_at=max(seen, default=None), accepted=standing.accepted + max(report.accepted, 0)
    )
    if report.at < standing.reported_at:
        return counted
    counted = replace(counted, reported_at=report.at)
    if report.state is standing.state:
        return replace(counted, reason=reason)
    if not may_follow(standing, report.state):
        note = _THEN + first_code(reason)[: 40 - len(_THEN)]
        kept = [code for code in standing.reason.split() if not code.startswith(_THEN)]
        return replace(counted, reason=" ".join([*kept[: _MOST_CODES - 1], note]))
    return replace(counted, state=report.state, reason=reason, since=report.at)


def may_follow(standing: Standing, state: HealthState) -> bool:
    """Whether a source that stands so may come into a state."""
    return state in ALLOWED[standing.state] or first_code(standing.reason) in OUR_SIDE


def codes(reason: str) -> str:
    """A reason, when it is a code and counted codes; anything else could be a source's own words and is unknown."""
    words = reason.split()[:_MOST_CODES]
    written = all((_MORE if number else _FIRST).fullmatch(word) for number, word in enumerate(words))
    return " ".join(words) if written else "unknown"


def first_code(reason: str) -> str:
    """The code that says most, without a count; empty where there is none."""
    return reason.split()[0].partition(":")[0] if reason.split() else ""
