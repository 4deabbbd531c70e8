"""Handing in (*melden*): a post that someone saw elsewhere, or an observation without a post. Masked before it is kept.

Anyone of this installation may. It names no author and asks for none, and takes no picture.
"""

from collections.abc import Callable
from datetime import datetime

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse
from sqlalchemy.exc import OperationalError
from starlette.responses import Response

from collectors.post_maker import PostMaker
from collectors.tips import Observation, TipFault, TipRefused, make_observation, make_tip
from pipeline.kafka.faults import BrokerAway, NotPublished, TopicsMissing
from pipeline.store import tip_codes, trail
from pipeline.store.attempts import DatabaseAway
from pipeline.store.connection import acting
from pipeline.workers.breaker import TooManyLetters
from review_ui.access.pages import log_in_and_go_on
from review_ui.access.signed_in import Anyone, SignedIn, Someone, own_form
from review_ui.dependencies import given
from review_ui.report.carried import OBSERVATION_FORM, TIP_FORM, Carried, carried_of
from review_ui.report.form import form_page
from review_ui.report.handed import Handed, HandedIn
from review_ui.report.wording import AWAY, CUT
from review_ui.templating import render
from signals.post import Post

router = APIRouter(include_in_schema=False)

_AWAY = (DatabaseAway, BrokerAway, NotPublished, TopicsMissing, TooManyLetters, OperationalError)


@router.get("/melden")
def choose(request: Request, found: Someone) -> Response:
    """What do you want to hand in?"""
    context = {"done": request.query_params.get("gedaan", ""), "codes": given(request).reporting.codes is not None}
    return render(request, "report/choose.html", context, found)


@router.get(TIP_FORM)
def tip_form(request: Request, found: Someone) -> Response:
    """The form for a post that someone saw elsewhere."""
    return form_page(request, found, TIP_FORM)


@router.get(OBSERVATION_FORM)
def observation_form(request: Request, found: Someone) -> Response:
    """The form for something that someone saw or heard."""
    return form_page(request, found, OBSERVATION_FORM)


@router.post(TIP_FORM)
def hand_in_tip(request: Request, found: Anyone, handed: HandedIn) -> Response:
    """Take a tip. The same words twice within an hour are one tip."""

    def made(maker: PostMaker, now: datetime) -> Post:
        return make_tip(maker, handed.get("tekst"), now, handed.get("link").strip() or None)

    return _take(request, found, handed, TIP_FORM, made)


@router.post(OBSERVATION_FORM)
def hand_in_observation(request: Request, found: Anyone, handed: HandedIn) -> Response:
    """Take an observation in four short answers; or, without a script, help to find the name of the place first."""

    def made(maker: PostMaker, now: datetime) -> Post:
        where = handed.get("plaats") or handed.get("waar")  # what was chosen from the list stands for what was typed
        seen = Observation(where, handed.get("wanneer"), handed.get("wat"), handed.get("hoeveel"))
        return make_observation(maker, seen, now)

    return _take(request, found, handed, OBSERVATION_FORM, made, look_up=bool(handed.get("zoek")))


def _take(
    request: Request,
    found: SignedIn | None,
    handed: Handed,
    form: str,
    made: Callable[[PostMaker, datetime], Post],
    *,
    look_up: bool = False,
) -> Response:
    """Hand in what was made of a form, or draw the form again with what was typed and why."""
    typed = carried_of(handed.fields)
    if found is None:
        return log_in_and_go_on(request, typed, form)
    own_form(request, found, handed.get("csrf"))
    if fault := _not_taken(handed):
        return form_page(request, found, form, typed, fault, 422)
    if look_up:
        return form_page(request, found, form, typed, look_up=True)
    dependencies = given(request)
    try:
        post = made(dependencies.reporting.maker, dependencies.clock())
    except TipRefused as refused:
        return form_page(request, found, form, typed, refused.fault, 422)
    return _hand_in(request, found, post, form, typed)


def _not_taken(handed: Handed) -> str | None:
    """Why the form as a whole is not taken: a file came along, or more than fits."""
    if handed.file:
        return TipFault.PHOTO
    return CUT if handed.cut else None


def _hand_in(request: Request, found: SignedIn, post: Post, form: str, typed: Carried) -> Response:
    dependencies = given(request)
    reporting, now = dependencies.reporting, dependencies.clock()
    code = reporting.codes.new() if reporting.codes else None
    try:
        reporting.sink.accept([post], None)
        with acting(dependencies.engine, found.user.id) as connection:
            trail.append(connection, "reported", "post", str(post.id), now, {"source": post.source.value})
            if reporting.codes and code and (code_hash := reporting.codes.hash(code)):
                tip_codes.keep(connection, code_hash, post.id, now)
    except _AWAY:
        return form_page(request, found, form, typed, AWAY, 503)
    if code:
        # In this answer and nowhere else: an address would keep the code in the browser's history.
        return render(request, "report/code.html", {"code": code}, found)
    return RedirectResponse("/melden?gedaan=reported", 303)
