"""The standing meeting's agenda and evaluation sheet, and the monthly report to look at and to download.

For who reads, decides or supervises; the database decides how much of the numbers each is told.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypeVar

from fastapi import APIRouter, Request
from sqlalchemy import Connection
from starlette.responses import Response

from pipeline.store import overview_numbers, period_numbers
from pipeline.store.connection import acting
from pipeline.store.users import User
from review_ui.access.signed_in import EXPERT_ROLE, NotAllowed, Someone
from review_ui.coverage.watchers import role_to_watch
from review_ui.dependencies import given
from review_ui.meeting import areas, making, words
from review_ui.meeting.areas import Area
from review_ui.meeting.months import after, month_of, period, written
from review_ui.meeting.pdf import as_pdf
from review_ui.meeting.sheet import Sheet, as_csv
from review_ui.place_search import gazetteer, named
from review_ui.staffing import HOME
from review_ui.templating import language_of, render

router = APIRouter(include_in_schema=False)

Made = TypeVar("Made")
MOST_MONTHS = 12
"""The longest period of a sheet, and how far back the monthly reports are listed."""
TOLD_AFTER = timedelta(days=7)
"""Others than experts are told of a month when it has been over for so long."""


@dataclass(frozen=True)
class Asked:
    """What a reader asked for: an area and the first and last month. `choices` are the areas that can be asked for."""

    area: Area
    first: date
    last: date
    exact: bool
    choices: tuple[tuple[str, str], ...]


@router.get("/overzicht/agenda")
def agenda_page(request: Request, found: Someone, gebied: str = areas.WHOLE, van: str = "", tot: str = "") -> Response:
    """The agenda of a standing meeting: what came, what was done, what helped, and what is open."""
    return _page(request, found, "/overzicht/agenda", words.TITLE_AGENDA, words.AGENDA, gebied, van, tot)


@router.get("/overzicht/evaluatieblad")
def evaluation_page(
    request: Request, found: Someone, gebied: str = areas.WHOLE, van: str = "", tot: str = ""
) -> Response:
    """The same numbers with questions that the meeting answers on paper."""
    return _page(request, found, "/overzicht/evaluatieblad", words.TITLE_EVALUATION, words.EVALUATION, gebied, van, tot)


@router.get("/overzicht/agenda.csv")
def agenda_file(request: Request, found: Someone, gebied: str = areas.WHOLE, van: str = "", tot: str = "") -> Response:
    """The agenda's numbers as CSV."""

    def make(connection: Connection, exact: bool) -> Sheet:
        asked = _asked(connection, found.user, exact, gebied, van, tot, given(request).clock())
        months = (asked.first, asked.last)
        return making.meeting(
            connection, words.TITLE_AGENDA, words.AGENDA, asked.area, months, exact, language_of(request)
        )

    return _file(as_csv(_with(request, found.user, make)).encode(), "text/csv; charset=utf-8", "agenda.csv")


@router.get("/overzicht/maandverslag")
def month_page(request: Request, found: Someone, maand: str = "") -> Response:
    """The report of one month on the screen, and the months that there are."""
    now = given(request).clock()

    def make(connection: Connection, exact: bool) -> dict[str, object]:
        latest = _latest(now, exact)
        month = min(month_of(maand), latest) if maand else latest
        return {
            "sheet": making.monthly(connection, month, exact, language_of(request)),
            "month": written(month),
            "months": [written(after(latest, -back)) for back in range(MOST_MONTHS)],
            "running": period(month, month).ends > now,
        }

    return render(request, "meeting/month.html", _with(request, found.user, make), found)


@router.get("/overzicht/maandverslag/{maand}.pdf")
def month_pdf(request: Request, found: Someone, maand: str) -> Response:
    """The report of one month as a PDF, dated at the end of that month: the same bytes for the same numbers."""
    made, ends = _month(request, found.user, maand)
    return _file(as_pdf(made, ends), "application/pdf", f"seinpost-{made.months}.pdf")


@router.get("/overzicht/maandverslag/{maand}.csv")
def month_csv(request: Request, found: Someone, maand: str) -> Response:
    """The report of one month as CSV."""
    made, _ = _month(request, found.user, maand)
    return _file(as_csv(made).encode(), "text/csv; charset=utf-8", f"seinpost-{made.months}.csv")


def _month(request: Request, user: User, maand: str) -> tuple[Sheet, datetime]:
    month = month_of(maand)
    made = _with(request, user, lambda c, exact: making.monthly(c, month, exact, language_of(request)))
    return made, period(month, month).ends


def _page(
    request: Request, found: Someone, at: str, title: str, wanted: tuple[str, ...], gebied: str, van: str, tot: str
) -> Response:
    def make(connection: Connection, exact: bool) -> dict[str, object]:
        asked = _asked(connection, found.user, exact, gebied, van, tot, given(request).clock())
        months = (asked.first, asked.last)
        return {
            "sheet": making.meeting(connection, title, wanted, asked.area, months, exact, language_of(request)),
            "asked": asked,
            "van": written(asked.first),
            "tot": written(asked.last),
        }

    context = _with(request, found.user, make)
    return render(request, "meeting/sheet.html", {**context, "at": at, "title": title, "words": words}, found)


def _with(request: Request, user: User, make: Callable[[Connection, bool], Made]) -> Made:
    role = role_to_watch(user)
    if role is None:
        raise NotAllowed("this page is for who reads, decides or supervises")
    with acting(given(request).engine, user.id, role) as connection:
        return make(connection, overview_numbers.exact(connection))


def _asked(connection: Connection, user: User, exact: bool, gebied: str, van: str, tot: str, now: datetime) -> Asked:
    """What was asked, cut to what there is: twelve months at most, for others than experts one."""
    latest = _latest(now, exact)
    last = min(month_of(tot), latest) if tot else latest
    first = min(month_of(van), last) if van else after(last, -1)
    first = max(first, after(last, 1 - MOST_MONTHS)) if exact else last
    book = gazetteer()
    corridors = period_numbers.corridor_places(connection) if role_to_watch(user) == EXPERT_ROLE else []
    area = areas.region(gebied, book)
    place = gebied.removeprefix(areas.NETWORK)
    if area is None and place in corridors:
        area = areas.network(period_numbers.places_named(connection, place), book)
    networks = [(f"{areas.NETWORK}{one}", named(entry)) for one in corridors if (entry := book.entry(one)) is not None]
    return Asked(
        area or Area(areas.WHOLE, "", None),
        first,
        last,
        exact,
        (*areas.choices(), *sorted(networks, key=lambda choice: choice[1].casefold())),
    )


def _latest(now: datetime, exact: bool) -> date:
    """The newest month that can be asked for: the running one, or the last that was over for a week."""
    today = (now if exact else now - TOLD_AFTER).astimezone(HOME).date()
    return today.replace(day=1) if exact else after(today.replace(day=1), -1)


def _file(content: bytes, kind: str, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(content, media_type=kind, headers=headers)
