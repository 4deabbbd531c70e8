"""The expert's side of answering back: what waits, answering a question, and correcting a signal that was sent."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from forwarding.answering import answer
from forwarding.correcting import NotToCorrect
from pipeline.store import waiting
from pipeline.store.case import case
from pipeline.store.connection import acting
from review_ui.access.signed_in import EXPERT_ROLE, Expert, OwnForm, SignedIn
from review_ui.answers import words
from review_ui.answers.correcting import correct_as_typed
from review_ui.dependencies import given
from review_ui.signal.form import JudgingForm, Unclear, judging_form, places_shown, starting
from review_ui.templating import render
from signals.signal import SignalState

router = APIRouter(include_in_schema=False)


@router.get("/antwoorden")
def waiting_page(request: Request, found: Expert) -> Response:
    """Everything that recipients still have to answer, and what they asked."""
    dependencies = given(request)
    with acting(dependencies.engine, found.user.id, EXPERT_ROLE) as connection:
        rows = waiting.waiting(connection)
        questions = waiting.open_questions(connection, dependencies.clock())
    context = {
        "late": [row for row in rows if row.alarm],
        "running": [row for row in rows if not row.alarm],
        "questions": questions,
        "whole": len(rows) < waiting.LONGEST_LIST,
        "words": words,
    }
    return render(request, "answers/page.html", context, found)


@router.post("/signaal/{signal_id}/antwoord", dependencies=[OwnForm])
def answer_question(
    request: Request,
    signal_id: UUID,
    found: Expert,
    vraag: Annotated[UUID, Form()],
    antwoord: Annotated[str, Form(max_length=2000)] = "",
) -> Response:
    """Answer a recipient's question, shortly; it is masked, and the recipient gets a message without it."""
    dependencies = given(request)
    with acting(dependencies.engine, found.user.id, EXPERT_ROLE) as connection:
        answer(connection, signal_id, vraag, antwoord, found.user.id, dependencies.clock())
    return RedirectResponse(f"/signaal/{signal_id}?gedaan=answered#antwoorden", 303)


@router.get("/signaal/{signal_id}/wijzigen")
def correction_page(request: Request, signal_id: UUID, found: Expert) -> Response:
    """The form in which a signal that was sent is corrected."""
    return _form(request, signal_id, found, None, None)


@router.post("/signaal/{signal_id}/wijzigen", dependencies=[OwnForm])
def correct(
    request: Request, signal_id: UUID, found: Expert, form: Annotated[JudgingForm, Depends(judging_form)]
) -> Response:
    """Correct it: recipients see it anew, or no more where no place is theirs any longer."""
    dependencies = given(request)
    now = dependencies.clock()
    with acting(dependencies.engine, found.user.id, EXPERT_ROLE) as connection:
        reached = correct_as_typed(connection, signal_id, form, found.user.id, now, dependencies.police_excerpt)
    if isinstance(reached, Unclear):
        return _form(request, signal_id, found, form, reached)
    return RedirectResponse(f"/signaal/{signal_id}?gedaan=corrected#antwoorden", 303)


def _form(
    request: Request, signal_id: UUID, found: SignedIn, typed: JudgingForm | None, unclear: Unclear | None
) -> Response:
    dependencies = given(request)
    with acting(dependencies.engine, found.user.id, EXPERT_ROLE) as connection:
        stands = case(connection, signal_id, dependencies.clock())
    if stands.state is not SignalState.REFERRED:
        raise NotToCorrect("only what was sent and is not over is corrected")
    form = typed or starting(stands)
    context = {
        "case": stands,
        "form": form,
        "form_places": places_shown(form, stands, unclear.offers if unclear else ()),
        "unclear": unclear,
    }
    return render(request, "answers/correct.html", context, found, 422 if unclear else 200)
