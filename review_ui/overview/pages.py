"""The overview's pages: the situation board, the map, and the part of each that refreshes. They change nothing."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from pipeline.store import overview, waiting
from pipeline.store.connection import acting
from review_ui.access.signed_in import EXPERT_ROLE, Expert
from review_ui.dependencies import given
from review_ui.overview import words
from review_ui.overview.board import Step, board, next_moment, step_of
from review_ui.overview.districts import MOST_LINES, by_district
from review_ui.place_search import gazetteer
from review_ui.reader.care import midnight
from review_ui.templating import render

router = APIRouter(prefix="/overzicht", include_in_schema=False)


@router.get("")
def board_page(request: Request, found: Expert) -> HTMLResponse:
    """What stands open now, readable in ten seconds."""
    return _board(request, found, "overview/page.html")


@router.get("/bord")
def board_alone(request: Request, found: Expert) -> HTMLResponse:
    """The board without its page, for a refresh in place."""
    return _board(request, found, "overview/board.html")


@router.get("/kaart")
def map_page(request: Request, found: Expert) -> HTMLResponse:
    """The open signals of today by district."""
    return _map(request, found, "overview/map.html")


@router.get("/kaart/lijst")
def districts_alone(request: Request, found: Expert) -> HTMLResponse:
    """The districts without their page, for a refresh in place."""
    return _map(request, found, "overview/districts.html")


def _map(request: Request, found: Expert, template: str) -> HTMLResponse:
    dependencies = given(request)
    now = dependencies.clock()
    with acting(dependencies.engine, found.user.id, EXPERT_ROLE) as connection:
        lines = overview.open_with_places(connection, now)
    context = {
        "districts": by_district(lines, gazetteer()),
        "open": len(lines),
        "whole": len(lines) < overview.LONGEST_MAP,
        "most": MOST_LINES,
        "step_of": step_of,
        "words": words,
    }
    return render(request, template, context, found)


def _board(request: Request, found: Expert, template: str) -> HTMLResponse:
    dependencies = given(request)
    now = dependencies.clock()
    with acting(dependencies.engine, found.user.id, EXPERT_ROLE) as connection:
        standing = overview.standing(connection, now, midnight(now))
        pressing = waiting.pressing(connection, now)
    counted = board(standing.tallies)
    context = {
        "board": counted,
        "lines": standing.lines,
        "sent": standing.sent,
        "pressing": pressing,
        "beyond": counted.open - len(standing.lines),
        "soon": next_moment(standing.lines, now),
        "step_of": step_of,
        "steps": list(Step),
        "words": words,
    }
    return render(request, template, context, found)
