"""The reader's judgement from the form, and what comes next on the screen. The store decides whether it counts."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, HTTPException, Request
from fastapi.responses import RedirectResponse
from sqlalchemy import Connection
from starlette.responses import Response

from pipeline.store import assessments, claims, queue
from pipeline.store.assessments import REASONS, Judgement, Verdict
from pipeline.store.claims import AlreadyRead, ClaimedByAnother, NoSuchSignal, NothingToRead
from pipeline.store.connection import acting
from pipeline.store.users import User
from review_ui.access.signed_in import EXPERT_ROLE, Expert, OwnForm
from review_ui.dependencies import Dependencies, given
from signals.label import Category, Level
from signals.signal import SignalState

router = APIRouter(prefix="/signaal", include_in_schema=False)


@router.post("/{signal_id}/oordeel", dependencies=[OwnForm])
def judge(
    request: Request,
    signal_id: UUID,
    found: Expert,
    keuze: Annotated[str, Form(max_length=60)],
    lezing: Annotated[int, Form(ge=1, le=3)],
    soort: Annotated[Category, Form()],
    niveau: Annotated[Level, Form()],
    duiding: Annotated[str, Form(max_length=4000)] = "",
) -> Response:
    """Write one reading, then show what this reader does next."""
    dependencies = given(request)
    judgement = read_choice(keuze, soort, niveau, duiding)
    with acting(dependencies.engine, found.user.id, EXPERT_ROLE) as connection:
        after = assessments.decide(connection, signal_id, found.user.id, lezing, judgement, dependencies.clock())
    stays = after is SignalState.CONFIRMED or (after is SignalState.WAITING_SECOND and judgement.level is Level.ACUUT)
    if stays:  # the place notice of an acute signal, or the list of recipients, stands on the same page
        return RedirectResponse(f"/signaal/{signal_id}?gedaan={after}", 303)
    following = open_next(dependencies, found.user, signal_id)
    return RedirectResponse(
        f"/signaal/{following}?gedaan={after}" if following else f"/werkvoorraad?gedaan={after}", 303
    )


def read_choice(choice: str, category: Category, level: Level, duiding: str) -> Judgement:
    """A button's value, such as `reject:art`, as a judgement."""
    verdict_code, _, reason_code = choice.partition(":")
    try:
        verdict = Verdict(verdict_code)
        reason = REASONS[verdict](reason_code)
    except ValueError:
        raise HTTPException(422) from None
    words = duiding.replace("\r\n", "\n") if verdict is Verdict.CONFIRM else ""
    return Judgement(verdict, reason, category, level, words)


def open_next(dependencies: Dependencies, user: User, skip: UUID) -> UUID | None:
    """Claim the next signal for this reader; None when nothing waits, or a colleague was just faster."""
    try:
        with acting(dependencies.engine, user.id, EXPERT_ROLE) as connection:
            return _claim_next(connection, dependencies, user, skip)
    except (ClaimedByAnother, AlreadyRead, NothingToRead, NoSuchSignal):
        return None


def _claim_next(connection: Connection, dependencies: Dependencies, user: User, skip: UUID) -> UUID | None:
    now = dependencies.clock()
    following = queue.next_to_read(connection, user.id, user.police, now, skip)
    if following is not None:
        claims.claim(connection, following, user.id, now)
    return following
