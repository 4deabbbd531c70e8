"""Reddit's listings and threads, flattened: every post and comment in them, read one by one. Pure.

`more` stubs are counted, not chased.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from collectors.readers.found import Found
from collectors.readers.lenient_json import fields, items
from collectors.readers.reddit.calls import FULLNAME
from collectors.readers.reddit.thing import fullname, read_thing, writes_entities


@dataclass(frozen=True, slots=True, repr=False)
class Child:
    """One thing in a listing, with where it stood."""

    kind: str
    data: object
    path: str

    def __repr__(self) -> str:
        return f"Child({self.kind[:4]})"


@dataclass(frozen=True, slots=True, repr=False)
class Listed:
    """What an answer listed: its things in order, the next page, and how many listings it was made of."""

    children: tuple[Child, ...]
    after: str
    listings: int

    def names(self) -> list[str | None]:
        """The names of its posts and comments; None for one that cannot be told."""
        return [fullname(child.kind, child.data) for child in self.children if child.kind in ("t1", "t3")]


def listed(said: object) -> Listed:
    """Flatten one listing, or the two that make a thread."""
    wholes = said if isinstance(said, list) else [said]
    listings = [whole for whole in wholes if isinstance(fields(fields(whole).get("data")).get("children"), list)]
    after = fields(fields(listings[0]).get("data")).get("after") if len(listings) == 1 else None
    children: list[Child] = []
    for number, whole in enumerate(listings):
        children += _children(whole, str(number) if len(listings) > 1 else "")
    return Listed(tuple(children), after if isinstance(after, str) and FULLNAME.match(after) else "", len(listings))


def _children(listing: object, path: str) -> Iterator[Child]:
    # Not by recursion: an answer may nest its replies as deep as it likes.
    waiting = [(listing, path)]
    while waiting:
        whole, at = waiting.pop()
        below = []
        for number, item in enumerate(items(fields(fields(whole).get("data")).get("children"))):
            here = f"{at}.data.children.{number}".lstrip(".")
            kind, data = fields(item).get("kind"), fields(item).get("data")
            yield Child(kind if isinstance(kind, str) else "", data, here)
            replies = fields(data).get("replies")
            if isinstance(replies, dict):
                below.append((replies, f"{here}.data.replies"[-200:]))
        waiting += reversed(below)


def read_children(whole: Listed, found: Found, seen_at: datetime, *, raw: bool) -> None:
    """Read all things into what is found. `raw` says that `< > &` were asked for as they are."""
    shown = (writes_entities(child.data) for child in whole.children)
    escaped = next((one for one in shown if one is not None), not raw)
    for child in whole.children:
        if child.kind in ("t1", "t3"):
            read_thing(child.kind, child.data, found, child.path, seen_at, escaped=escaped)
        elif child.kind == "more":
            found.oddities["more_comments"] += 1
        else:
            found.items += child.kind == ""
            found.oddities["other_kind"] += 1
