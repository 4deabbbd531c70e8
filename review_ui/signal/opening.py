"""Opening a source link or a masked name, with a reason. The unseal service writes the trail and decides."""

from contextlib import suppress
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Request
from starlette.responses import Response

from pipeline.store import claims
from pipeline.store.claims import AlreadyRead, ClaimedByAnother, NoSuchSignal, NothingToRead
from pipeline.store.connection import acting
from pipeline.unseal import SHORTEST_REASON, Purpose, UnsealAnswer, UnsealRequest
from review_ui.access.signed_in import EXPERT_ROLE, Expert, OwnForm, SignedIn
from review_ui.dependencies import given
from review_ui.signal.marks import readable
from review_ui.signal.pages import show

router = APIRouter(prefix="/signaal", include_in_schema=False)


@router.post("/{signal_id}/openen", dependencies=[OwnForm])
def open_sealed(
    request: Request,
    signal_id: UUID,
    found: Expert,
    wat: Annotated[Purpose, Form()],
    reden: Annotated[str, Form(max_length=300)] = "",
) -> Response:
    """Show what was sealed, on this answer only: it is stored nowhere and gone at the next page."""
    if len(reden.strip()) < SHORTEST_REASON:
        answer = UnsealAnswer(refused="bad_request")
    else:
        answer = given(request).unseal.ask(
            UnsealRequest(user_id=found.user.id, purpose=wat, reason=reden.strip(), signal_id=signal_id)
        )
    _keep(request, signal_id, found)
    plain = readable(answer.plain) if answer.plain is not None else None
    is_web = plain is not None and plain.startswith(("https://", "http://"))
    opened = {
        "purpose": wat.value,
        "plain": plain,
        "refused": answer.refused,
        "address": answer.plain if is_web and wat is Purpose.LINK else None,
    }
    return show(request, signal_id, found, {"opened": opened}, 200 if answer.refused is None else 409)


def _keep(request: Request, signal_id: UUID, found: SignedIn) -> None:
    """As every form does: the signal stays with its reader ten minutes more, where it is the reader's to read."""
    dependencies = given(request)
    with (
        suppress(ClaimedByAnother, AlreadyRead, NothingToRead, NoSuchSignal),
        acting(dependencies.engine, found.user.id, EXPERT_ROLE) as connection,
    ):
        claims.claim(connection, signal_id, found.user.id, dependencies.clock())
