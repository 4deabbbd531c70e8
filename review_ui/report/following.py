"""Following a tip by its code, without an account: one word and nothing else. Off until it is turned on."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.exceptions import HTTPException
from starlette.responses import Response

from collectors.tips_code import TipCodes
from pipeline.store import tip_codes
from pipeline.store.connection import acting
from review_ui.access.signed_in import Anyone
from review_ui.dependencies import given
from review_ui.report.handed import HandedIn
from review_ui.report.wording import PROGRESS
from review_ui.report.wrong_codes import WINDOW, WrongCodes
from review_ui.templating import render

router = APIRouter(include_in_schema=False)


def _codes(request: Request) -> TipCodes:
    codes = given(request).reporting.codes
    if codes is None:
        raise HTTPException(404)
    return codes


Codes = Annotated[TipCodes, Depends(_codes)]


@router.get("/tip/volgen")
def ask(request: Request, found: Anyone, codes: Codes) -> Response:
    """The field for the code."""
    return render(request, "report/follow.html", {"word": None, "problem": None}, found)


@router.post("/tip/volgen")
def follow(request: Request, found: Anyone, codes: Codes, handed: HandedIn) -> Response:
    """How far the tip is. Posted, so that the code stands in no address; wrong codes are counted per address."""
    dependencies = given(request)
    now, wrong = dependencies.clock(), _wrong_codes(request)
    caller = request.client.host if request.client else ""
    if wrong.too_many(caller, now):
        response = render(request, "report/follow.html", {"word": None, "problem": "wait"}, found, 429)
        response.headers["Retry-After"] = str(int(WINDOW.total_seconds()))
        return response
    code_hash = codes.hash(handed.get("code"))
    progress = None
    if code_hash is not None:
        with acting(dependencies.engine, None) as connection:
            progress = tip_codes.progress(connection, code_hash, now)
    if progress is None:
        wrong.note(caller, now)
        return render(request, "report/follow.html", {"word": None, "problem": "unknown"}, found, 404)
    return render(request, "report/follow.html", {"word": PROGRESS[progress], "problem": None}, found)


def _wrong_codes(request: Request) -> WrongCodes:
    kept = request.app.state.wrong_codes
    if not isinstance(kept, WrongCodes):
        raise TypeError("the app was not made by create_app")
    return kept
