"""What must hold after a run: no post lost, no signal twice, no decision lost; everything stored or a dead letter.

What does not hold is named, with the first ids of it: a run of hours is not repeated to see what was wrong.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from tests.road.storm.experts import Decision
from tests.road.storm.said import Outcome

Rows = Callable[[str], Sequence[tuple[Any, ...]]]
Told = Mapping[str, Sequence[tuple[str, object]]]
"""Event id and body of what the topic told, by key, in its order."""
_SHOWN = 3


def reckon_posts(rows: Rows, wanted: Outcome) -> None:
    """Every version analysed or set aside, every post at its last version, every flagged one at one signal."""
    _same("analyses", dict.fromkeys(e for (e,) in rows("SELECT event_id FROM analyses")), dict.fromkeys(wanted.events))
    found = {str(reason): count for reason, count in rows("SELECT reason, count(*) FROM dead_letters GROUP BY 1")}
    _same("dead letters of a reason", found, {reason: count for reason, count in wanted.dead.items() if count})
    heads = {p: (e, removed) for p, e, removed in rows("SELECT post_id, event_id, removed FROM post_heads")}
    _same("last versions of a post", heads, wanted.heads)
    of_posts = rows("SELECT post_id, signal_id FROM sightings WHERE post_id IN (SELECT post_id FROM post_heads)")
    live = {p: s for p, s in of_posts}  # noqa: C416
    _same("posts at a signal", live, wanted.stands_at)
    of_heads = {p: s for p, s in rows("SELECT post_id, signal_id FROM post_heads WHERE signal_id IS NOT NULL")}  # noqa: C416
    _same("posts that know their signal", of_heads, live)


def reckon_signals(rows: Rows, wanted: Outcome) -> None:
    """One signal a text, counted right, arrived once, and in the state that its posts and readers leave it in."""
    signals = {i: (str(state), n) for i, state, n in rows("SELECT id, state, sightings FROM signals")}
    _same("signals", dict.fromkeys(signals), dict.fromkeys(wanted.ever))
    counts = Counter(wanted.stands_at.values())
    _same("posts counted at a signal", {i: n for i, (_, n) in signals.items()}, {i: counts[i] for i in wanted.ever})
    arrived = {i: n for i, n in rows("SELECT signal_id, count(*) FROM signal_events WHERE step = 'arrive' GROUP BY 1")}  # noqa: C416
    _same("arrivals of a signal", arrived, dict.fromkeys(wanted.ever, 1))
    # A signal that somebody has open outlives its source.
    open_or_read = {i for (i,) in rows("SELECT signal_id FROM claims UNION SELECT signal_id FROM assessments")}
    unread = {i: state for i, (state, _) in signals.items() if i not in open_or_read}
    _same("states of a signal nobody read", unread, {i: "new" if counts[i] else "expired" for i in unread})


def reckon_decisions(rows: Rows, made: Sequence[Decision]) -> int:
    """Every decision that was answered stands; how many there are."""
    assessed = {(i, reading): user for i, reading, user in rows("SELECT signal_id, reading, user_id FROM assessments")}
    answered = {(d.signal, d.reading): d.user for d in made}
    _same("decisions that were answered", {d: u for d, u in assessed.items() if d in answered}, answered)
    last = {d.signal: d.state for d in sorted(made, key=lambda d: d.reading)}
    highest = {signal: max(r for s, r in assessed if s == signal) for signal in last}
    states = {i: str(state) for i, state in rows("SELECT id, state FROM signals")}
    left = {signal: state.value for signal, state in last.items() if (signal, highest[signal]) in answered}
    _same("states that a last reader was told", {signal: states.get(signal) for signal in left}, left)
    return len(assessed)


def reckon_told(rows: Rows, told: Told) -> int:
    """All that is in the outbox is on its topic, once and in order; how much there is."""
    by_key: dict[str, list[str]] = {}
    for event, key in rows("SELECT event_id, key FROM outbox ORDER BY id"):
        by_key.setdefault(str(key), []).append(str(event))
    _same("decisions told of a signal", {key: [e for e, _ in events] for key, events in told.items()}, by_key)
    return sum(len(events) for events in by_key.values())


def _same(what: str, found: Mapping[Any, Any], wanted: Mapping[Any, Any]) -> None:
    lost = [key for key in wanted if key not in found]
    more = [key for key in found if key not in wanted]
    other = [f"{key} {found[key]} for {wanted[key]}" for key in wanted if key in found and found[key] != wanted[key]]
    wrong = [
        f"{len(some)} {how} ({_few(some)})"
        for how, some in (("lost", lost), ("too many", more), ("otherwise", other))
        if some
    ]
    if wrong:
        raise AssertionError(f"{what}: {', '.join(wrong)}")


def _few(some: Iterable[object]) -> str:
    shown = [str(one) for one in some]
    return ", ".join(shown[:_SHOWN]) + (", …" if len(shown) > _SHOWN else "")
