"""The situation thread of a signal, at a recipient's referral and at the signal itself. Plain forms, no JavaScript."""

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID, uuid4

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from pipeline.store.situation import LineTooLong, NoSuchThread, NothingChosen
from review_ui.access.signed_in import Expert, OwnForm, SignedIn
from review_ui.portal.pages import Recipient
from review_ui.situation import words as say
from review_ui.situation.seats import RECIPIENTS, TEAMS, Seat, add, read
from review_ui.templating import render
from signals.situation import CLOSED_MESSAGE_LABELS, LONGEST_WORDS, ClosedMessage

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True)
class LineForm:
    """A line as it was typed or chosen, under the key of its form: the same form sent twice adds one."""

    sleutel: Annotated[UUID, Form()]
    gekozen: Annotated[ClosedMessage | None, Form()] = None
    bericht: Annotated[str, Form(max_length=2000)] = ""


Typed = Annotated[LineForm, Depends()]


@router.get("/portaal/{referral_id}/situatie")
def recipients_page(request: Request, referral_id: UUID, found: Recipient, gedaan: str = "") -> Response:
    """The thread as this recipient may read it."""
    return _page(request, RECIPIENTS, referral_id, found, done=gedaan)


@router.post("/portaal/{referral_id}/situatie", dependencies=[OwnForm])
def recipient_says(request: Request, referral_id: UUID, found: Recipient, form: Typed) -> Response:
    """Add a line."""
    return _says(request, RECIPIENTS, referral_id, found, form)


@router.get("/signaal/{signal_id}/situatie")
def teams_page(request: Request, signal_id: UUID, found: Expert, gedaan: str = "") -> Response:
    """The thread with every organisation, for an expert who need not read the signal blind any more."""
    return _page(request, TEAMS, signal_id, found, done=gedaan)


@router.post("/signaal/{signal_id}/situatie", dependencies=[OwnForm])
def team_says(request: Request, signal_id: UUID, found: Expert, form: Typed) -> Response:
    """Add the team's line."""
    return _says(request, TEAMS, signal_id, found, form)


_HOMES = {RECIPIENTS: "/portaal", TEAMS: "/signaal"}


def _says(request: Request, seat: Seat, at: UUID, found: SignedIn, form: LineForm) -> Response:
    try:
        answer = add(request, seat, at, found, form.sleutel, form.gekozen, form.bericht)
    except NoSuchThread:
        return _gone(request, found)
    except NothingChosen:
        return _page(request, seat, at, found, typed=form.bericht, problem=say.NOTHING)
    except LineTooLong:
        return _page(request, seat, at, found, typed=form.bericht, problem=say.TOO_LONG)
    return RedirectResponse(f"{_HOMES[seat]}/{at}/situatie?gedaan={answer}#gesprek", 303)


def _page(
    request: Request,
    seat: Seat,
    at: UUID,
    found: SignedIn,
    done: str = "",
    typed: str = "",
    problem: str | None = None,
) -> Response:
    try:
        standing = read(request, seat, at, found)
    except NoSuchThread:
        return _gone(request, found)
    context = {
        "home": f"{_HOMES[seat]}/{at}",
        "lines": standing.lines,
        "goes_on": standing.goes_on,
        "chooses": standing.chooses,
        "done": say.DONE.get(done),
        "typed": typed,
        "problem": problem,
        "form_key": uuid4(),
        "say": say,
        "closed_messages": CLOSED_MESSAGE_LABELS,
        "longest": LONGEST_WORDS,
    }
    return render(request, "situation/page.html", context, found, 200 if problem is None else 422)


def _gone(request: Request, found: SignedIn) -> Response:
    """The same page where there is no thread, where it is over, and where it is not for this reader."""
    return render(request, "situation/gone.html", {}, found, 404)
