"""The Dutch words of the situation thread: who speaks, and what is said after a form. It decides nothing."""

from signals.referral import RecipientKind
from signals.situation import CLOSED_MESSAGE_LABELS

TEAM = "De beoordelaars"
SPEAKERS: dict[RecipientKind, str] = {
    RecipientKind.SCHOOL: "Coördinator van een school",
    RecipientKind.POLICE: "Politie",
    RecipientKind.MUNICIPALITY: "Team Jeugd & Veiligheid",
    RecipientKind.FIELD: "Straatcoach, jongerenwerk of handhaving",
    RecipientKind.HELP: "Hulppartner",
    RecipientKind.ESCALATION: "OTSV of AcVZ",
}
"""Who speaks, for a reader who may not know which organisation it is."""

DONE: dict[str, str] = {
    "said": "Uw bericht staat erbij.",
    "again": "Uw bericht stond er al. Het is niet nog eens geplaatst.",
    "closed": "Er kan niets meer bij: het signaal is afgesloten, ingetrokken of verlopen.",
    "full": "Het gesprek is vol. Bel elkaar.",
}
"""What is told after a line was sent, by the word in the address."""

NOTHING = "Kies een bericht, of schrijf wat u wilt zeggen."
TOO_LONG = "Dat is te lang: hooguit 280 tekens. Maak het korter."


def phrases() -> list[str]:
    """Everything here that a screen may say."""
    return [TEAM, *SPEAKERS.values(), *DONE.values(), NOTHING, TOO_LONG, *CLOSED_MESSAGE_LABELS.values()]
