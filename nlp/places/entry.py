"""One place of the gazetteer and one name of it: the columns of its files as types. Reads and finds nothing."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from signals.place import PlaceKind


class Exactness(StrEnum):
    """What the coordinate of an entry is: only `exact` says where the place itself lies."""

    EXACT = "exact"
    """The address or the station itself, geocoded."""
    AREA_POINT = "area_point"
    """Some point inside an area."""
    POSTCODE = "postcode"
    """The centre of the four-digit postcode, off by up to some kilometres."""
    PLACE_CENTRE = "place_centre"
    """The centre of the town of that name."""
    NONE = "none"
    """No coordinate is known."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One place. `type` divides its kind (vo, po, gemeente, wijk, metro …); `parent` is the id of what holds it."""

    id: str
    kind: PlaceKind
    name: str
    municipality: str
    parent: str = ""
    police_unit: str = ""
    lat: float | None = None
    lon: float | None = None
    coordinate: Exactness = Exactness.NONE
    verified: bool = False
    source: str = ""
    type: str = ""
    official: str = ""
    """The name in the official register, where it is another one than the everyday name."""
    province: str = ""
    address: str = ""
    """Street and number, comma, postcode, as far as known; of schools only."""
    closed: date | None = None
    """Since when the official file no longer has it; such a school stays known, for posts still name it."""
    former: tuple[str, ...] = ()
    """Ids that this place had before; older records still name them."""

    @property
    def coordinate_exact(self) -> bool:
        """Whether the coordinate is the place's own. Nothing may be decided on any other."""
        return self.coordinate is Exactness.EXACT


@dataclass(frozen=True, slots=True)
class Alias:
    """A name of an entry in lower case; `ordinary` when it is also an everyday word, number or personal name."""

    text: str
    id: str
    kind: str
    ordinary: bool
    rule: str = ""
    """How the name was made from the official one; empty where it is that one."""
