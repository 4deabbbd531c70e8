"""Places and the mentions of them in a text. It does not find them; `nlp.places` does."""

from enum import StrEnum
from typing import Self

from pydantic import model_validator

from signals.frozen import Frozen


class PlaceKind(StrEnum):
    """What a place is; the five kinds of the labelling guide."""

    SCHOOL = "school"
    AREA = "area"
    STATION = "station"
    STREET = "street"
    CITY = "city"


PLACE_KIND_LABELS: dict[PlaceKind, str] = {
    PlaceKind.SCHOOL: "school",
    PlaceKind.AREA: "wijk",
    PlaceKind.STATION: "station",
    PlaceKind.STREET: "straat",
    PlaceKind.CITY: "stad",
}


class Mention(Frozen):
    """A place in a text: the slice [start, end) in code points, and the gazetteer entry it stands for.

    `id` is the entry's stable id with its source before the colon (`brin:00AA00`, `cbs:GM0363`, `ns:KMA`).
    """

    text: str
    start: int
    end: int
    kind: PlaceKind
    id: str
    name: str

    @model_validator(mode="after")
    def _span_is_text(self) -> Self:
        if not 0 <= self.start < self.end or self.end - self.start != len(self.text):
            raise ValueError("a mention's offsets must span its text")
        return self
