"""The page with numbers over time, and how soon somebody looked. The database decides how much its reader is told."""

from enum import StrEnum

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from pipeline.store import overview_numbers, quality
from pipeline.store.connection import acting
from pipeline.store.overview_numbers import By
from review_ui.access.signed_in import NotAllowed, Someone
from review_ui.coverage.watchers import role_to_watch
from review_ui.dependencies import given
from review_ui.overview import words
from review_ui.overview.first_eyes import LOOKS_BACK, first_eyes, minutes_for
from review_ui.overview.numbers import since, table
from review_ui.quality import board
from review_ui.quality.staffed_time import StaffedTime
from review_ui.quality.words import Numbers
from review_ui.staffing import HOME
from review_ui.templating import language_of, render

router = APIRouter(prefix="/overzicht", include_in_schema=False)


class Ways(StrEnum):
    """How the address says by what the signals are told apart."""

    LEVEL = "niveau"
    CATEGORY = "soort"
    OUTCOME = "afloop"


@router.get("/cijfers")
def numbers_page(request: Request, found: Someone, op: str = "", per: str = "") -> HTMLResponse:
    """Signals by day or week. Who reads no signals sees whole weeks, and no number under ten."""
    role = role_to_watch(found.user)
    if role is None:
        raise NotAllowed("this page is for who reads, decides or supervises")
    dependencies = given(request)
    now = dependencies.clock()
    today = now.astimezone(HOME).date()
    with acting(dependencies.engine, found.user.id, role) as connection:
        exact = overview_numbers.exact(connection)
        way = Ways(op) if op in set(Ways) else Ways.LEVEL if exact else Ways.OUTCOME
        by, weekly = By[way.name], per == "week" or not exact
        numbers = overview_numbers.numbers(connection, since(today, weekly), by, weekly)
        waits = quality.waits(connection, now - LOOKS_BACK, now)
    minutes = minutes_for(exact)
    speeds = board.speeds(waits, StaffedTime(dependencies.staffed, now - LOOKS_BACK, now), exact, minutes)
    context = {
        "table": table(numbers, by, weekly, today, exact),
        "eyes": first_eyes(speeds, minutes),
        "percent": Numbers(language_of(request)).percent,
        "exact": exact,
        "way": way,
        "ways": list(Ways),
        "weekly": weekly,
        "periods": words.Periods(language_of(request)),
        "words": words,
    }
    return render(request, "overview/numbers.html", context, found)
