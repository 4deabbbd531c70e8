"""The expert's side of answering back: what waits, answering a question, and correcting a signal that was sent."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from forwarding.answering import answer
from forwarding.correcting import NotToCorrect, agree_to_correction, drop_correction
from pipeline.store import proposed_corrections, waiting
from pipeline.store.case import case
from pipeline.store.connection import acting
from review_ui.access.signed_in import EXPERT_ROLE, Expert, OwnForm, SignedIn
from review_ui.answers import words
from review_ui.answers.correcting import propose_as_typed
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
        proposed = proposed_corrections.every_open(connection)
    context = {
        "late": [row for row in rows if row.alarm],
        "running": [row for row in rows if not row.alarm],
        "questions": questions,
        "proposed": proposed,
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
    """Propose what it is from now on; a colleague agrees before anything leaves."""
    dependencies = given(request)
    now = dependencies.clock()
    with acting(dependencies.engine, found.user.id, EXPERT_ROLE) as connection:
        proposal = propose_as_typed(connection, signal_id, form, found.user.id, now)
    if isinstance(proposal, Unclear):
        return _form(request, signal_id, found, form, proposal)
    done = "nothing_changed" if proposal is None else "correction_proposed"
    return RedirectResponse(f"/signaal/{signal_id}?gedaan={done}#antwoorden", 303)


@router.post("/signaal/{signal_id}/wijzigen/{proposal_id}/akkoord", dependencies=[OwnForm])
def agree(request: Request, signal_id: UUID, proposal_id: UUID, found: Expert) -> Response:
    """Agree to a colleague's change: recipients see it anew, or no more where no place is theirs any longer."""
    dependencies = given(request)
    now = dependencies.clock()
    with acting(dependencies.engine, found.user.id, EXPERT_ROLE) as connection:
        agree_to_correction(connection, signal_id, proposal_id, found.user.id, now, dependencies.police_excerpt)
    return RedirectResponse(f"/signaal/{signal_id}?gedaan=corrected#antwoorden", 303)


@router.post("/signaal/{signal_id}/wijzigen/{proposal_id}/niet", dependencies=[OwnForm])
def drop(request: Request, signal_id: UUID, proposal_id: UUID, found: Expert) -> Response:
    """Leave it as it is."""
    dependencies = given(request)
    with acting(dependencies.engine, found.user.id, EXPERT_ROLE) as connection:
        drop_correction(connection, signal_id, proposal_id, dependencies.clock())
    return RedirectResponse(f"/signaal/{signal_id}?gedaan=correction_dropped#antwoorden", 303)


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
