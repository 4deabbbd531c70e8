"""Moments as they may travel: with a time zone, and such that every part of the house can say them.

Whether a moment is likely is not asked; a source may claim any.
"""

from datetime import UTC, datetime
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime

_FIRST = datetime(1, 1, 1, tzinfo=UTC)
_LAST = datetime(9999, 12, 30, tzinfo=UTC)


def tellable(moment: datetime) -> bool:
    """Whether a moment has a year between 1 and 9999 everywhere; another could be written down and not read again."""
    return _FIRST <= (moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)) <= _LAST


def _checked(moment: datetime) -> datetime:
    if 1 < moment.year < 9999:  # no time zone is a year away; every record of the road comes through here
        return moment
    if not tellable(moment):
        raise ValueError("the moment lies outside the years 1 to 9999")
    return moment


Moment = Annotated[AwareDatetime, AfterValidator(_checked)]
"""A moment with its time zone."""
MaybeNaive = Annotated[datetime, AfterValidator(_checked)]
"""The same, where a time zone was not asked for."""
