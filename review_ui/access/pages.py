"""Log in, log out, the choice of language, and the first page of someone with several roles."""

import hmac
import secrets
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse
from sqlalchemy import Connection
from starlette.responses import Response

from pipeline.store import sessions, trail, users
from pipeline.store.connection import acting
from pipeline.store.users import UserRole
from review_ui.access.cookies import (
    LOGIN_COOKIE,
    SESSION_COOKIE,
    drop_session,
    set_language,
    set_login,
    set_session,
)
from review_ui.access.passkeys import relying_party
from review_ui.access.signed_in import Anyone, FormNotOurs, NotSignedIn, OwnForm, Someone, signed_in_by
from review_ui.dependencies import given
from review_ui.language import chosen
from review_ui.report.carried import Carried, CarriedOn
from review_ui.report.form import form_page
from review_ui.templating import render

router = APIRouter(include_in_schema=False)

QUEUE, PORTAL = "/werkvoorraad", "/portaal"


@router.get("/inloggen")
def sign_in_page(request: Request, found: Anyone, verder: str = "/") -> Response:
    """The log-in form, tied to this browser by a token in a cookie and in the form."""
    if found is not None:
        return RedirectResponse(own_path(verder), 303)
    return sign_in_form(request, verder, problem=None)


def log_in_and_go_on(request: Request, typed: Carried, onward: str) -> Response:
    """The log-in form with what was typed or shared inside it. Raises NotSignedIn where there is nothing to carry."""
    if not typed.filled:
        raise NotSignedIn("sign in first")
    return sign_in_form(request, onward, problem=None, carried=typed)


@router.post("/inloggen")
def sign_in(
    request: Request,
    carried: CarriedOn,
    username: Annotated[str, Form(max_length=100)] = "",
    password: Annotated[str, Form(max_length=1000)] = "",
    csrf: Annotated[str, Form(max_length=200)] = "",
    verder: Annotated[str, Form(max_length=500)] = "/",
) -> Response:
    """Check name and password. The answer never says which of the two was wrong, or whether the name exists."""
    from_our_form(request, csrf)
    dependencies = given(request)
    now, name = dependencies.clock(), username.strip().lower()
    with acting(dependencies.engine, None) as connection:
        locked = sessions.locked_out(connection, name, now)
        user_id = users.verify_password(connection, name, password)  # always, so that the time tells nothing
        if user_id is None or locked:
            sessions.note_failure(connection, name, now)
            user_id = None
        else:
            sessions.forget_failures(connection, name, now)
            token = new_session(request, connection, user_id, now)
    if user_id is None:
        return sign_in_form(request, verder, "locked" if locked else "wrong", carried)
    with acting(dependencies.engine, user_id) as connection:
        trail.append(connection, "signed_in", "user", str(user_id), now)
    return let_in(request, token, verder, carried)


def from_our_form(request: Request, csrf: str) -> str:
    """The cookie that ties the log-in form to this browser. Raises FormNotOurs without the form's own token."""
    cookie = request.cookies.get(LOGIN_COOKIE, "")
    if not cookie or not hmac.compare_digest(cookie.encode(), csrf.encode()):
        raise FormNotOurs("this form is out of date")
    return cookie


def new_session(request: Request, connection: Connection, user_id: UUID, now: datetime) -> str:
    """Open a session and end the one that the browser came with; answers its token."""
    old = request.cookies.get(SESSION_COOKIE)
    if old:
        sessions.close_session(connection, old)
    return sessions.open_session(connection, user_id, now)


def let_in(request: Request, token: str, onward: str, carried: Carried) -> Response:
    """Lead somebody on who was just signed in, with what was typed before."""
    found = signed_in_by(request, token) if carried.filled else None
    response: Response = RedirectResponse(own_path(onward), 303)
    if found is not None:
        # Answered with the page itself: what was typed may stand in no address.
        response = form_page(request, found, carried.form, carried)
    set_session(response, token, given(request).https)
    return response


@router.post("/uitloggen", dependencies=[OwnForm])
def sign_out(request: Request, found: Someone) -> Response:
    """End the session here and in the database."""
    dependencies = given(request)
    with acting(dependencies.engine, found.user.id) as connection:
        sessions.close_session(connection, request.cookies.get(SESSION_COOKIE, ""))
        trail.append(connection, "signed_out", "user", str(found.user.id), dependencies.clock())
    response = RedirectResponse("/inloggen", 303)
    drop_session(response, dependencies.https)
    return response


@router.post("/taal")
def choose_language(
    request: Request, taal: Annotated[str, Form(max_length=5)], terug: Annotated[str, Form(max_length=500)] = "/"
) -> Response:
    """Switch the language of the screens. Changes a cookie only, so it needs no session."""
    response = RedirectResponse(own_path(terug), 303)
    set_language(response, chosen(taal).value, given(request).https)
    return response


@router.get("/")
def home(request: Request, found: Someone) -> Response:
    """Straight to the one room someone has, or a page with the rooms of someone with several."""
    expert, recipient = found.user.has(UserRole.EXPERT), found.user.has(UserRole.RECIPIENT)
    if expert != recipient:
        return RedirectResponse(QUEUE if expert else PORTAL, 303)
    return render(request, "access/home.html", {}, found)


def sign_in_form(request: Request, onward: str, problem: str | None, carried: Carried | None = None) -> Response:
    """The log-in form. `problem` says why the last try failed."""
    token = secrets.token_urlsafe(24)
    response = render(
        request,
        "access/sign_in.html",
        {
            "login_token": token,
            "onward": own_path(onward),
            "problem": problem,
            "carried": carried.filled if carried else {},
            "party": relying_party(given(request).base_url),
        },
        status=200 if problem is None else 403,
    )
    set_login(response, token, given(request).https)
    return response


def own_path(path: str) -> str:
    """Only a path of this installation; anything else goes to the beginning."""
    return path if path.startswith("/") and not path.startswith(("//", "/\\")) else "/"
