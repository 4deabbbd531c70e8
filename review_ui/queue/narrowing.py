"""The filters of the queue as they stand in an address. There is none by language, and none by person."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated
from urllib.parse import parse_qsl, urlencode

from fastapi import Query, Request
from pydantic import BaseModel, ConfigDict

from pipeline.store.queue_counts import QueueFilter, QueueView
from signals.label import Category, Level
from signals.post import Source

LONGEST_PLACE = 60


class PlaceKnown(StrEnum):
    """Whether a signal names a place."""

    KNOWN = "bekend"
    UNKNOWN = "onbekend"


class Narrowing(BaseModel):
    """An empty choice is no filter. `plaats` is a place's id, `naam` the beginning of a place's name."""

    model_config = ConfigDict(extra="ignore")

    lijst: QueueView = QueueView.ALL
    soort: Category | None = None
    niveau: Level | None = None
    bron: Source | None = None
    plek: PlaceKnown | None = None
    plaats: Annotated[str, Query(max_length=LONGEST_PLACE)] | None = None
    naam: Annotated[str, Query(max_length=LONGEST_PLACE)] | None = None

    @property
    def filtered(self) -> bool:
        """Whether anything but the part of the queue is chosen."""
        return any((self.soort, self.niveau, self.bron, self.plek, self.plaats, self.naam))

    def wanted(self) -> QueueFilter:
        """The same, as the store takes it."""
        known = None if self.plek is None else self.plek is PlaceKnown.KNOWN
        return QueueFilter(self.lijst, self.soort, self.niveau, self.bron, self.plaats, known, self.naam)

    def address(self, **changes: str) -> str:
        """The part of an address after '?', with some filters changed."""
        values = {
            "lijst": self.lijst.value if self.lijst is not QueueView.ALL else "",
            "soort": self.soort or "",
            "niveau": self.niveau or "",
            "bron": self.bron or "",
            "plek": self.plek or "",
            "plaats": self.plaats or "",
            "naam": self.naam or "",
            **changes,
        }
        return urlencode({name: str(value) for name, value in values.items() if value})


_CHOICES = (
    ("lijst", QueueView),
    ("soort", Category),
    ("niveau", Level),
    ("bron", Source),
    ("plek", PlaceKnown),
)


def narrowing(request: Request) -> Narrowing:
    """Read the filters from the address; what cannot be read is left out."""
    return narrowed_by(request.query_params)


def narrowing_of(filters: str) -> Narrowing:
    """The same from a saved view."""
    return narrowed_by(dict(parse_qsl(filters)))


def narrowed_by(values: Mapping[str, str]) -> Narrowing:
    """Filters from names and values; what cannot be read is left out."""
    known = {name: value for name, value in values.items() if value and name in Narrowing.model_fields}
    for name, kind in _CHOICES:
        if known.get(name) not in {member.value for member in kind}:
            known.pop(name, None)
    for name in ("plaats", "naam"):
        words = known.pop(name, "").replace("\0", "").strip()[:LONGEST_PLACE]
        if words:
            known[name] = words
    return Narrowing.model_validate(known)
