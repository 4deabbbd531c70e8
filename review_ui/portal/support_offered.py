"""What a recipient's list tells of support for a school: whether one may ask, and what is open. It shows no count."""

from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import Request

from pipeline.store import support_requests
from pipeline.store.connection import acting
from pipeline.store.support_requests import Side, SupportRequest
from review_ui.access.signed_in import RECIPIENT_ROLE, SignedIn
from review_ui.dependencies import given
from signals.referral import RecipientKind


@dataclass(frozen=True)
class SupportCard:
    """`may_ask`: stands for a school. `open` in the order of asking."""

    may_ask: bool
    open: tuple[SupportRequest, ...]

    @property
    def asked_of_me(self) -> int:
        """How many schools ask this user."""
        return sum(one.side is Side.ESCALATION for one in self.open)


def support_card(request: Request, found: SignedIn, kinds: Sequence[RecipientKind]) -> SupportCard | None:
    """The card; None for who is neither of a school nor asked for support."""
    if not {RecipientKind.SCHOOL, RecipientKind.ESCALATION} & set(kinds):
        return None
    with acting(given(request).engine, found.user.id, RECIPIENT_ROLE) as connection:
        return SupportCard(RecipientKind.SCHOOL in kinds, support_requests.mine(connection))
