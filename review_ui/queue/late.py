"""The team's alarm: acute signals whose second reader is late. Pages show it by themselves; here it is asked anew."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from pipeline.store.connection import acting
from pipeline.store.late_readings import late
from review_ui.access.signed_in import EXPERT_ROLE, Expert
from review_ui.dependencies import given
from review_ui.templating import render

router = APIRouter(include_in_schema=False)


@router.get("/werkvoorraad/alarm")
def alarm(request: Request, found: Expert) -> HTMLResponse:
    """The lines of the alarm alone, or nothing."""
    dependencies = given(request)
    with acting(dependencies.engine, found.user.id, EXPERT_ROLE) as connection:
        waiting = late(connection, dependencies.clock())
    return render(request, "queue/late.html", {"late": waiting}, found)
