"""A school that is stuck asks OTSV or AcVZ for support, and what both then see: counts, and steps with owner and day.

Who takes part, and for how long, is decided in the database (`pipeline.store.support_requests`). Plain forms; no page
needs JavaScript, and nothing is asked but by a person.
"""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Annotated
from uuid import UUID, uuid4

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from forwarding.support import around_school
from pipeline.store import portal, support_requests
from pipeline.store.connection import acting
from pipeline.store.support_requests import Asked, NoSuchSupport, OwnSchool, Step
from review_ui.access.signed_in import RECIPIENT_ROLE, OwnForm, SignedIn
from review_ui.dependencies import given
from review_ui.portal.pages import Recipient
from review_ui.portal.support_words import DONE
from review_ui.staffing import HOME
from review_ui.templating import render
from signals.referral import RecipientKind
from signals.support import (
    SUPPORT_OUTCOME_LABELS,
    SUPPORT_REASON_LABELS,
    SUPPORT_STEP_LABELS,
    SupportOutcome,
    SupportReason,
    SupportStep,
)

HOME_PAGE = "/portaal/ondersteuning"

router = APIRouter(prefix=HOME_PAGE, include_in_schema=False)


@dataclass(frozen=True)
class Line:
    """A step as the page shows it. `late`: its day is over and it is not done."""

    step: Step
    due: datetime
    late: bool


@router.get("")
def list_page(request: Request, found: Recipient, gedaan: str = "") -> Response:
    """Ask for a school of one's own; the schools that asked, in the order of asking."""
    with acting(given(request).engine, found.user.id, RECIPIENT_ROLE) as connection:
        kinds = portal.my_kinds(connection)
        open_ = support_requests.mine(connection)
        busy = {one.school_id for one in open_}
        free = [
            (school, support_requests.helpers(connection, school.id, around_school(school.places)))
            for school in support_requests.own_schools(connection)
            if school.id not in busy
        ]
    context = {
        "open": open_,
        "free": free,
        "helps": RecipientKind.ESCALATION in kinds,
        "for_schools": RecipientKind.SCHOOL in kinds,
        "reasons": SUPPORT_REASON_LABELS,
        "form_key": uuid4(),
        "done": DONE.get(gedaan),
    }
    return render(request, "support/list.html", context, found)


@router.post("", dependencies=[OwnForm])
def ask(
    request: Request,
    found: Recipient,
    sleutel: Annotated[UUID | None, Form()] = None,
    school: Annotated[UUID | None, Form()] = None,
    reden: Annotated[SupportReason | None, Form()] = None,
) -> Response:
    """Ask. The same form sent twice asks once."""
    if sleutel is None or school is None or reden is None:
        return _to("", "choose")
    dependencies = given(request)
    try:
        with acting(dependencies.engine, found.user.id, RECIPIENT_ROLE) as connection:
            around = around_school(_own(support_requests.own_schools(connection), school).places)
            answer = support_requests.ask(connection, sleutel, school, around, reden, dependencies.clock())
    except NoSuchSupport:
        return _gone(request, found)
    return _to(f"/{sleutel}" if answer in (Asked.ASKED, Asked.AGAIN) else "", answer)


@router.get("/{support_id}")
def request_page(request: Request, support_id: UUID, found: Recipient, gedaan: str = "") -> Response:
    """One open request: what went to the school in numbers, and the steps."""
    dependencies = given(request)
    now = dependencies.clock()
    try:
        with acting(dependencies.engine, found.user.id, RECIPIENT_ROLE) as connection:
            one = support_requests.one(connection, support_id)
            counts = support_requests.counts(connection, support_id)
            context = {
                "one": one,
                "counts": counts,
                "total": sum(count.number for count in counts),
                "asked": support_requests.asked(connection, support_id),
                "lines": [_line(step, now) for step in support_requests.steps(connection, support_id)],
            }
    except NoSuchSupport:
        return _gone(request, found)
    today = now.astimezone(HOME).date()
    context |= {
        "reasons": SUPPORT_REASON_LABELS,
        "step_names": SUPPORT_STEP_LABELS,
        "outcomes": SUPPORT_OUTCOME_LABELS,
        "form_key": uuid4(),
        "first_day": today.isoformat(),
        "last_day": one.ends_at.astimezone(HOME).date().isoformat(),
        "done": DONE.get(gedaan),
    }
    return render(request, "support/request.html", context, found)


@router.post("/{support_id}/stap", dependencies=[OwnForm])
def add_step(
    request: Request,
    support_id: UUID,
    found: Recipient,
    sleutel: Annotated[UUID | None, Form()] = None,
    stap: Annotated[SupportStep | None, Form()] = None,
    wie: Annotated[RecipientKind | None, Form()] = None,
    dag: Annotated[str, Form(max_length=30)] = "",
) -> Response:
    """Agree on a step. The same form sent twice adds one."""
    day = _day(dag)
    dependencies = given(request)
    try:
        with acting(dependencies.engine, found.user.id, RECIPIENT_ROLE) as connection:
            support_requests.one(connection, support_id)
            if sleutel is None or stap is None or wie is None or day is None:
                return _to(f"/{support_id}", "step-choose")
            added = support_requests.add_step(connection, support_id, sleutel, stap, wie, day, dependencies.clock())
    except NoSuchSupport:
        return _gone(request, found)
    return _to(f"/{support_id}", f"step-{added}")


@router.post("/{support_id}/stap/{step_id}", dependencies=[OwnForm])
def set_done(
    request: Request, support_id: UUID, step_id: UUID, found: Recipient, klaar: Annotated[bool, Form()] = True
) -> Response:
    """A step is done, or not after all."""
    dependencies = given(request)
    try:
        with acting(dependencies.engine, found.user.id, RECIPIENT_ROLE) as connection:
            support_requests.set_done(connection, step_id, klaar, dependencies.clock())
    except NoSuchSupport:
        return _gone(request, found)
    return _to(f"/{support_id}", "step-done" if klaar else "step-open")


@router.post("/{support_id}/afsluiten", dependencies=[OwnForm])
def close(
    request: Request, support_id: UUID, found: Recipient, afloop: Annotated[SupportOutcome | None, Form()] = None
) -> Response:
    """End it, by either side."""
    dependencies = given(request)
    try:
        with acting(dependencies.engine, found.user.id, RECIPIENT_ROLE) as connection:
            support_requests.one(connection, support_id)
            if afloop is None:
                return _to(f"/{support_id}", "choose-end")
            support_requests.close(connection, support_id, afloop, dependencies.clock())
    except NoSuchSupport:
        return _gone(request, found)
    return _to("", "closed")


def _own(schools: tuple[OwnSchool, ...], school: UUID) -> OwnSchool:
    found = next((one for one in schools if one.id == school), None)
    if found is None:
        raise NoSuchSupport("there is no such school for this user")
    return found


def _line(step: Step, now: datetime) -> Line:
    due = datetime.combine(step.due_on, time(12), HOME)
    return Line(step, due, step.done_at is None and step.due_on < now.astimezone(HOME).date())


def _day(written: str) -> date | None:
    try:
        return date.fromisoformat(written.strip())
    except ValueError:
        return None


def _to(where: str, done: str) -> Response:
    return RedirectResponse(f"{HOME_PAGE}{where}?gedaan={done}", 303)


def _gone(request: Request, found: SignedIn) -> Response:
    """The same page for a request that is over, that never was, and that is somebody else's."""
    return render(request, "support/gone.html", {}, found, 404)
