"""The share target: what someone shares from an app on the phone becomes a tip that is half filled in.

It hands nothing in: a person looks at the form and sends it. A shared photo is refused here, with what to do instead.
"""

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from collectors.tips import LONGEST_TIP, TipFault
from collectors.tips_photo import is_photo_in_words
from collectors.tips_shared import sorted_out
from review_ui.access.pages import log_in_and_go_on
from review_ui.access.signed_in import Anyone
from review_ui.report.carried import TIP_FORM, carried_of
from review_ui.report.form import form_page
from review_ui.report.handed import HandedIn
from review_ui.report.wording import CUT, WHY_NOT
from review_ui.templating import render

router = APIRouter(include_in_schema=False)

SHARE = "/melden/deel"
"""Named in `static/manifest.webmanifest`."""


@router.get(SHARE)
def shared_before() -> Response:
    """Where a reload or the choice of another language ends: the empty form."""
    return RedirectResponse(TIP_FORM, 303)


@router.post(SHARE)
def share(request: Request, found: Anyone, handed: HandedIn) -> Response:
    """The tip form with the shared words and link. It changes nothing, so a share needs no token of ours."""
    shared = sorted_out(handed.get("title"), handed.get("text"), handed.get("url"))
    pasted = is_photo_in_words(shared.words)
    photo = handed.file or pasted
    typed = carried_of({"tekst": "" if pasted else shared.words, "link": shared.link})
    if found is None:
        if photo and not typed.filled:
            # No log-in only to hear a refusal.
            return render(request, "report/no_photo.html", {"fault": WHY_NOT[TipFault.PHOTO]}, None, 422)
        return log_in_and_go_on(request, typed, TIP_FORM)
    if photo:
        return form_page(request, found, TIP_FORM, typed, TipFault.PHOTO, 422)
    cut = handed.cut or len(shared.words) > LONGEST_TIP
    return form_page(request, found, TIP_FORM, typed, CUT if cut else None)
