"""Where we are in one seed: what its reader remembers, when it may be asked again, and which versions are known.

Known posts are kept as keyed hashes only, so the place says nothing about what a source holds. It does no I/O.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from uuid import UUID

from pydantic import TypeAdapter

KNOWN = 1000
"""Versions remembered per seed; one that was forgotten comes again under the same ids, which costs work and no more."""


@dataclass(frozen=True)
class VisitPlace:
    """A seed's cursor. Validators and marks are closed, because a source puts in them what it likes.

    `not_before` and `gap_at` are in seconds since 1970; `known` maps a post to its version, newest last. `failures`
    counts visits that failed in a row; `stopped` is the code for which a person has to look, empty when none has to.
    `spent` counts quota units on the day `spent_on`; `gaps` counts what could not be reached any more.
    """

    etag: str = ""
    last_modified: str = ""
    not_before: int = 0
    known: Mapping[str, str] = field(default_factory=dict)
    marks: str = ""
    failures: int = 0
    stopped: str = ""
    spent_on: str = ""
    spent: int = 0
    gaps: int = 0
    gap_at: int = 0

    def dumps(self) -> str:
        """The place as a cursor position."""
        return _PLACE.dump_json(self, exclude_defaults=True).decode()

    @staticmethod
    def loads(position: str | None) -> "VisitPlace":
        """The place that a cursor position tells; a fresh one where there is none."""
        if not position:
            return VisitPlace()
        if position.startswith("["):
            # As it was written when there were only feeds.
            etag, last_modified, not_before, known = json.loads(position)
            return VisitPlace(str(etag), str(last_modified), int(not_before), {str(k): str(v) for k, v in known})
        return _PLACE.validate_json(position)

    @property
    def fresh(self) -> bool:
        """Whether nothing was ever read here: then what lies behind is no gap."""
        return not self.marks and not self.known

    def knowing(self, seen: list[tuple[UUID, UUID]], gone: list[UUID]) -> "VisitPlace":
        """The place after these posts (id, event id) were seen and those were gone."""
        away = {_short(one) for one in gone}
        known = {post: event for post, event in self.known.items() if post not in away}
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

    def spending(self, units: int, day: str) -> "VisitPlace":
        """The place after an answer that took units from the day's quota."""
        return replace(self, spent=(self.spent if self.spent_on == day else 0) + units, spent_on=day)


_PLACE = TypeAdapter(VisitPlace)


def _short(of: UUID) -> str:
    return of.hex[:16]
