"""Values that nobody should send, for the fuzz of the road: hostile texts, odd JSON and odd moments, from Hypothesis.

A pool of them is drawn once for a few thousand messages, with a seed, so that a run can be repeated.
"""

import json
from dataclasses import dataclass, field
from random import Random
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

DRAWN = 150
"""Examples a pool holds of each kind."""

HOSTILE = (
    "ik ga je steken",
    "vanavond krommenie steken",
    "dit is een kapotmaker",  # the invented analysis breaks on this word
    "steken\x00",
    "'; DROP TABLE signals; --",
    "{{ 7*7 }} ${7*7} %s %(x)s {0} \\0 \\x00",
    "<script>alert(1)</script>",
    "\u202esteken\u202c \u200b\u200d\ufeff",
    "s\u0336t\u0336e\u0336k\u0336e\u0336n\u0336" * 200,
    "🔪" * 5_000,
    "\U0010ffff\ufffe\uffff",
    "steken " + "(" * 9_000,
    "a" * 20_000,
    "a" * 20_001,
    "steken" + "\n" * 15_000,
    "\t",
    "\x7f\x1b[2J",
)
MOMENTS = (
    "0001-01-01T00:00:00Z",
    "0001-01-01T00:00:00+23:59",
    "9999-12-31T23:59:59.999999Z",
    "9999-12-31T23:59:59-23:59",
    "1970-01-01T00:00:00Z",
    "2026-11-22T15:30:00",
    "2026-02-30T15:30:00Z",
    "1e400",
    "now",
    "infinity",
    "2026-11-22T15:30:60Z",
)
NUMBERS = (0, -1, 2**31, 2**53 + 1, 2**63 - 1, 2**63, -(2**63), -(2**63) - 1, 10**30, 10**4_000, 1.5, 1e308, True)


@dataclass
class Pool:
    """Drawn values: texts, and pieces of JSON as the bytes that a sender would send."""

    texts: list[str] = field(default_factory=list)
    pieces: list[bytes] = field(default_factory=list)


def drawn(random: Random) -> Pool:
    """A pool for one stretch of messages."""
    pool = Pool([*HOSTILE])
    leaf = st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.floats(),
        st.text(max_size=200),
        st.sampled_from(NUMBERS),
        st.sampled_from(MOMENTS),
        st.datetimes().map(lambda moment: moment.isoformat()),
        st.uuids().map(str),
    )
    tree = st.recursive(
        leaf,
        lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=20), inner, max_size=5),
        max_leaves=12,
    )

    @seed(random.randrange(2**32))
    @settings(
        max_examples=DRAWN,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(st.text(min_size=1, max_size=400), tree)
    def draw(words: str, value: Any) -> None:  # noqa: ANN401
        pool.texts.append(words)
        pool.pieces.append(json.dumps(value).encode())

    draw()
    return pool


def odd_piece(random: Random, pool: Pool) -> bytes:
    """A piece of JSON (or nearly) to stand in a field's place."""
    chosen = random.randrange(8)
    if chosen == 0:
        depth = random.choice((10, 200, 5_000, 50_000))
        return b"[" * depth + b"]" * depth
    if chosen == 1:
        return b'{"a":' * 3_000 + b"1" + b"}" * 3_000
    if chosen == 2:
        return random.choice((b"null", b"NaN", b"-Infinity", b"1e400", b"9" * 5_000, b"-0", b"{}", b"[]", b'""', b""))
    if chosen == 3:
        return json.dumps(random.choice(NUMBERS)).encode()
    if chosen == 4:
        return json.dumps(random.choice(MOMENTS)).encode()
    if chosen == 5:
        return random.choice((rb'"\ud800"', rb'"\udc00\ud800 steken"', rb'"\u0000"', b'"\xff\xfe"', b'"\xc0\x80"'))
    if chosen == 6:
        return json.dumps(random.choice(pool.texts)).encode()
    return random.choice(pool.pieces)
