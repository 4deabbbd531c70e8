"""Logging in with a passkey: no name, no password. A challenge for this browser, and the check of the answer.

Sessions, waiting after failures and the way on are those of the password (`review_ui.access.pages`).
"""

from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Header, Request
from fastapi.responses import JSONResponse
from sqlalchemy import Connection
from starlette.responses import Response

from pipeline.store import passkeys, sessions, trail
from pipeline.store.connection import acting
from pipeline.store.passkeys import KnownPasskey, Purpose, TooManyChallenges
from review_ui.access.pages import from_our_form, let_in, new_session, sign_in_form
from review_ui.access.passkeys import (
    LONGEST_ANSWER,
    PasskeyRefused,
    RelyingParty,
    asked_to_sign_in,
    asserted,
    relying_party,
)
from review_ui.dependencies import given
from review_ui.report.carried import CarriedOn

router = APIRouter(prefix="/inloggen/toegangssleutel", include_in_schema=False)

# No user name has a capital in it, so nobody can make a key wait by typing this as one.
_COUNTED_AS = "PASSKEY "


class Problem(StrEnum):
    """Why nobody was signed in, as the page tells it; it does not say which check failed."""

    REFUSED = "passkey"
    LOCKED = "passkey_locked"


@router.post("/vraag")
def ask(request: Request, x_csrf_token: Annotated[str, Header(max_length=200)] = "") -> Response:
    """A challenge for this browser, as the browser's own call wants it."""
    cookie = from_our_form(request, x_csrf_token)
    dependencies = given(request)
    party = relying_party(dependencies.base_url)
    if party is None:
        return JSONResponse({"problem": "failed"}, 404)
    try:
        with acting(dependencies.engine, None) as connection:
            challenge = passkeys.give_challenge(connection, Purpose.SIGN_IN, cookie, dependencies.clock())
    except TooManyChallenges:
        return JSONResponse({"problem": "busy"}, 429)
    return JSONResponse(asked_to_sign_in(party, challenge), headers={"Cache-Control": "no-store"})


@router.post("")
def sign_in(
    request: Request,
    carried: CarriedOn,
    sleutel: Annotated[str, Form(max_length=LONGEST_ANSWER)] = "",
    csrf: Annotated[str, Form(max_length=200)] = "",
    verder: Annotated[str, Form(max_length=500)] = "/",
) -> Response:
    """Check what the device answered and open a session, or say on the log-in page that it did not work."""
    cookie = from_our_form(request, csrf)
    dependencies = given(request)
    party, now = relying_party(dependencies.base_url), dependencies.clock()
    if party is None:
        return sign_in_form(request, verder, Problem.REFUSED, carried)
    with acting(dependencies.engine, None) as connection:
        found = _whose(connection, party, cookie, sleutel, now)
        token = new_session(request, connection, found, now) if isinstance(found, UUID) else ""
    if isinstance(found, Problem):
        return sign_in_form(request, verder, found, carried)
    with acting(dependencies.engine, found) as connection:
        trail.append(connection, "signed_in", "user", str(found), now, {"with": "passkey"})
    return let_in(request, token, verder, carried)


def _whose(connection: Connection, party: RelyingParty, cookie: str, answer: str, now: datetime) -> UUID | Problem:
    """The user whose key answered this browser's challenge. Failures of a key are counted like those of a name."""
    challenge = passkeys.take_challenge(connection, Purpose.SIGN_IN, cookie, now)
    try:
        assertion = asserted(answer)
    except PasskeyRefused:
        return Problem.REFUSED
    counted_as = _COUNTED_AS + assertion.credential_id.hex()
    if sessions.locked_out(connection, counted_as, now):
        return Problem.LOCKED
    known = passkeys.by_credential(connection, assertion.credential_id)
    if challenge is not None and known is not None and known.usable:
        try:
            count = assertion.checked(party, known, challenge.value)
        except PasskeyRefused:
            count = None
        if count is not None and _goes_on(connection, known, count, now):
            sessions.forget_failures(connection, counted_as, now)
            return known.user_id
    sessions.note_failure(connection, counted_as, now)
    return Problem.REFUSED


def _goes_on(connection: Connection, known: KnownPasskey, count: int, now: datetime) -> bool:
    """Whether the key signed oftener than before. If not, there may be a copy: key and sessions end, with an alarm."""
    if passkeys.used(connection, known.id, count, now):
        return True
    if passkeys.stop(connection, known.id, now):
        sessions.close_all(connection, known.user_id)
        trail.append(connection, "passkey_perhaps_copied", "passkey", str(known.id), now, {"user": str(known.user_id)})
    return False
