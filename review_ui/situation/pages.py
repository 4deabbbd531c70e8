"""The situation thread of a signal, at a recipient's referral and at the signal itself. Plain forms, no JavaScript.

Who may read or write, and what of a speaker is shown, is decided in the database (`pipeline.store.situation`).
"""

from typing import Annotated
from uuid import UUID, uuid4

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from pipeline.store import situation
from pipeline.store.connection import acting
from pipeline.store.situation import Line, LineTooLong, NoSuchThread, NothingChosen, Said
from review_ui.access.signed_in import EXPERT_ROLE, RECIPIENT_ROLE, Expert, OwnForm, SignedIn
from review_ui.dependencies import given
from review_ui.portal.pages import Recipient
from review_ui.situation import words as say
from review_ui.templating import render
from signals.situation import CLOSED_MESSAGE_LABELS, LONGEST_WORDS, ClosedMessage

router = APIRouter(include_in_schema=False)

Words = Annotated[str, Form(max_length=2000)]
Code = Annotated[ClosedMessage | None, Form()]


@router.get("/portaal/{referral_id}/situatie")
def recipients_page(request: Request, referral_id: UUID, found: Recipient, gedaan: str = "") -> Response:
    """The thread as this recipient may read it."""
    return _recipients(request, referral_id, found, done=gedaan)


@router.post("/portaal/{referral_id}/situatie", dependencies=[OwnForm])
def recipient_says(
    request: Request,
    referral_id: UUID,
    found: Recipient,
    sleutel: Annotated[UUID, Form()],
    gekozen: Code = None,
    bericht: Words = "",
) -> Response:
    """Add a line; the same form sent twice adds one."""
    dependencies = given(request)
    try:
        with acting(dependencies.engine, found.user.id, RECIPIENT_ROLE) as connection:
            answer = situation.say(connection, referral_id, sleutel, gekozen, bericht, dependencies.clock())
    except NoSuchThread:
        return _gone(request, found)
    except (NothingChosen, LineTooLong) as problem:
        return _recipients(request, referral_id, found, typed=bericht, problem=_why(problem))
    return _back(f"/portaal/{referral_id}", answer)


@router.get("/signaal/{signal_id}/situatie")
def teams_page(request: Request, signal_id: UUID, found: Expert, gedaan: str = "") -> Response:
    """The thread with every organisation, for an expert who need not read the signal blind any more."""
    return _teams(request, signal_id, found, done=gedaan)


@router.post("/signaal/{signal_id}/situatie", dependencies=[OwnForm])
def team_says(
    request: Request,
    signal_id: UUID,
    found: Expert,
    sleutel: Annotated[UUID, Form()],
    gekozen: Code = None,
    bericht: Words = "",
) -> Response:
    """Add the team's line; the same form sent twice adds one."""
    dependencies = given(request)
    try:
        with acting(dependencies.engine, found.user.id, EXPERT_ROLE) as connection:
            answer = situation.say_as_team(connection, signal_id, sleutel, gekozen, bericht, dependencies.clock())
    except NoSuchThread:
        return _gone(request, found)
    except (NothingChosen, LineTooLong) as problem:
        return _teams(request, signal_id, found, typed=bericht, problem=_why(problem))
    return _back(f"/signaal/{signal_id}", answer)


def _recipients(
    request: Request, referral_id: UUID, found: SignedIn, done: str = "", typed: str = "", problem: str | None = None
) -> Response:
    with acting(given(request).engine, found.user.id, RECIPIENT_ROLE) as connection:
        standing = situation.glance(connection, referral_id)
        lines = situation.lines_for(connection, referral_id)
    if standing is None:
        return _gone(request, found)
    home = f"/portaal/{referral_id}"
    return _page(request, found, home, lines, standing.goes_on, standing.chooses, done, typed, problem)


def _teams(
    request: Request, signal_id: UUID, found: SignedIn, done: str = "", typed: str = "", problem: str | None = None
) -> Response:
    try:
        with acting(given(request).engine, found.user.id, EXPERT_ROLE) as connection:
            lines = situation.lines_of(connection, signal_id)
            goes_on = situation.goes_on(connection, signal_id)
    except NoSuchThread:
        return _gone(request, found)
    return _page(request, found, f"/signaal/{signal_id}", lines, goes_on, found.user.police, done, typed, problem)


def _page(
    request: Request,
    found: SignedIn,
    home: str,
    lines: tuple[Line, ...],
    goes_on: bool,
    chooses: bool,
    done: str,
    typed: str,
    problem: str | None,
) -> Response:
    context = {
        "home": home,
        "lines": lines,
        "goes_on": goes_on,
        "chooses": chooses,
        "done": say.DONE.get(done),
        "typed": typed,
        "problem": problem,
        "form_key": uuid4(),
        "say": say,
        "closed_messages": CLOSED_MESSAGE_LABELS,
        "longest": LONGEST_WORDS,
    }
    return render(request, "situation/page.html", context, found, 200 if problem is None else 422)


def _why(problem: Exception) -> str:
    return say.TOO_LONG if isinstance(problem, LineTooLong) else say.NOTHING


def _gone(request: Request, found: SignedIn) -> Response:
    """The same page where there is no thread, where it is over, and where it is not for this reader."""
    return render(request, "situation/gone.html", {}, found, 404)


def _back(home: str, answer: Said) -> Response:
    return RedirectResponse(f"{home}/situatie?gedaan={answer}#gesprek", 303)
