"""The queue (*werkvoorraad*): its page, its list alone for a refresh, and how many signals arrived since."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse
from sqlalchemy import Connection

from pipeline.store import handovers, onlookers, queue, saved_views
from pipeline.store.connection import acting
from pipeline.store.page_frame import page_frame
from pipeline.store.queue import OTHERS_FIRST, Arrivals
from pipeline.store.users import User
from review_ui.access.signed_in import EXPERT_ROLE, Expert
from review_ui.dependencies import given
from review_ui.frame import KEPT
from review_ui.queue.narrowing import Narrowing, narrowing, narrowing_of
from review_ui.reader.care import midnight
from review_ui.signal.beside import beside
from review_ui.staffing import StaffedHours
from review_ui.templating import render

router = APIRouter(include_in_schema=False)

SHOWN, SHOWN_BESIDE = 40, 20
"""Cards on a page, and beside an open signal. Nobody scrolls through more: what is most urgent stands on top, and the
counts tell the rest; each card more is time that the next signal takes to appear."""


def queue_context(
    connection: Connection,
    user: User,
    narrowed: Narrowing,
    now: datetime,
    staffed: StaffedHours,
    current: UUID | None = None,
) -> Mapping[str, object]:
    """What the list part of a page shows. `current` is the signal that stands open beside it."""
    around = page_frame(connection, midnight(now), now)
    shown = SHOWN if current is None else SHOWN_BESIDE
    fresh = staffed.before(now, OTHERS_FIRST)
    seen = queue.look(connection, user.id, user.police, narrowed.wanted(), now, around.desk, fresh, shown)
    views = [(view, narrowing_of(view.filters)) for view in saved_views.views_of(connection, user.id)]
    return {
        KEPT: around,
        "items": [item for item in seen.items if not item.avoided or item.id == current],
        "avoided": [item for item in seen.items if item.avoided and item.id != current],
        "matching": seen.matching,
        "beyond": seen.matching - len(seen.items),
        "counts": seen.counted.views(),
        "counted": seen.counted,
        "views": [(view, kept, seen.counted.of(kept.wanted())) for view, kept in views],
        "in_own_view": any(kept == narrowed for _, kept in views),
        "most_views": saved_views.MOST_VIEWS,
        "narrowed": narrowed,
        "wanted": narrowed.wanted(),
        "current": current,
        "onlookers": onlookers.others_looking(connection, current, now) if current else 0,
        "arrivals": queue.arrivals(connection, now),
    }


@router.get("/werkvoorraad")
def queue_page(request: Request, found: Expert) -> HTMLResponse:
    """The queue with nothing open yet."""
    return _page(request, found, "queue/page.html")


@router.get("/werkvoorraad/lijst")
def queue_list(request: Request, found: Expert, naast: UUID | None = None) -> HTMLResponse:
    """The list alone, for a refresh in place beside the signal that stands open."""
    return _page(request, found, "queue/list.html", naast)


@router.get("/werkvoorraad/nieuw")
def arrived(request: Request, found: Expert, sinds: datetime, had: Annotated[int, Query(ge=0)] = 0) -> HTMLResponse:
    """How many signals arrived since a list was drawn: a line to press, or nothing."""
    dependencies = given(request)
    with acting(dependencies.engine, found.user.id, EXPERT_ROLE) as connection:
        count = queue.arrived_since(connection, Arrivals(sinds, had)) if sinds.tzinfo else 0
    return render(request, "queue/arrived.html", {"count": count}, found)


def _page(request: Request, found: Expert, template: str, current: UUID | None = None) -> HTMLResponse:
    dependencies = given(request)
    now = dependencies.clock()
    with acting(dependencies.engine, found.user.id, EXPERT_ROLE) as connection:
        context = queue_context(connection, found.user, narrowing(request), now, dependencies.staffed, current)
        top = beside(connection, found.user, now) if template == "queue/page.html" else {}
        left = handovers.latest(connection, found.user.id, midnight(now)) if template == "queue/page.html" else []
    done = request.query_params.get("gedaan", "")
    return render(request, template, {**top, **context, "left": left, "done": done}, found)
