"""Draws the two hand-in forms, empty or with what was typed and why it was not taken. It takes nothing in itself."""

from fastapi import Request
from starlette.responses import Response

from review_ui.access.signed_in import SignedIn
from review_ui.report.carried import OBSERVATION_FORM, Carried
from review_ui.report.places import suggested
from review_ui.report.wording import MOMENTS, WHY_NOT
from review_ui.templating import render

EMPTY = Carried()


def form_page(
    request: Request,
    found: SignedIn,
    form: str,
    typed: Carried = EMPTY,
    fault: str | None = None,
    status: int = 200,
    look_up: bool = False,
) -> Response:
    """The form at this address. `look_up` lists the places that match what was typed as the place."""
    template = "report/observation.html" if form == OBSERVATION_FORM else "report/tip.html"
    context: dict[str, object] = {
        "typed": typed,
        "fault": WHY_NOT[fault] if fault else None,
        "moments": MOMENTS,
        "places": suggested(typed.waar) if look_up else [],
        "looked_up": look_up,
    }
    return render(request, template, context, found, status)
