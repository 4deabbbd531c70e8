"""Valid answers with any value in any place, for the readers of JSON."""

import copy
import json
from pathlib import Path

from hypothesis import strategies as st

ODD = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(st.characters(), max_size=20)
    | st.sampled_from(
        ["", "\ud83d", "[deleted]", 10**400, -(10**30), "9999-12-31T23:59:59-23:59", "x" * 100_000, "<br>"]
    ),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


def loaded(path: Path) -> object:
    return json.loads(path.read_text("utf-8"))


def places(value: object, here: tuple[object, ...] = ()) -> list[tuple[object, ...]]:
    found = [here]
    if isinstance(value, dict):
        found += [place for key, inner in value.items() for place in places(inner, (*here, key))]
    if isinstance(value, list):
        found += [place for at, inner in enumerate(value) for place in places(inner, (*here, at))]
    return found


def put(whole: object, place: tuple[object, ...], odd: object) -> object:
    if not place:
        return odd
    mangled = copy.deepcopy(whole)
    at = mangled
    for step in place[:-1]:
        at = at[step]  # type: ignore[index]
    at[place[-1]] = odd  # type: ignore[index]
    return mangled


def without(whole: object, place: tuple[object, ...]) -> object:
    mangled = copy.deepcopy(whole)
    at = mangled
    for step in place[:-1]:
        at = at[step]  # type: ignore[index]
    del at[place[-1]]  # type: ignore[attr-defined]
    return mangled


def nested(depth: int) -> bytes:
    return b'{"items":' + b"[" * depth + b"]" * depth + b"}"
