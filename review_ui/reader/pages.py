"""A reader's own settings: languages, how much a day, when a break, topics left to others. Nobody else sees them."""

from datetime import timedelta
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.responses import Response

from pipeline.store import reader, saved_views, trail
from pipeline.store.connection import acting
from pipeline.store.reader import NoLanguage, ReaderSettings
from review_ui.access.signed_in import EXPERT_ROLE, Expert, OwnForm, SignedIn
from review_ui.dependencies import given
from review_ui.reader.wording import CHOOSE_A_LANGUAGE, KEPT, LANGUAGES
from review_ui.templating import render
from signals.label import Category, Lang

router = APIRouter(include_in_schema=False)

PAGE = "/mijn-instellingen"


@router.get(PAGE)
def settings_page(request: Request, found: Expert) -> HTMLResponse:
    """The form, and the saved views."""
    return _page(request, found, KEPT if request.query_params.get("gedaan") else "")


@router.post(PAGE, dependencies=[OwnForm])
def keep(
    request: Request,
    found: Expert,
    taal: Annotated[list[Lang] | None, Form()] = None,
    aantal: Annotated[int, Form(ge=reader.SMALLEST_BUDGET, le=reader.LARGEST_BUDGET)] = 15,
    minuten: Annotated[int, Form(ge=10, le=180)] = 45,
    liever_niet: Annotated[list[Category] | None, Form()] = None,
) -> Response:
    """Keep what was chosen. The trail tells that settings changed, never which: a topic left to others is private."""
    dependencies = given(request)
    wanted = ReaderSettings(frozenset(taal or ()), aantal, timedelta(minutes=minuten), frozenset(liever_niet or ()))
    try:
        with acting(dependencies.engine, found.user.id, EXPERT_ROLE) as connection:
            reader.save(connection, found.user.id, wanted)
            trail.append(connection, "reader_settings", "user", str(found.user.id), dependencies.clock())
    except NoLanguage:
        return _page(request, found, CHOOSE_A_LANGUAGE, 422)
    return RedirectResponse(f"{PAGE}?{urlencode({'gedaan': 'ja'})}", 303)


@router.post("/weergaven/{place}/verwijderen", dependencies=[OwnForm])
def remove_view(request: Request, place: int, found: Expert) -> Response:
    """Remove a saved view."""
    with acting(given(request).engine, found.user.id, EXPERT_ROLE) as connection:
        saved_views.drop(connection, found.user.id, place)
    return RedirectResponse(f"{PAGE}#weergaven", 303)


def _page(request: Request, found: SignedIn, said: str, status: int = 200) -> HTMLResponse:
    dependencies = given(request)
    with acting(dependencies.engine, found.user.id, EXPERT_ROLE) as connection:
        own = reader.desk(connection, dependencies.clock())
        views = saved_views.views_of(connection, found.user.id)
    context = {"own": own.settings, "views": views, "said": said, "languages": LANGUAGES}
    return render(request, "reader/settings.html", context, found, status)
