"""The page on what lies aside: by reason, with advice, and what can be done with all of a reason or with one.

Who may, and the trail, are the database's: it reads descriptions only. Bytes come from the desk, after the trail.
"""

from dataclasses import dataclass
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Request
from starlette.responses import RedirectResponse, Response

from pipeline import envelope
from pipeline.kafka.faults import BrokerAway, NotPublished, TopicsMissing
from pipeline.retry import Stays
from pipeline.store import dead_letters
from pipeline.store.attempts import DatabaseAway
from pipeline.store.connection import acting
from pipeline.store.dead_letters import Step
from review_ui.access.signed_in import NotAllowed, OwnForm, SignedIn, Someone
from review_ui.coverage.watchers import SUPERVISOR_ROLE
from review_ui.dead_letters import words
from review_ui.dead_letters.menders import mends
from review_ui.dependencies import given
from review_ui.signal.marks import readable
from review_ui.templating import render
from signals.dead_letter import DeadReason

router = APIRouter(prefix="/terzijde", include_in_schema=False)

SHOWN = 20
AT_ONCE = 100
"""Letters of a reason that one press gives back: the answer must not take minutes."""
SHORTEST_REASON = 5
Why = Annotated[str, Form(max_length=200)]
_AWAY = (DatabaseAway, BrokerAway, NotPublished, TopicsMissing)
Press = Literal["terug", "weg", "openen"]


def mender(found: Someone) -> SignedIn:
    """Someone who tunes or manages."""
    if not mends(found.user):
        raise NotAllowed("this page is for tuners and administrators")
    return found


Mender = Annotated[SignedIn, Depends(mender)]


@dataclass(frozen=True)
class Told:
    """What came of the last press, for the top of the page."""

    back: int = 0
    stays: Stays | None = None
    discarded: bool = False
    why_missing: bool = False
    plain: str | None = None


@router.get("")
def overview(request: Request, found: Mender, terug: int | None = None, gebleven: int = 0, even: str = "") -> Response:
    """What lies aside, by reason, and how fast it grows."""
    dependencies = given(request)
    now = dependencies.clock()
    with acting(dependencies.engine, found.user.id, SUPERVISOR_ROLE) as connection:
        heaps = dead_letters.heaps(connection, now)
        newest = {heap.reason: dead_letters.of_reason(connection, heap.reason, SHOWN) for heap in heaps}
    told = {"back": terug, "stayed": gebleven, "stays": Stays.AWAY if even else None}
    return render(
        request,
        "dead_letters/page.html",
        {"heaps": heaps, "newest": newest, "words": words, "told": told, "desk": dependencies.letters is not None},
        found,
    )


@router.post("/alle/{reason}/terug", dependencies=[OwnForm])
def give_all_back(request: Request, reason: DeadReason, found: Mender) -> Response:
    """Give back to the road what lies aside for a reason."""
    dependencies = given(request)
    with acting(dependencies.engine, found.user.id, SUPERVISOR_ROLE) as connection:
        chosen = [one.id for one in dead_letters.of_reason(connection, reason, AT_ONCE) if one.returnable]
    back, away = 0, False
    for letter in chosen:
        stays = _give_back(request, found, letter)
        back += stays is None
        if away := stays is Stays.AWAY:  # each of the others would wait for it as long
            break
    return RedirectResponse(f"/terzijde?terug={back}&gebleven={len(chosen) - back}{'&even=niet' if away else ''}", 303)


@router.get("/{letter}")
def one(request: Request, letter: UUID, found: Mender) -> Response:
    """One letter, described."""
    return _show(request, letter, found, Told())


@router.get("/{letter}/{press}")
def after_a_press(letter: UUID, press: Press, found: Mender) -> Response:
    """Whoever reloads an answer, or reads it in the other language, comes back to the letter; nothing is done again."""
    return RedirectResponse(f"/terzijde/{letter}", 303)


@router.post("/{letter}/terug", dependencies=[OwnForm])
def give_back(request: Request, letter: UUID, found: Mender) -> Response:
    """Give one back to the road."""
    stays = _give_back(request, found, letter)
    return _show(
        request, letter, found, Told(back=1) if stays is None else Told(stays=stays), 200 if not stays else 409
    )


@router.post("/{letter}/weg", dependencies=[OwnForm])
def discard(request: Request, letter: UUID, found: Mender, reden: Why = "") -> Response:
    """Give one up, and its bytes with it."""
    if not _reasoned(reden):
        return _show(request, letter, found, Told(why_missing=True), 422)
    state = _step(request, found, letter, Step.DISCARDED, reden)
    if state == "parked":
        return _show(request, letter, found, Told(discarded=True))
    return _show(request, letter, found, Told(stays=Stays.RETRIED if state == "retried" else Stays.DISCARDED), 409)


@router.post("/{letter}/openen", dependencies=[OwnForm])
def open_bytes(request: Request, letter: UUID, found: Mender, reden: Why = "") -> Response:
    """Show the record, on this answer only. The trail is written and kept before it is opened."""
    desk = given(request).letters
    if not _reasoned(reden) or desk is None:
        return _show(request, letter, found, Told(why_missing=True), 422)
    _step(request, found, letter, Step.OPENED, reden)
    try:
        plain = readable(desk.opened(letter).decode("utf-8", errors="backslashreplace"))
    except envelope.HourKeyGone:
        return _show(request, letter, found, Told(stays=Stays.KEY_GONE), 409)
    except envelope.Undecryptable:
        return _show(request, letter, found, Told(stays=Stays.UNDECRYPTABLE), 409)
    return _show(request, letter, found, Told(plain=plain))


def _show(request: Request, letter: UUID, found: SignedIn, told: Told, status: int = 200) -> Response:
    dependencies = given(request)
    with acting(dependencies.engine, found.user.id, SUPERVISOR_ROLE) as connection:
        described = dead_letters.one(connection, letter)
    context = {"letter": described, "words": words, "told": told, "desk": dependencies.letters is not None}
    return render(request, "dead_letters/letter.html", context, found, status)


def _give_back(request: Request, found: SignedIn, letter: UUID) -> Stays | None:
    """Noted first, so that nothing goes back of which the trail does not know."""
    desk = given(request).letters
    _step(request, found, letter, Step.RETRIED, "")
    if desk is None:
        return Stays.NEVER_MASKED
    try:
        return desk.retry(letter)
    except _AWAY:
        return Stays.AWAY


def _step(request: Request, found: SignedIn, letter: UUID, wanted: Step, why: str) -> str:
    dependencies = given(request)
    with acting(dependencies.engine, found.user.id, SUPERVISOR_ROLE) as connection:
        return dead_letters.step(connection, letter, wanted, why, dependencies.clock())


def _reasoned(why: str) -> bool:
    return len(why.strip()) >= SHORTEST_REASON
