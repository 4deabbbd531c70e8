"""All keys on one page, and choosing one's own; works without JavaScript too."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from pipeline.store import trail, users
from pipeline.store.connection import acting
from review_ui.access.signed_in import OwnForm, SignedIn, Someone
from review_ui.dependencies import given
from review_ui.keys import ACTIONS, differing, keys_of, problem_with
from review_ui.templating import render

router = APIRouter(prefix="/toetsen", include_in_schema=False)


@router.get("")
def keys(request: Request, found: Someone) -> Response:
    """All keys, each in a field of its own."""
    return _page(request, found, keys_of(found.user.keys))


async def typed_keys(request: Request) -> dict[str, str]:
    """The key that was typed for every action."""
    typed = await request.form()
    return {action: str(typed.get(action, "")).strip().upper()[:2] for action in ACTIONS}


@router.post("", dependencies=[OwnForm])
def choose(
    request: Request,
    found: Someone,
    wanted: Annotated[dict[str, str], Depends(typed_keys)],
    herstel: Annotated[str, Form(max_length=1)] = "",
) -> Response:
    """Keep the keys that were typed, or go back to those it shipped with."""
    problem = None if herstel else problem_with(wanted)
    if problem is not None:
        return _page(request, found, wanted, problem)
    dependencies = given(request)
    with acting(dependencies.engine, found.user.id) as connection:
        users.keep_keys(connection, found.user.id, {} if herstel else differing(wanted))
        trail.append(connection, "keys_chosen", "user", str(found.user.id), dependencies.clock())
    return RedirectResponse("/toetsen?gedaan=ja", 303)


def _page(request: Request, found: SignedIn, wanted: dict[str, str], problem: str | None = None) -> Response:
    context = {"wanted": wanted, "problem": problem, "done": request.query_params.get("gedaan", "")}
    return render(request, "access/keys.html", context, found, 200 if problem is None else 422)
