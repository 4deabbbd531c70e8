"""One's own passkeys: which there are, making one more after the password was typed again, and removing one.

The password always stays, so removing the last passkey shuts nobody out. Only the browser can make a key, so making one
takes a script; seeing and removing does not.
"""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Request
from fastapi.responses import JSONResponse, RedirectResponse
from starlette.responses import Response

from pipeline.store import passkeys, sessions, trail, users
from pipeline.store.connection import acting
from pipeline.store.passkeys import (
    LONGEST_NAME,
    MOST_PASSKEYS,
    PasskeyTaken,
    Purpose,
    TooManyChallenges,
    TooManyPasskeys,
)
from review_ui.access.cookies import SESSION_COOKIE
from review_ui.access.passkeys import LONGEST_ANSWER, PasskeyRefused, asked_to_register, registered, relying_party
from review_ui.access.signed_in import OwnForm, SignedIn, Someone
from review_ui.dependencies import given
from review_ui.templating import render

PAGE = "/toegangssleutels"
router = APIRouter(prefix=PAGE, include_in_schema=False)


@router.get("")
def page(request: Request, found: Someone, gedaan: str = "") -> Response:
    """The list, the form to make one, and what to do when a phone is lost."""
    return _page(request, found, gedaan)


@router.post("/vraag", dependencies=[OwnForm])
def ask(
    request: Request,
    found: Someone,
    naam: Annotated[str, Form(max_length=200)] = "",
    wachtwoord: Annotated[str, Form(max_length=1000)] = "",
) -> Response:
    """A challenge for a new key, once the password was typed again: an open screen is not enough to get in for good."""
    dependencies = given(request)
    party, now, user, name = (
        relying_party(dependencies.base_url),
        dependencies.clock(),
        found.user,
        " ".join(naam.split()),
    )
    if party is None:
        return JSONResponse({"problem": "failed"}, 404)
    if not 0 < len(name) <= LONGEST_NAME or not name.isprintable():
        return JSONResponse({"problem": "name"}, 422)
    with acting(dependencies.engine, None) as connection:
        locked = sessions.locked_out(connection, user.username, now)
        right = not locked and users.verify_password(connection, user.username, wachtwoord) == user.id
        if not right:
            sessions.note_failure(connection, user.username, now)
    if not right:
        return JSONResponse({"problem": "locked" if locked else "password"}, 403)
    try:
        with acting(dependencies.engine, user.id) as connection:
            known = passkeys.credential_ids(connection, user.id)
            if len(known) >= MOST_PASSKEYS:
                return JSONResponse({"problem": "full"}, 409)
            cookie = request.cookies.get(SESSION_COOKIE, "")
            challenge = passkeys.give_challenge(connection, Purpose.REGISTER, cookie, now, name)
    except TooManyChallenges:
        return JSONResponse({"problem": "busy"}, 429)
    return JSONResponse(asked_to_register(party, user, challenge, known), headers={"Cache-Control": "no-store"})


@router.post("", dependencies=[OwnForm])
def add(request: Request, found: Someone, sleutel: Annotated[str, Form(max_length=LONGEST_ANSWER)] = "") -> Response:
    """Keep the key that the device made."""
    dependencies = given(request)
    party, now, user = relying_party(dependencies.base_url), dependencies.clock(), found.user
    with acting(dependencies.engine, user.id) as connection:
        cookie = request.cookies.get(SESSION_COOKIE, "")
        challenge = passkeys.take_challenge(connection, Purpose.REGISTER, cookie, now)
    if party is None or challenge is None:
        return _page(request, found, "failed", 403)
    try:
        new = registered(party, sleutel, challenge.value)
        with acting(dependencies.engine, user.id) as connection:
            key = passkeys.add(connection, user.id, challenge.name, new, now)
            trail.append(connection, "passkey_added", "passkey", str(key), now)
    except PasskeyRefused:
        return _page(request, found, "failed", 403)
    except TooManyPasskeys:
        return _page(request, found, "full", 409)
    except PasskeyTaken:
        return _page(request, found, "known", 409)
    return RedirectResponse(f"{PAGE}?gedaan=added", 303)


@router.post("/{key}/verwijderen", dependencies=[OwnForm])
def remove(request: Request, key: UUID, found: Someone) -> Response:
    """Remove a key, and sign its owner out everywhere but here: the device may be in somebody else's hands."""
    dependencies = given(request)
    with acting(dependencies.engine, found.user.id) as connection:
        if passkeys.remove(connection, found.user.id, key):
            sessions.close_all(connection, found.user.id, but=request.cookies.get(SESSION_COOKIE, ""))
            trail.append(connection, "passkey_removed", "passkey", str(key), dependencies.clock())
    return RedirectResponse(f"{PAGE}?gedaan=removed", 303)


def _page(request: Request, found: SignedIn, said: str, status: int = 200) -> Response:
    dependencies = given(request)
    with acting(dependencies.engine, found.user.id) as connection:
        own = passkeys.listed(connection, found.user.id)
    context = {
        "own": own,
        "full": len(own) >= MOST_PASSKEYS,
        "longest_name": LONGEST_NAME,
        "party": relying_party(dependencies.base_url),
        "said": said,
    }
    return render(request, "access/passkeys.html", context, found, status)
