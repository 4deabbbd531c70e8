"""Handing in (*melden*): a post that someone saw elsewhere, or an observation without a post. Masked before it is kept.

Anyone of this installation may. It names no author and asks for none.
"""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from collectors.tips import Observation, TipRefused, make_observation, make_tip
from pipeline.store import trail
from pipeline.store.connection import acting
from review_ui.access.signed_in import OwnForm, SignedIn, Someone
from review_ui.dependencies import given
from review_ui.templating import render
from signals.post import MAX_TEXT, Post

router = APIRouter(prefix="/melden", include_in_schema=False)

Words = Annotated[str, Form(max_length=MAX_TEXT)]
Line = Annotated[str, Form(max_length=2000)]


@router.get("")
def choose(request: Request, found: Someone) -> Response:
    """What do you want to hand in?"""
    return render(request, "report/choose.html", {"done": request.query_params.get("gedaan", "")}, found)


@router.get("/tip")
def tip_form(request: Request, found: Someone) -> Response:
    """The form for a post that someone saw elsewhere."""
    return render(request, "report/tip.html", {"problem": False, "typed": {}}, found)


@router.get("/waarneming")
def observation_form(request: Request, found: Someone) -> Response:
    """The form for something that someone saw or heard."""
    return render(request, "report/observation.html", {"problem": False, "typed": {}}, found)


@router.post("/tip", dependencies=[OwnForm])
def hand_in_tip(request: Request, found: Someone, tekst: Words = "", link: Line = "") -> Response:
    """Take a tip. The same words twice within an hour are one tip."""
    reporting = given(request).reporting
    try:
        post = make_tip(reporting.maker, tekst.replace("\r\n", "\n"), given(request).clock(), link.strip() or None)
    except TipRefused:
        typed = {"tekst": tekst, "link": link}
        return render(request, "report/tip.html", {"problem": True, "typed": typed}, found, 422)
    return _hand_in(request, found, post)


@router.post("/waarneming", dependencies=[OwnForm])
def hand_in_observation(
    request: Request, found: Someone, wat: Words = "", waar: Line = "", wanneer: Line = "", hoeveel: Line = ""
) -> Response:
    """Take an observation in four short answers."""
    seen = Observation(waar, wanneer, wat.replace("\r\n", "\n"), hoeveel)
    try:
        post = make_observation(given(request).reporting.maker, seen, given(request).clock())
    except TipRefused:
        typed = {"wat": wat, "waar": waar, "wanneer": wanneer, "hoeveel": hoeveel}
        return render(request, "report/observation.html", {"problem": True, "typed": typed}, found, 422)
    return _hand_in(request, found, post)


def _hand_in(request: Request, found: SignedIn, post: Post) -> Response:
    dependencies = given(request)
    dependencies.reporting.sink.accept([post], None)
    with acting(dependencies.engine, found.user.id) as connection:
        trail.append(connection, "reported", "post", str(post.id), dependencies.clock(), {"source": post.source.value})
    return RedirectResponse("/melden?gedaan=reported", 303)
