"""Answers as a server may give them, good and bad: any value in any place, any bytes, any damage on the way."""

import copy
import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from hypothesis import strategies as st

from collectors.health import HealthState
from collectors.readers.reader import Answer, Ask, Page
from collectors.unmasked import Gone, UnmaskedPost

HERE = Path(__file__).parent
SEEN = datetime(2026, 11, 20, 16, 0, tzinfo=UTC)

LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30)
ANY_JSON = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=12), inner, max_size=3)
)
NASTY: tuple[object, ...] = (
    None, 0, -1, 10**30, 1.5, True, "", " ", "\ud800", "a" * 100_000, [], [None], [[]], {}, {"": None}, "<" * 1000,
    "https://[::1", "9999-12-31T23:59:59-23:59", "0001-01-01T00:00:00+14:00", [0] * 1000, "\0", "\u202e",
)  # fmt: skip
"""Values that break what was not meant for them."""


def saved(name: str) -> object:
    """A saved answer."""
    return json.loads((HERE / name).read_text(encoding="utf-8"))


def answer(ask: Ask, body: object, status: int = 200, url: str = "", **headers: str) -> Answer:
    """An answer to a request: bytes as they are, anything else as JSON. Header names with `_` for `-`."""
    raw = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=True).encode()
    told = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer(ask, status, told, raw, url or ask.url, SEEN)


def places(value: object, at: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """The paths to every place in a JSON value."""
    yield at
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from places(inner, (*at, name))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from places(inner, (*at, number))


def changed(value: object, at: tuple[str | int, ...], to: object) -> object:
    """The value with something else in one place."""
    if not at:
        return to
    whole = copy.deepcopy(value)
    inner = whole
    for step in at[:-1]:
        inner = inner[step]  # type: ignore[index]
    inner[at[-1]] = to  # type: ignore[index]
    return whole


def without(value: object, at: tuple[str | int, ...]) -> object:
    """The value with one place gone."""
    if not at:
        return None
    whole = copy.deepcopy(value)
    inner = whole
    for step in at[:-1]:
        inner = inner[step]  # type: ignore[index]
    del inner[at[-1]]  # type: ignore[attr-defined]
    return whole


def damaged_bodies(whole: bytes) -> dict[str, bytes]:
    """A good body, damaged in the ways that networks and servers know."""
    return {
        "nothing": b"",
        "blanks": b" \n",
        "a byte order mark alone": b"\xef\xbb\xbf",
        "the first half": whole[: len(whole) // 2],
        "all but the last byte": whole.rstrip()[:-1],
        "UTF-16": whole.decode().encode("utf-16"),
        "no text at all": bytes(range(256)) * 50,
        "nested very deep": b"[" * 200_000 + b"]" * 200_000,
        "objects nested very deep": b'{"a":' * 100_000,
        "a number without end": b"[" + b"9" * 1_000_000 + b"]",
        "words": b'"tekst"',
        "null": b"null",
        "a number": b"1",
        "an error": b'{"error": "x"}',
        "NaN": b"[NaN, Infinity]",
    }


def check(page: Page | None) -> Page:
    """What holds for every page, whatever the answer was."""
    assert isinstance(page, Page)
    assert all(isinstance(one, UnmaskedPost) and one.text and one.native_id and one.version for one in page.posts)
    assert all(isinstance(one, Gone) for one in page.gone)
    assert all(0 <= one.revision < 2**62 for one in (*page.posts, *page.gone))
    assert all(number > 0 for number in page.oddities.values())
    assert 0 <= page.wait <= 24 * 3600
    if page.state not in (HealthState.OK, HealthState.NOTHING_NEW):
        assert page.reason
        assert not page.next
    return page


def bodies(start: bytes) -> st.SearchStrategy[bytes]:
    """Any bytes, also behind a good beginning."""
    return st.binary(max_size=300) | st.tuples(st.integers(0, len(start)), st.binary(max_size=50)).map(
        lambda cut: start[: cut[0]] + cut[1]
    )


def everywhere(value: object, read: Callable[[object], Page]) -> int:
    """Every nasty value in every place, and every place gone. Says how many answers were read."""
    read_so_far = 0
    for number, at in enumerate(places(value)):
        # Not every value in every place, which takes long: they take turns, and all come by many times.
        for to in (NASTY[number % len(NASTY)], NASTY[(number * 7 + 3) % len(NASTY)]):
            check(read(changed(value, at, to)))
        check(read(without(value, at)))
        read_so_far += 3
    return read_so_far
