"""The practice room (*oefenruimte*): read an invented post, judge it as in the queue, and see how and why we read it.

Nothing is kept: an answer is a part of the address and counts nowhere. Who is signed in may practise.
"""

from typing import Annotated

from fastapi import APIRouter, HTTPException, Query, Request
from starlette.responses import Response

from review_ui.access.signed_in import Someone
from review_ui.labels import REASONS
from review_ui.language import Language
from review_ui.practice import cases
from review_ui.practice.words import SAID, compared
from review_ui.signal.marks import marked
from review_ui.signal.words import FactInWords, guide_rule, quotes
from review_ui.slang.words import explained
from review_ui.templating import language_of, render
from signals.analysis import Fact

router = APIRouter(prefix="/oefenruimte", include_in_schema=False)


@router.get("")
def room(request: Request, found: Someone) -> Response:
    """The series, each with its posts."""
    return render(request, "practice/room.html", {"series": cases.series()}, found)


@router.get("/{name}")
def post(request: Request, name: str, found: Someone, keuze: Annotated[str, Query(max_length=60)] = "") -> Response:
    """One post to judge; with an answer in the address, how we read it."""
    case = cases.by_id(name)
    if case is None:
        raise HTTPException(404)
    answered = keuze if keuze in REASONS else ""
    words = explained(case.text)
    english = language_of(request) is Language.ENGLISH
    return render(
        request,
        "practice/post.html",
        {
            "case": case,
            "members": cases.series()[case.series],
            "following": cases.after(case),
            "answered": answered,
            "compared": SAID[compared(case, answered)] if answered else "",
            "stretches": marked(case.text, _facts(case) if answered else [], words=words.spans),
            "explained": words,
            "facts": [FactInWords(fact, quotes(case.facts.get(fact, ()))) for fact in Fact],
            "rule": guide_rule(case.level),
            "explanation": case.explanation_en if english else case.explanation_nl,
            "lesson": case.lesson_en if english else case.lesson,
        },
        found,
    )


def _facts(case: cases.Case) -> list[tuple[int, int, Fact]]:
    return [(start, end, fact) for fact in Fact for start, end in case.spans(fact)]
