"""The directory (*adresboek*) for experts: what is missing, who is in it, and a test message to one contact.

It changes nothing of the directory itself: that comes in with `seinpost directory import`.
"""

from datetime import date
from functools import partial
from typing import Annotated
from urllib.parse import urlencode
from uuid import UUID

from babel.dates import format_date
from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from forwarding.places import installed_places
from pipeline.store import trial_messages
from pipeline.store.connection import acting
from pipeline.store.trial_messages import EnoughTrials, NoSuchTrialContact, TrialWaits
from review_ui.access.signed_in import EXPERT_ROLE, Expert, OwnForm
from review_ui.dependencies import given
from review_ui.directory import words
from review_ui.directory.board import board, place_names
from review_ui.staffing import HOME
from review_ui.templating import language_of, render
from signals.referral import RecipientKind

router = APIRouter(prefix="/adresboek", include_in_schema=False)

LAST_PAGE = 5000
Kind = RecipientKind | None
Town = Annotated[str, Query(max_length=200)]
Page = Annotated[int, Query(ge=1, le=LAST_PAGE)]


@router.get("")
def directory_page(
    request: Request,
    found: Expert,
    soort: str = "",
    gemeente: Town = "",
    ontbreekt: str = "",
    pagina: Page = 1,
    gedaan: str = "",
) -> Response:
    """What is missing, and the organisations that fit the filters, by name."""
    dependencies = given(request)
    book, today = installed_places(), dependencies.clock().astimezone(HOME).date()
    kind = _kind(soort)
    with acting(dependencies.engine, found.user.id, EXPERT_ROLE) as connection:
        seen = board(connection, kind, gemeente or None, bool(ontbreekt), pagina, today, book)
    address = partial(_address, soort=kind or "", gemeente=gemeente, ontbreekt=bool(ontbreekt))
    if pagina > 1 and not seen.organisations:  # fewer are left than there were
        return RedirectResponse(address(1), 303)
    context = {
        "board": seen,
        "words": words,
        "kinds": list(RecipientKind),
        "asked": {"soort": kind or "", "gemeente": gemeente, "ontbreekt": bool(ontbreekt), "pagina": pagina},
        "address": address,
        "place_names": partial(place_names, book=book),
        "day": partial(_day, language=language_of(request).value),
        "today": today,
        "done": words.ASKED.get(gedaan),
        "went": gedaan == "verstuurd",
    }
    return render(request, "directory/page.html", context, found)


@router.post("/{contact_id}/proefbericht", dependencies=[OwnForm])
def send_trial(
    request: Request,
    contact_id: UUID,
    found: Expert,
    soort: Annotated[str, Form(max_length=40)] = "",
    gemeente: Annotated[str, Form(max_length=200)] = "",
    ontbreekt: Annotated[str, Form(max_length=10)] = "",
    pagina: Annotated[int, Form(ge=1, le=LAST_PAGE)] = 1,
) -> Response:
    """Ask for a test message to this contact, by every way that it has; the dispatcher sends it."""
    dependencies = given(request)
    try:
        with acting(dependencies.engine, found.user.id, EXPERT_ROLE) as connection:
            trial_messages.ask(connection, contact_id, dependencies.clock())
        done = "verstuurd"
    except TrialWaits:
        done = "wacht"
    except EnoughTrials:
        done = "genoeg"
    except NoSuchTrialContact:
        done = "weg"
    back = _address(pagina, done, soort=_kind(soort) or "", gemeente=gemeente, ontbreekt=bool(ontbreekt))
    return RedirectResponse(f"{back}#contact-{contact_id}", 303)


@router.get("/{contact_id}/proefbericht")
def after_a_press(contact_id: UUID, found: Expert) -> Response:
    """Whoever reloads comes back to the page; nothing is sent again."""
    return RedirectResponse("/adresboek", 303)


def _kind(value: str) -> RecipientKind | None:
    return RecipientKind(value) if value in list(RecipientKind) else None


def _address(page: int, done: str = "", *, soort: str, gemeente: str, ontbreekt: bool) -> str:
    """The address of one page with these filters."""
    asked = {"soort": soort, "gemeente": gemeente, "ontbreekt": "ja" if ontbreekt else "", "gedaan": done}
    asked["pagina"] = str(page) if page > 1 else ""
    query = urlencode({name: value for name, value in asked.items() if value})
    return f"/adresboek?{query}" if query else "/adresboek"


def _day(day: date, language: str) -> str:
    """A day in full: '23 november 2026'."""
    said: str = format_date(day, "d MMMM y", locale=language)
    return said
