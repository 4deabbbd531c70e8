"""What a recipient's own page tells of the situation thread: whether it takes part, and how many lines there are."""

from uuid import UUID

from fastapi import Request

from pipeline.store import situation
from pipeline.store.connection import acting
from pipeline.store.situation import Glance
from review_ui.access.signed_in import RECIPIENT_ROLE, SignedIn
from review_ui.dependencies import given


def offered(request: Request, referral_id: UUID, found: SignedIn) -> Glance | None:
    """The thread at a glance; None where this recipient takes no part in one."""
    with acting(given(request).engine, found.user.id, RECIPIENT_ROLE) as connection:
        return situation.glance(connection, referral_id)
