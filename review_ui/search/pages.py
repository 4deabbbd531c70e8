"""The search page. A form is read first and answered with an address that holds codes, ids and listed words alone.

So a name or an account that somebody types is in no address, no log and no history. Each search is on the trail.
"""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from nlp.terms import TermList
from pipeline.store import listed_words, search
from pipeline.store.connection import acting
from review_ui.access.signed_in import EXPERT_ROLE, Expert, OwnForm, SignedIn
from review_ui.dependencies import given
from review_ui.search.asking import Asked, asked
from review_ui.search.choosing import listed_word, near, place_name, within
from review_ui.signal.place_choice import fitting
from review_ui.templating import render

router = APIRouter(prefix="/zoeken", include_in_schema=False)
LONGEST, MOST_FIELDS = 120, 20


@router.get("")
def page(request: Request, found: Expert) -> Response:
    """The form, and under it what was found by what stands in the address."""
    known = _known(request, found)
    wanted = asked(dict(request.query_params))
    if wanted is None:
        return _show(request, found, known, Asked(), problem="time")
    if wanted.empty:
        return _show(request, found, known, wanted)
    unlisted = _unlisted(wanted, known)
    _note(request, found, {unlisted: "not_listed"} if unlisted else wanted.on_the_trail())
    if unlisted:  # an address that was typed by hand
        return _show(request, found, known, Asked(), problem=unlisted)
    dependencies = given(request)
    now = dependencies.clock()
    asks = wanted.wanted(within(wanted.plaats) if wanted.plaats else (), now)
    try:
        with acting(dependencies.engine, found.user.id, EXPERT_ROLE) as connection, search.in_time(connection):
            still_open = None if wanted.na else search.open_found(connection, asks, now)
            earlier = search.earlier_found(connection, asks, now, wanted.before)
    except search.SearchTooWide:
        return _show(request, found, known, wanted, problem="wide")
    last = earlier.signals[-1] if earlier.more else None
    further = wanted.address(na=f"{last.queued_at.isoformat()}_{last.number}") if last else ""
    return _show(request, found, known, wanted, open=still_open, earlier=earlier, further=further)


async def typed_fields(request: Request) -> dict[str, str]:
    """The fields of the form, bounded."""
    typed = await request.form()
    return {name: str(value).replace("\0", "")[:LONGEST] for name, value in list(typed.items())[:MOST_FIELDS]}


@router.post("", dependencies=[OwnForm])
def look_up(request: Request, found: Expert, typed: Annotated[dict[str, str], Depends(typed_fields)]) -> Response:
    """Find the listed word and the place that were meant, and go to the search; or say what is not clear."""
    known = _known(request, found)
    wanted = asked({name: value for name, value in typed.items() if name not in ("woord", "plaats", "na")})
    if wanted is None:
        rest = {name: value for name, value in typed.items() if name in ("soort", "niveau", "staat")}
        return _show(request, found, known, asked(rest) or Asked(), typed, problem="time")
    if word := typed.get("woord", "").strip():
        listed = listed_word(word, known)
        if listed is None:
            _note(request, found, {"word": "not_listed"})
            return _show(request, found, known, wanted, typed, problem="word", nearest=near(word, known))
        wanted = wanted.model_copy(update={"woord": listed})
    if name := typed.get("plaatsnaam", "").strip():
        offers = fitting(name)
        ids = [offer.id for offer in offers if offer.id == typed.get("plaats")] or [offer.id for offer in offers]
        if len(ids) != 1:
            _note(request, found, {"place": "several" if ids else "not_listed"})
            return _show(request, found, known, wanted, typed, problem="place", offers=offers)
        wanted = wanted.model_copy(update={"plaats": ids[0]})
    if wanted.empty:
        return _show(request, found, known, wanted, typed, problem="nothing")
    return RedirectResponse(f"/zoeken?{wanted.address()}", 303)


def _known(request: Request, found: SignedIn) -> TermList:
    with acting(given(request).engine, found.user.id, EXPERT_ROLE) as connection:
        return listed_words.listed(connection)


def _note(request: Request, found: SignedIn, filters: dict[str, str]) -> None:
    """In a transaction of its own: a search that takes too long stands on the trail, too."""
    dependencies = given(request)
    with acting(dependencies.engine, found.user.id, EXPERT_ROLE) as connection:
        search.note(connection, dependencies.clock(), filters)


def _unlisted(wanted: Asked, known: TermList) -> str | None:
    """What of an address is neither a listed word nor a known place."""
    if wanted.woord and wanted.woord not in {term.text for term in known.terms}:
        return "word"
    return "place" if wanted.plaats and place_name(wanted.plaats) is None else None


def _show(
    request: Request,
    found: SignedIn,
    known: TermList,
    wanted: Asked,
    typed: dict[str, str] | None = None,
    *,
    problem: str = "",
    **answer: object,
) -> Response:
    """The page, with what was typed or else what the address says."""
    place = place_name(wanted.plaats) if wanted.plaats else None
    context = {
        "asked": wanted,
        "fields": {**wanted.shown(), "plaatsnaam": place or "", **(typed or {})},
        "problem": problem,
        "words": sorted(term.text for term in known.terms),
        "states": [*search.OPEN, *search.EARLIER],
        "open": None,
        "earlier": None,
        "further": "",
        "nearest": [],
        "offers": [],
        **answer,
    }
    return render(request, "search/page.html", context, found, 422 if problem else 200)
