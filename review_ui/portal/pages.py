"""The recipient's pages: my referrals, one of them, and the answers. Plain forms; no page needs JavaScript.

What may be seen is decided in the database (`pipeline.store.portal`); a template only lays it out.
"""

from collections.abc import Mapping
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from pipeline.store import portal, questions
from pipeline.store.connection import acting
from pipeline.store.portal import NoSuchReferral, Received, StepNotPossible, recipient_role
from pipeline.store.questions import QuestionTooLong, QuestionWrong, TooManyQuestions, Topic
from pipeline.store.users import UserRole
from pipeline.unseal import SHORTEST_REASON, Purpose, UnsealAnswer, UnsealRequest
from review_ui.access.signed_in import RECIPIENT_ROLE, NotAllowed, OwnForm, SignedIn, Someone
from review_ui.dependencies import given
from review_ui.portal.support_offered import support_card
from review_ui.portal.wording import ANSWERED, groups, topics_for
from review_ui.signal.marks import readable
from review_ui.situation.offered import offered
from review_ui.templating import render
from signals.referral import Feedback, RecipientKind, ReferralState

router = APIRouter(prefix="/portaal", include_in_schema=False)


def recipient(found: Someone) -> SignedIn:
    """A signed-in recipient; raises NotAllowed for others."""
    if not found.user.has(UserRole.RECIPIENT):
        raise NotAllowed("this page is for recipients")
    return found


Recipient = Annotated[SignedIn, Depends(recipient)]


@router.get("")
def list_page(request: Request, found: Recipient) -> Response:
    """Everything that was sent to this user and can still be seen, in every kind that the user stands for."""
    mine: list[Received] = []
    kinds = _kinds(request, found)
    for kind in kinds:
        with acting(given(request).engine, found.user.id, recipient_role(kind)) as connection:
            mine.extend(portal.received(connection, kind))
    context = {
        "groups": groups(mine),
        "several_kinds": len(kinds) > 1,
        "support": support_card(request, found, kinds),
    }
    return render(request, "portal/list.html", context, found)


@router.get("/{referral_id}")
def referral_page(request: Request, referral_id: UUID, found: Recipient, gedaan: str = "") -> Response:
    """One referral, with just the columns of its kind. Opening it is reading it."""
    return _show(request, referral_id, found, {"done": gedaan if gedaan in ANSWERED else None})


@router.post("/{referral_id}/ontvangen", dependencies=[OwnForm])
def acknowledge(request: Request, referral_id: UUID, found: Recipient) -> Response:
    """Confirm that the signal was received."""
    dependencies = given(request)
    try:
        with acting(dependencies.engine, found.user.id, RECIPIENT_ROLE) as connection:
            portal.mark_read(connection, referral_id, dependencies.clock())
            portal.acknowledge(connection, referral_id, dependencies.clock())
    except NoSuchReferral:
        return _gone(request, found)
    return _back(referral_id, "ontvangen")


@router.post("/{referral_id}/terugkoppeling", dependencies=[OwnForm])
def feed_back(
    request: Request, referral_id: UUID, found: Recipient, uitkomst: Annotated[Feedback | None, Form()] = None
) -> Response:
    """Tell what was done, from the closed list. Once; a second answer changes nothing and says so."""
    if uitkomst is None:
        return _back(referral_id, "kies")
    dependencies = given(request)
    try:
        with acting(dependencies.engine, found.user.id, RECIPIENT_ROLE) as connection:
            portal.feed_back(connection, referral_id, uitkomst, dependencies.clock())
    except NoSuchReferral:
        return _gone(request, found)
    except StepNotPossible:
        return _back(referral_id, "kan-niet")
    return _back(referral_id, "terugkoppeling")


@router.post("/{referral_id}/gezien", dependencies=[OwnForm])
def saw(request: Request, referral_id: UUID, found: Recipient) -> Response:
    """Tell that a change or a withdrawal was seen."""
    dependencies = given(request)
    try:
        with acting(dependencies.engine, found.user.id, RECIPIENT_ROLE) as connection:
            portal.see(connection, referral_id, dependencies.clock())
    except NoSuchReferral:
        return _gone(request, found)
    return _back(referral_id, "gezien")


@router.post("/{referral_id}/vraag", dependencies=[OwnForm])
def ask(
    request: Request,
    referral_id: UUID,
    found: Recipient,
    onderwerp: Annotated[Topic | None, Form()] = None,
    vraag: Annotated[str, Form(max_length=2000)] = "",
) -> Response:
    """Ask the experts something. The police choose from the list; words of others are masked and go with the signal."""
    if onderwerp is None:
        return _back(referral_id, "kies-vraag")
    dependencies = given(request)
    try:
        with acting(dependencies.engine, found.user.id, RECIPIENT_ROLE) as connection:
            questions.ask(connection, referral_id, onderwerp, vraag, dependencies.clock())
    except NoSuchReferral:
        return _gone(request, found)
    except QuestionWrong:
        return _back(referral_id, "kies-vraag")
    except QuestionTooLong:
        return _back(referral_id, "vraag-te-lang")
    except TooManyQuestions:
        return _back(referral_id, "vragen-wachten")
    return _back(referral_id, "vraag")


@router.post("/{referral_id}/bronlink", dependencies=[OwnForm])
def open_link(
    request: Request, referral_id: UUID, found: Recipient, reden: Annotated[str, Form(max_length=300)] = ""
) -> Response:
    """Ask the unseal service for the source link, with a reason. It writes the trail first, and it decides."""
    if _find(request, referral_id, found) is None:
        return _gone(request, found)
    if len(reden.strip()) < SHORTEST_REASON:
        answer = UnsealAnswer(refused="bad_request")
    else:
        answer = given(request).unseal.ask(
            UnsealRequest(user_id=found.user.id, purpose=Purpose.LINK, reason=reden.strip(), referral_id=referral_id)
        )
    is_web = answer.plain is not None and answer.plain.startswith(("https://", "http://"))
    opened = {
        "plain": readable(answer.plain) if answer.plain is not None else None,
        "refused": answer.refused,
        "address": answer.plain if is_web else None,
    }
    return _show(request, referral_id, found, {"opened": opened}, 200 if answer.refused is None else 409)


def _kinds(request: Request, found: SignedIn) -> list[RecipientKind]:
    with acting(given(request).engine, found.user.id, RECIPIENT_ROLE) as connection:
        return portal.my_kinds(connection)


def _find(request: Request, referral_id: UUID, found: SignedIn) -> Received | None:
    """The referral in whichever kind it was sent to this user; read, unless it was withdrawn."""
    dependencies = given(request)
    for kind in _kinds(request, found):
        with acting(dependencies.engine, found.user.id, recipient_role(kind)) as connection:
            one = portal.received_one(connection, kind, referral_id)
            if one is not None:
                if one.state is not ReferralState.WITHDRAWN:
                    portal.mark_read(connection, referral_id, dependencies.clock())
                return portal.received_one(connection, kind, referral_id)
    return None


def _show(
    request: Request, referral_id: UUID, found: SignedIn, extra: Mapping[str, object], status: int = 200
) -> Response:
    one = _find(request, referral_id, found)
    if one is None:
        return _gone(request, found)
    template = "portal/withdrawn.html" if one.state is ReferralState.WITHDRAWN else "portal/referral.html"
    with acting(given(request).engine, found.user.id, recipient_role(one.kind)) as connection:
        asked = questions.mine(connection, referral_id)
    context = {
        "one": one,
        "asked": asked,
        "topics": topics_for(one.kind, found.user.police),
        "answered": ANSWERED,
        "situation": offered(request, referral_id, found),
        "done": None,
        "opened": None,
        **extra,
    }
    return render(request, template, context, found, status)


def _gone(request: Request, found: SignedIn) -> Response:
    """The same page for a referral that expired, that never was, and that is somebody else's."""
    return render(request, "portal/gone.html", {}, found, 404)


def _back(referral_id: UUID, done: str) -> Response:
    return RedirectResponse(f"/portaal/{referral_id}?gedaan={done}", 303)
