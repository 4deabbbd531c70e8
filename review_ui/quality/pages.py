"""The quality page (*kwaliteit*): how soon, how alike, what was read again and what is missed. It reads; it changes
nothing, and it knows no reader.
"""

from datetime import UTC, date, datetime, timedelta
from typing import Annotated

import numpy as np
from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse
from sqlalchemy import Connection
from starlette.responses import Response

from pipeline.store import golden, quality
from pipeline.store.connection import acting
from pipeline.store.users import UserRole
from review_ui.access.pages import own_path
from review_ui.access.signed_in import EXPERT_ROLE, Expert, NotAllowed, OwnForm, Someone
from review_ui.coverage.watchers import role_to_watch
from review_ui.dependencies import given
from review_ui.quality import board, words
from review_ui.quality.outcomes import outcome_rows
from review_ui.quality.staffed_time import StaffedTime
from review_ui.staffing import HOME, StaffedHours
from review_ui.templating import language_of, render

router = APIRouter(prefix="/kwaliteit", include_in_schema=False)

SPEED_DAYS, SAMPLE_DAYS, AGAIN_DAYS, PAIR_MONTHS = 28, 28, 90, 12


@router.get("")
def quality_page(request: Request, found: Someone) -> Response:
    """What the team's work is like, with how sure that is."""
    role = role_to_watch(found.user)
    if role is None:
        raise NotAllowed("this page is for who reads, decides or supervises")
    dependencies = given(request)
    now, everything = dependencies.clock(), found.user.has(UserRole.EXPERT)
    with acting(dependencies.engine, found.user.id, role) as connection:
        shown = _shown(connection, now, dependencies.staffed, everything)
    numbers = words.Numbers(language_of(request))
    return render(
        request,
        "quality/page.html",
        {**shown, "words": words, "number": numbers, "everything": everything, "fewest": board.FEWEST},
        found,
    )


@router.post("/oefenkaart", dependencies=[OwnForm])
def golden_understood(request: Request, found: Expert, terug: Annotated[str, Form(max_length=500)] = "/") -> Response:
    """The reader knows that the last card was invented."""
    with acting(given(request).engine, found.user.id, EXPERT_ROLE) as connection:
        golden.told(connection)
    return RedirectResponse(own_path(terug), 303)


def _shown(connection: Connection, now: datetime, staffed: StaffedHours, everything: bool) -> dict[str, object]:
    today = now.astimezone(HOME).date()
    since = now - timedelta(days=SPEED_DAYS)
    pairs_since = now.astimezone(HOME).replace(day=1, hour=0, minute=0, second=0, microsecond=0) - timedelta(days=335)
    days = quality.sample_days(connection, now.date() - timedelta(days=SAMPLE_DAYS))
    counted = [day.day for day in days if day.unflagged is not None]
    return {
        "speeds": board.speeds(quality.waits(connection, since, now), StaffedTime(staffed, since, now), everything),
        "alikes": board.alikes(
            quality.pairs(connection, pairs_since),
            today.replace(day=1),
            # The same day shows the same intervals; nobody should wonder why a number moved at a reload.
            np.random.default_rng(today.toordinal()),
            everything,
        ),
        "cards": board.cards(*golden.counts(connection, pairs_since.date())),
        "again": board.read_again(quality.drawn(connection, now - timedelta(days=AGAIN_DAYS))),
        "outcomes": outcome_rows(quality.outcomes(connection, pairs_since), everything),
        "sampled": board.sampled(days, _confirmed(connection, counted)),
    }


def _confirmed(connection: Connection, days: list[date]) -> int:
    """Posts found on the days from the first to the last one of the sample that is counted."""
    if not days:
        return 0
    first = datetime.combine(min(days), datetime.min.time(), UTC)
    return quality.posts_confirmed(connection, first, first + timedelta(days=(max(days) - min(days)).days + 1))
