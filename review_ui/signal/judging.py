"""The reader's judgement from the form, taking it back, and what comes next. The store decides whether it counts."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse
from sqlalchemy import Connection
from starlette.responses import Response

from pipeline.store import assessments, claims, corrections, queue, thread, undo
from pipeline.store.claims import AlreadyRead, ClaimedByAnother, NoSuchSignal, NothingToRead
from pipeline.store.connection import acting
from pipeline.store.users import User
from review_ui.access.signed_in import EXPERT_ROLE, Expert, OwnForm
from review_ui.dependencies import Dependencies, given
from review_ui.signal.form import JudgingForm, Unclear, judgement_of, judging_form
from review_ui.signal.pages import show
from signals.label import Level
from signals.signal import SignalState

router = APIRouter(prefix="/signaal", include_in_schema=False)


@router.post("/{signal_id}/oordeel", dependencies=[OwnForm])
def judge(
    request: Request, signal_id: UUID, found: Expert, form: Annotated[JudgingForm, Depends(judging_form)]
) -> Response:
    """Write one reading, then show what this reader does next; or ask what was not clear, with all that was typed."""
    dependencies = given(request)
    now, me = dependencies.clock(), found.user
    with acting(dependencies.engine, me.id, EXPERT_ROLE) as connection:
        judgement = judgement_of(form, corrections.places_of(connection, signal_id), now)
        if not isinstance(judgement, Unclear):
            if form.lezing == 3 and form.besluit.strip():
                thread.say(connection, signal_id, me.id, form.besluit, (), now, thread.Kind.DECISION)
            after = assessments.decide(connection, signal_id, me.id, form.lezing, judgement, now)
    if isinstance(judgement, Unclear):
        return show(request, signal_id, found, {}, 422, typed=form, unclear=judgement)
    stays = after is SignalState.CONFIRMED or (after is SignalState.WAITING_SECOND and judgement.level is Level.ACUUT)
    if stays:  # the place notice of an acute signal, or the list of recipients, stands on the same page
        return RedirectResponse(f"/signaal/{signal_id}?gedaan={after}", 303)
    return onward(dependencies, me, signal_id, after)


@router.post("/{signal_id}/ongedaan", dependencies=[OwnForm])
def take_back(request: Request, signal_id: UUID, found: Expert, oordeel: Annotated[UUID, Form()]) -> Response:
    """Take the last reading back. It is shown again to who reads it anew; a second reading is a colleague's now."""
    dependencies = given(request)
    with acting(dependencies.engine, found.user.id, EXPERT_ROLE) as connection:
        after = undo.undo(connection, signal_id, oordeel, found.user.id, dependencies.clock())
    done = "undone_second" if after is SignalState.WAITING_SECOND else "undone"
    return RedirectResponse(f"/signaal/{signal_id}?gedaan={done}", 303)


def onward(dependencies: Dependencies, user: User, signal_id: UUID, done: str) -> Response:
    """Open the next signal for this reader, or the queue when nothing waits."""
    following = open_next(dependencies, user, signal_id)
    return RedirectResponse(f"/signaal/{following}?gedaan={done}" if following else f"/werkvoorraad?gedaan={done}", 303)


def open_next(dependencies: Dependencies, user: User, skip: UUID) -> UUID | None:
    """Claim the next signal for this reader; None when nothing waits, or a colleague was just faster."""
    try:
        with acting(dependencies.engine, user.id, EXPERT_ROLE) as connection:
            return _claim_next(connection, dependencies, user, skip)
    except (ClaimedByAnother, AlreadyRead, NothingToRead, NoSuchSignal):
        return None


def _claim_next(connection: Connection, dependencies: Dependencies, user: User, skip: UUID) -> UUID | None:
    now = dependencies.clock()
    fresh = dependencies.staffed.before(now, queue.OTHERS_FIRST)
    following = queue.next_to_read(connection, user.id, user.police, now, skip, fresh)
    if following is not None:
        claims.claim(connection, following, user.id, now)
    return following
