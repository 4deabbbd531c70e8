"""What must hold after a run: no post lost, no signal twice, no decision lost; everything stored or a dead letter."""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID, uuid5

from tests.road.decisions import decisions_told
from tests.road.storm.experts import Decision
from tests.road.storm.said import Outcome

Rows = Callable[[str], Sequence[tuple[Any, ...]]]


def reckon_posts(rows: Rows, wanted: Outcome) -> None:
    """Every version analysed or set aside, every post at its last version, every flagged one at one signal."""
    assert {e for (e,) in rows("SELECT event_id FROM analyses")} == wanted.events
    found = {str(reason): count for reason, count in rows("SELECT reason, count(*) FROM dead_letters GROUP BY 1")}
    assert found == {reason: count for reason, count in wanted.dead.items() if count}
    heads = {p: (e, removed) for p, e, removed in rows("SELECT post_id, event_id, removed FROM post_heads")}
    assert heads == wanted.heads
    of_posts = rows("SELECT post_id, signal_id FROM sightings WHERE post_id IN (SELECT post_id FROM post_heads)")
    live = {p: s for p, s in of_posts}  # noqa: C416
    assert live == wanted.stands_at
    assert {p: s for p, s in rows("SELECT post_id, signal_id FROM post_heads WHERE signal_id IS NOT NULL")} == live  # noqa: C416


def reckon_signals(rows: Rows, wanted: Outcome) -> None:
    """One signal a text, counted right, arrived once, and in the state that its posts and readers leave it in."""
    signals = {i: (str(state), n) for i, state, n in rows("SELECT id, state, sightings FROM signals")}
    assert set(signals) == wanted.ever
    counts = Counter(wanted.stands_at.values())
    assert {i: n for i, (_, n) in signals.items()} == {i: counts[i] for i in wanted.ever}
    arrived = {i: n for i, n in rows("SELECT signal_id, count(*) FROM signal_events WHERE step = 'arrive' GROUP BY 1")}  # noqa: C416
    assert arrived == dict.fromkeys(wanted.ever, 1)
    # A signal that somebody has open outlives its source.
    open_or_read = {i for (i,) in rows("SELECT signal_id FROM claims UNION SELECT signal_id FROM assessments")}
    unread = {i: state for i, (state, _) in signals.items() if i not in open_or_read}
    assert unread == {i: "new" if counts[i] else "expired" for i in unread}


def reckon_decisions(rows: Rows, bootstrap: str, made: Sequence[Decision]) -> int:
    """Every decision that was answered stands, is in the outbox and on its topic, in order; how many there are."""
    assessed = {(i, reading): user for i, reading, user in rows("SELECT signal_id, reading, user_id FROM assessments")}
    assert {(d.signal, d.reading): d.user for d in made}.items() <= assessed.items()
    last = {d.signal: d.state for d in sorted(made, key=lambda d: d.reading)}
    highest = {signal: max(r for s, r in assessed if s == signal) for signal in last}
    answered = {(d.signal, d.reading) for d in made}
    states = {i: state for i, state in rows("SELECT id, state FROM signals")}  # noqa: C416
    wrong = {s for s, state in last.items() if (s, highest[s]) in answered and states[s] != state}
    assert not wrong, "a signal is not in the state that its last reader was told"
    outbox = [(str(e), str(key)) for e, key in rows("SELECT event_id, key FROM outbox ORDER BY id")]
    assert Counter(e for e, _ in outbox) == Counter(str(_event(s, r)) for s, r in assessed)
    told = decisions_told(bootstrap)
    by_key: dict[str, list[str]] = {}
    for event, key in outbox:
        by_key.setdefault(key, []).append(event)
    assert {key: [e for e, _ in events] for key, events in told.items()} == by_key
    return len(assessed)


def _event(signal: object, reading: object) -> UUID:
    """The id under which this reading is told (`pipeline.store.assessments`)."""
    assert isinstance(signal, UUID)
    return uuid5(signal, f"reading-{reading}")
