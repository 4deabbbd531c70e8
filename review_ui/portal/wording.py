"""How the portal sorts and names what was received. It holds no decision about who may see what."""

from collections.abc import Iterable
from dataclasses import dataclass

from pipeline.store.portal import Received
from signals.referral import ReferralState

_TO_DO = frozenset(
    {ReferralState.PREPARED, ReferralState.SENT, ReferralState.RECEIVED, ReferralState.READ, ReferralState.FAILED}
)

ANSWERED: dict[str, str] = {
    "ontvangen": "Dank u. De ontvangst is bevestigd. Laat later weten wat ermee is gedaan.",
    "terugkoppeling": "Dank u. Uw terugkoppeling is opgeslagen.",
    "kies": "Kies eerst een uitkomst.",
    "kan-niet": "Dit kan nu niet. Hieronder staat hoe het signaal ervoor staat.",
}
"""What is said after a form, by the word in the address."""


@dataclass(frozen=True)
class Group:
    """Referrals that stand equally far, under one heading."""

    heading: str
    items: tuple[Received, ...]


def groups(mine: Iterable[Received]) -> list[Group]:
    """What waits for an answer first; empty groups are left out."""
    ordered = sorted(mine, key=lambda one: one.prepared_at, reverse=True)
    sorted_out = (
        Group("Wacht op uw ontvangstbevestiging", tuple(one for one in ordered if one.state in _TO_DO)),
        Group("Wacht op uw terugkoppeling", _in(ordered, ReferralState.ACKNOWLEDGED)),
        Group("Afgerond", _in(ordered, ReferralState.FED_BACK)),
        Group("Ingetrokken", _in(ordered, ReferralState.WITHDRAWN)),
    )
    return [group for group in sorted_out if group.items]


def _in(mine: list[Received], state: ReferralState) -> tuple[Received, ...]:
    return tuple(one for one in mine if one.state is state)
