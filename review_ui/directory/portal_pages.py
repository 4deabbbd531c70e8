"""Where the link in a test message leads: the contact says that it came. No signal stands behind it."""

from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from pipeline.store import trial_messages
from pipeline.store.connection import acting
from pipeline.store.trial_messages import NoSuchTrial
from review_ui.access.signed_in import RECIPIENT_ROLE, OwnForm, SignedIn
from review_ui.dependencies import given
from review_ui.directory.words import PORTAL
from review_ui.portal.pages import Recipient
from review_ui.templating import render

router = APIRouter(prefix="/portaal/proefbericht", include_in_schema=False)


@router.get("/{trial_id}")
def trial_page(request: Request, trial_id: UUID, found: Recipient, gedaan: str = "") -> Response:
    """One's own test message, with the button to say that it came."""
    with acting(given(request).engine, found.user.id, RECIPIENT_ROLE) as connection:
        mine = trial_messages.mine(connection, trial_id)
    if mine is None:
        return _gone(request, found)
    context = {"trial_id": trial_id, "mine": mine, "done": PORTAL.get(gedaan)}
    return render(request, "directory/trial.html", context, found)


@router.post("/{trial_id}/ontvangen", dependencies=[OwnForm])
def received(request: Request, trial_id: UUID, found: Recipient) -> Response:
    """Say that it came; a repeat changes nothing."""
    dependencies = given(request)
    try:
        with acting(dependencies.engine, found.user.id, RECIPIENT_ROLE) as connection:
            trial_messages.seen(connection, trial_id, dependencies.clock())
    except NoSuchTrial:
        return _gone(request, found)
    return RedirectResponse(f"/portaal/proefbericht/{trial_id}?gedaan=ontvangen", 303)


@router.get("/{trial_id}/ontvangen")
def after_a_press(trial_id: UUID, found: Recipient) -> Response:
    """Whoever reloads comes back to the page."""
    return RedirectResponse(f"/portaal/proefbericht/{trial_id}", 303)


def _gone(request: Request, found: SignedIn) -> Response:
    """The same for one that is too long ago, that never was, and that is somebody else's."""
    return render(request, "portal/gone.html", {}, found, 404)
