"""Asks the numbers of a sheet and makes it: the monthly report, and a meeting's sheets about a region or a network."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache

from sqlalchemy import Connection

from forwarding.places import PlaceBook
from pipeline.store import period_numbers
from review_ui.language import Language
from review_ui.meeting import words
from review_ui.meeting.areas import Area
from review_ui.meeting.months import period
from review_ui.meeting.sheet import Sheet, sheet
from review_ui.overview.districts import district_of
from review_ui.place_search import gazetteer


def monthly(connection: Connection, month: date, exact: bool, language: Language) -> Sheet:
    """The monthly report of the whole country."""
    return _made(connection, words.TITLE_MONTH, words.MONTHLY, "", None, (month, month), exact, language)


def meeting(
    connection: Connection,
    title: str,
    wanted: Sequence[str],
    area: Area,
    months: tuple[date, date],
    exact: bool,
    language: Language,
) -> Sheet:
    """A meeting's sheet about an area, from one month up to and with another."""
    return _made(connection, title, wanted, area.name, area.places, months, exact, language)


def _made(
    connection: Connection,
    title: str,
    wanted: Sequence[str],
    named: str,
    places: Sequence[str] | None,
    months: tuple[date, date],
    exact: bool,
    language: Language,
) -> Sheet:
    asked = period(*months)
    book = gazetteer()
    lie = _districts(book)
    if places is not None:
        lie = {place: lie[place] for place in places if place in lie}
    return sheet(
        title,
        named,
        months,
        wanted,
        period_numbers.numbers(connection, asked, places, exact),
        period_numbers.districts(connection, asked, lie, exact),
        exact,
        language,
    )


@lru_cache(maxsize=2)
def _districts(book: PlaceBook) -> Mapping[str, str]:
    """In which district each place lies, under every id that it has or had."""
    return {known: district_of(place.id, book).name for place in book for known in (place.id, *place.former)}
