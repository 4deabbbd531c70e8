"""The page on sources and coverage (*bronnen en dekking*). It reads; orders and seeds are changed elsewhere."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from collectors.kinds import kinds
from pipeline.store import endpoints, orders, rechecks, source_status
from pipeline.store.connection import acting
from review_ui.access.signed_in import NotAllowed, Someone
from review_ui.coverage import telling, words
from review_ui.coverage.board import board
from review_ui.coverage.watchers import role_to_watch
from review_ui.dependencies import given
from review_ui.templating import render

router = APIRouter(include_in_schema=False)


@router.get("/bronnen")
def sources_page(request: Request, found: Someone, opnieuw: int | None = None) -> Response:
    """Which kinds of source run, which are silent, what only comes in by tips, and whether our notices arrive."""
    role = role_to_watch(found.user)
    if role is None:
        raise NotAllowed("this page is for who reads, decides or supervises")
    dependencies = given(request)
    now = dependencies.clock()
    with acting(dependencies.engine, found.user.id, role) as connection:
        allowed = [source for order in orders.in_force(connection, now) for source in order.scope.sources]
        known = source_status.sources(connection, now)
        asked_again = rechecks.standing(connection)
        channels = [one for one in endpoints.counts(connection, now) if one.used]
    shown = board(kinds(), allowed, known)
    told = {"board": shown, "words": words, "again": asked_again, "again_late": rechecks.late(asked_again, now)}
    told |= {"channels": channels, "telling": telling, "may_send_again": telling.sends_again(found.user)}
    told |= {"sent_again": opnieuw}
    return render(request, "coverage/page.html", told, found)
