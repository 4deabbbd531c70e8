"""How the portal sorts and names what was received. It holds no decision about who may see what."""

from collections.abc import Iterable
from dataclasses import dataclass

from pipeline.store.portal import Received, Seeing
from pipeline.store.questions import TOPIC_LABELS, Topic
from signals.referral import RecipientKind, ReferralState

_TO_DO = frozenset(
    {ReferralState.PREPARED, ReferralState.SENT, ReferralState.RECEIVED, ReferralState.READ, ReferralState.FAILED}
)

ANSWERED: dict[str, str] = {
    "ontvangen": "Dank u. De ontvangst is bevestigd. Laat later weten wat ermee is gedaan.",
    "terugkoppeling": "Dank u. Uw terugkoppeling is opgeslagen.",
    "kies": "Kies eerst een uitkomst.",
    "kan-niet": "Dit kan nu niet. Hieronder staat hoe het signaal ervoor staat.",
    "gezien": "Dank u. De beoordelaars weten dat u dit heeft gezien.",
    "vraag": "Uw vraag is gesteld. U krijgt een e-mail als er een antwoord is. Heeft het haast? Bel.",
    "kies-vraag": "Kies eerst een vraag. Kiest u ‘Een andere vraag’? Schrijf die er dan bij.",
    "vraag-te-lang": "Uw vraag is te lang: hooguit 280 tekens. Er is niets verstuurd.",
    "vragen-wachten": "Er wachten al drie vragen op antwoord, of u stelde er tien. Bel de beoordelaars.",
}
"""What is said after a form, by the word in the address."""


HEADINGS = (
    "Gewijzigd of ingetrokken: laat weten dat u het zag",
    "Wacht op uw ontvangstbevestiging",
    "Wacht op uw terugkoppeling",
    "Afgerond",
    "Ingetrokken",
)


def topics_for(kind: RecipientKind, police: bool) -> dict[Topic, str]:
    """The questions that this recipient may ask: the police only those that need no words of their own."""
    if police or kind is RecipientKind.POLICE:
        return {topic: label for topic, label in TOPIC_LABELS.items() if topic is not Topic.OTHER}
    return TOPIC_LABELS


@dataclass(frozen=True)
class Group:
    """Referrals that stand equally far, under one heading."""

    heading: str
    items: tuple[Received, ...]


def groups(mine: Iterable[Received]) -> list[Group]:
    """What waits for an answer first; empty groups are left out."""
    ordered = sorted(mine, key=lambda one: one.prepared_at, reverse=True)
    unseen: list[Received] = []
    rest: list[Received] = []
    for one in ordered:
        waits = one.seeing is Seeing.ASKED and one.state not in _TO_DO  # else the confirmation says it all
        (unseen if waits else rest).append(one)
    sorted_out = (
        tuple(unseen),
        tuple(one for one in rest if one.state in _TO_DO),
        _in(rest, ReferralState.ACKNOWLEDGED),
        _in(rest, ReferralState.FED_BACK),
        _in(rest, ReferralState.WITHDRAWN),
    )
    return [Group(heading, items) for heading, items in zip(HEADINGS, sorted_out, strict=True) if items]


def _in(mine: list[Received], state: ReferralState) -> tuple[Received, ...]:
    return tuple(one for one in mine if one.state is state)
