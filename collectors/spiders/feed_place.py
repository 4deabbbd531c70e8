"""Where we are in one feed: its validators, when it may be asked again, and which versions are known.

Known entries are kept as keyed hashes only, so the place says nothing about what a feed holds.
"""

import json
from dataclasses import dataclass, field, replace
from uuid import UUID

KNOWN = 500


@dataclass(frozen=True)
class FeedPlace:
    """A feed's cursor: its validators closed, because a server puts in them what it likes.

    `not_before` is in seconds since 1970; `known` maps a post to its version, newest last.
    """

    etag: str = ""
    last_modified: str = ""
    not_before: int = 0
    known: dict[str, str] = field(default_factory=dict)

    def dumps(self) -> str:
        """The place as a cursor position."""
        return json.dumps([self.etag, self.last_modified, self.not_before, list(self.known.items())])

    @staticmethod
    def loads(position: str | None) -> "FeedPlace":
        """The place that a cursor position tells; a fresh one where there is none."""
        if not position:
            return FeedPlace()
        etag, last_modified, not_before, known = json.loads(position)
        return FeedPlace(str(etag), str(last_modified), int(not_before), {str(k): str(v) for k, v in known})

    def knowing(self, seen: list[tuple[UUID, UUID]], gone: list[UUID]) -> "FeedPlace":
        """The place after these posts (id, event id) were seen and those were gone."""
        known = {post: event for post, event in self.known.items() if post not in {_short(one) for one in gone}}
        for post, event in seen:
            known.pop(_short(post), None)
            known[_short(post)] = _short(event)
        return replace(self, known=dict(list(known.items())[-KNOWN:]))

    def knows(self, post: UUID) -> bool:
        """Whether some version of this post was seen."""
        return _short(post) in self.known

    def knows_version(self, post: UUID, event: UUID) -> bool:
        """Whether this very version was the last one seen."""
        return self.known.get(_short(post)) == _short(event)


def _short(of: UUID) -> str:
    return of.hex[:16]
