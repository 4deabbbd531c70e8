"""Handing in (*melden*): a post that someone saw elsewhere, or an observation without a post. Masked before it is kept.

Anyone of this installation may. It names no author and asks for none.
"""

from datetime import datetime
from typing import Annotated
from uuid import UUID, uuid4

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from collectors.unmasked import UnmaskedPost
from pipeline.store import trail
from pipeline.store.connection import acting
from review_ui.access.signed_in import OwnForm, SignedIn, Someone
from review_ui.dependencies import given
from review_ui.staffing import HOME
from review_ui.templating import render
from signals.post import MAX_TEXT, Source

router = APIRouter(prefix="/melden", include_in_schema=False)

_MICROSECONDS = 1_000_000


@router.get("")
def choose(request: Request, found: Someone) -> Response:
    """What do you want to hand in?"""
    return render(request, "report/choose.html", {"done": request.query_params.get("gedaan", "")}, found)


@router.get("/tip")
def tip_form(request: Request, found: Someone) -> Response:
    """The form for a post that someone saw elsewhere."""
    return _form(request, found, "report/tip.html")


@router.get("/waarneming")
def observation_form(request: Request, found: Someone) -> Response:
    """The form for something that someone saw or heard."""
    return _form(request, found, "report/observation.html")


@router.post("/tip", dependencies=[OwnForm])
def hand_in_tip(
    request: Request,
    found: Someone,
    melding: Annotated[UUID, Form()],
    tekst: Annotated[str, Form(max_length=MAX_TEXT)] = "",
    link: Annotated[str, Form(max_length=2000)] = "",
    geplaatst: Annotated[str, Form(max_length=30)] = "",
) -> Response:
    """Take a tip. The same form sent twice is one tip."""
    if not tekst.strip():
        return _form(request, found, "report/tip.html", problem="empty", status=422)
    return _hand_in(request, found, Source.TIP, melding, tekst, link.strip() or None, _moment(geplaatst))


@router.post("/waarneming", dependencies=[OwnForm])
def hand_in_observation(
    request: Request,
    found: Someone,
    melding: Annotated[UUID, Form()],
    tekst: Annotated[str, Form(max_length=MAX_TEXT - 500)] = "",
    waar: Annotated[str, Form(max_length=200)] = "",
    wanneer: Annotated[str, Form(max_length=200)] = "",
) -> Response:
    """Take an observation. Where and when join the text, so that places and times are found in them too."""
    if not tekst.strip():
        return _form(request, found, "report/observation.html", problem="empty", status=422)
    lines = [
        tekst.strip(),
        *(f"{name}: {words.strip()}" for name, words in (("Waar", waar), ("Wanneer", wanneer)) if words.strip()),
    ]
    return _hand_in(request, found, Source.OBSERVATION, melding, "\n".join(lines), None, None)


def _hand_in(
    request: Request,
    found: SignedIn,
    source: Source,
    report_id: UUID,
    text: str,
    link: str | None,
    posted_at: datetime | None,
) -> Response:
    dependencies = given(request)
    now = dependencies.clock()
    unmasked = UnmaskedPost(
        source=source,
        native_id=str(report_id),
        version="1",
        revision=int(now.timestamp() * _MICROSECONDS),
        text=text.replace("\r\n", "\n"),
        posted_at=posted_at if posted_at is not None and posted_at <= now else None,
        link=link,
    )
    post = dependencies.reporting.maker.make(unmasked, None, None, now)
    if post is not None:  # None is for posts outside an order's scope, and a report has no order
        dependencies.reporting.sink.accept([post], None)
        with acting(dependencies.engine, found.user.id) as connection:
            trail.append(connection, "reported", "post", str(post.id), now, {"source": source.value})
    return RedirectResponse("/melden?gedaan=reported", 303)


def _form(request: Request, found: SignedIn, template: str, problem: str | None = None, status: int = 200) -> Response:
    return render(request, template, {"report_id": uuid4(), "problem": problem}, found, status)


def _moment(words: str) -> datetime | None:
    """The value of a date-and-time field, in the team's time zone; None when it was left empty or cannot be read."""
    try:
        return datetime.fromisoformat(words).replace(tzinfo=HOME)
    except ValueError:
        return None
