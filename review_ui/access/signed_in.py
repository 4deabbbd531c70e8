"""Who sends this request: the guards that every page and API call names. It signs nobody in.

A guard that is not met raises; `review_ui.errors` turns that into a page or a JSON answer. One that asks the database
nothing is a coroutine, so that it waits for no thread.
"""

import hmac
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Form, Request

from pipeline.store.connection import acting
from pipeline.store.sessions import session_of
from pipeline.store.users import User, UserRole, by_id
from review_ui.access.cookies import SESSION_COOKIE
from review_ui.dependencies import given

EXPERT_ROLE = "seinpost_expert"
RECIPIENT_ROLE = "seinpost_recipient"


class NotSignedIn(Exception):
    """The browser has no live session."""


class NotAllowed(Exception):
    """The user's roles do not include this page."""


class FormNotOurs(Exception):
    """An unsafe request without the token that our own pages carry."""


@dataclass(frozen=True)
class SignedIn:
    """The user behind this request, and the token its forms must carry."""

    user: User
    csrf: str


def maybe_signed_in(request: Request) -> SignedIn | None:
    """The user behind this request, or None."""
    token = request.cookies.get(SESSION_COOKIE)
    return signed_in_by(request, token) if token else None


def signed_in_by(request: Request, token: str) -> SignedIn | None:
    """The user behind a session's token, which the browser need not have sent back yet; None when it is over."""
    dependencies = given(request)
    with acting(dependencies.engine, None) as connection:
        session = session_of(connection, token, dependencies.clock())
        user = by_id(connection, session.user_id) if session else None
    if session is None or user is None or user.disabled:
        return None
    return SignedIn(user, session.csrf)


async def signed_in(found: Annotated[SignedIn | None, Depends(maybe_signed_in)]) -> SignedIn:
    """Whoever is signed in; raises NotSignedIn otherwise."""
    if found is None:
        raise NotSignedIn("sign in first")
    return found


async def expert(found: Annotated[SignedIn, Depends(signed_in)]) -> SignedIn:
    """A signed-in expert; raises NotAllowed for others."""
    if not found.user.has(UserRole.EXPERT):
        raise NotAllowed("this page is for experts")
    return found


def own_form(request: Request, found: SignedIn, csrf: str) -> None:
    """The request carries the session's token, as a form field or as the header X-CSRF-Token."""
    offered = request.headers.get("x-csrf-token", csrf)
    if not hmac.compare_digest(offered.encode(), found.csrf.encode()):
        raise FormNotOurs("this form is out of date")


def own_call(request: Request, found: SignedIn) -> None:
    """The same for the API: only the header counts."""
    offered = request.headers.get("x-csrf-token", "")
    if not hmac.compare_digest(offered.encode(), found.csrf.encode()):
        raise FormNotOurs("the header X-CSRF-Token is missing or out of date")


Anyone = Annotated[SignedIn | None, Depends(maybe_signed_in)]
Someone = Annotated[SignedIn, Depends(signed_in)]
Expert = Annotated[SignedIn, Depends(expert)]


async def _own_form(request: Request, found: Someone, csrf: Annotated[str, Form()] = "") -> None:
    own_form(request, found, csrf)


async def _own_call(request: Request, found: Someone) -> None:
    own_call(request, found)


OwnForm = Depends(_own_form)
OwnCall = Depends(_own_call)
