"""A search as it stands in an address: codes, ids of places, moments and listed words. Free text never gets here."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Self
from urllib.parse import urlencode

from pydantic import BaseModel, ConfigDict, ValidationError, field_validator, model_validator

from pipeline.store.search import LOOKS_BACK, Wanted
from review_ui.signal.form import MOMENT
from review_ui.staffing import HOME
from signals.label import Category, Level
from signals.signal import SignalState

_LONGEST = timedelta(days=366)
_FIRST_YEAR, _LAST_YEAR = 2001, 2099
"""What lies outside of these is a typing error."""


class Asked(BaseModel):
    """What is asked. `moment_*` is when something would happen, `gezien_*` the days on which we first saw it.

    `na` is where the page before this one ended: a moment and a signal's number.
    """

    model_config = ConfigDict(extra="ignore", frozen=True)

    woord: str = ""
    plaats: str = ""
    soort: Category | None = None
    niveau: Level | None = None
    staat: SignalState | None = None
    moment_van: datetime | None = None
    moment_tot: datetime | None = None
    gezien_van: date | None = None
    gezien_tot: date | None = None
    na: str = ""

    @field_validator("moment_van", "moment_tot")
    @classmethod
    def _at_home(cls, moment: datetime | None) -> datetime | None:
        """As the clock at home says it, whatever zone an address names."""
        if moment is None:
            return None
        if not _FIRST_YEAR <= moment.year <= _LAST_YEAR:
            raise ValueError("no such moment")
        return moment.replace(tzinfo=HOME) if moment.tzinfo is None else moment.astimezone(HOME)

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        for start, end in ((self.moment_van, self.moment_tot), (self.gezien_van, self.gezien_tot)):
            if start is not None and end is not None and start > end:
                raise ValueError("the second moment comes before the first")
        for day in (self.gezien_van, self.gezien_tot):
            if day is not None and not _FIRST_YEAR <= day.year <= _LAST_YEAR:
                raise ValueError("no such day")
        return self

    @property
    def empty(self) -> bool:
        """Whether nothing is asked."""
        return self.model_copy(update={"na": ""}) == Asked()

    def wanted(self, place_ids: tuple[str, ...], now: datetime) -> Wanted:
        """The same, as the store takes it."""
        named = None
        if self.moment_van or self.moment_tot:
            named = (self.moment_van or now - _LONGEST, self.moment_tot or now + _LONGEST)
        seen = None
        if self.gezien_van or self.gezien_tot:
            last = _day(self.gezien_tot) + timedelta(days=1) if self.gezien_tot else now
            seen = (_day(self.gezien_van) if self.gezien_van else last - LOOKS_BACK, last)
        return Wanted(self.woord or None, place_ids, self.soort, self.niveau, self.staat, named, seen)

    def on_the_trail(self) -> dict[str, str]:
        """What the trail says about it: kinds of filters, codes, and which place or listed word."""
        told = {"word": self.woord, "place": self.plaats}
        told |= {"category": self.soort or "", "level": self.niveau or "", "state": self.staat or ""}
        told["named"] = "between" if self.moment_van or self.moment_tot else ""
        told["seen"] = "between" if self.gezien_van or self.gezien_tot else ""
        told["further"] = "page" if self.na else ""
        return {name: str(value) for name, value in told.items() if value}

    def address(self, **changes: str) -> str:
        """The part of an address after '?'."""
        values = {name: _written(value) for name, value in self if value}
        return urlencode({name: value for name, value in {**values, **changes}.items() if value})

    def shown(self) -> dict[str, str]:
        """Every field as the form shows it."""
        return {name: _written(value) if value else "" for name, value in self}

    @property
    def before(self) -> tuple[datetime, int] | None:
        """Where the page before this one ended."""
        moment, _, number = self.na.partition("_")
        try:
            return datetime.fromisoformat(moment).astimezone(UTC), int(number)
        except (ValueError, OverflowError):
            return None


def asked(values: Mapping[str, str]) -> Asked | None:
    """A search from names and values; empty ones ask nothing. None when one cannot be read."""
    known = {name: value.strip()[:120] for name, value in values.items() if name in Asked.model_fields}
    try:
        return Asked.model_validate({name: value for name, value in known.items() if value and "\0" not in value})
    except ValidationError:
        return None


def _written(value: object) -> str:
    return value.strftime(MOMENT) if isinstance(value, datetime) else str(value)


def _day(day: date) -> datetime:
    return datetime.combine(day, time(), HOME)
