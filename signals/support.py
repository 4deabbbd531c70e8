"""Support for a school that is stuck (*vastgelopen*): why it asks, which steps are taken, how it ended. Closed lists.

There is no room here for a pupil: no name, no number, no words of one's own.
"""

from datetime import timedelta
from enum import StrEnum


class SupportReason(StrEnum):
    """Why a school asks."""

    KEEPS_COMING_BACK = "keeps_coming_back"
    TOO_MUCH_AT_ONCE = "too_much_at_once"
    PLAN_FALLS_SHORT = "plan_falls_short"
    NETWORK_MISSING = "network_missing"
    NOBODY_IN_CHARGE = "nobody_in_charge"


SUPPORT_REASON_LABELS: dict[SupportReason, str] = {
    SupportReason.KEEPS_COMING_BACK: "Het komt steeds terug",
    SupportReason.TOO_MUCH_AT_ONCE: "Er speelt te veel tegelijk",
    SupportReason.PLAN_FALLS_SHORT: "Ons veiligheidsplan schiet tekort",
    SupportReason.NETWORK_MISSING: "Wij missen partners in de buurt",
    SupportReason.NOBODY_IN_CHARGE: "Niemand heeft de regie",
}


class SupportStep(StrEnum):
    """What can be agreed on."""

    PLAN_LOOKED_AT = "plan_looked_at"
    TALK_WITH_SCHOOL = "talk_with_school"
    NETWORK_TOGETHER = "network_together"
    EXTRA_PRESENCE = "extra_presence"
    HELP_OFFERED = "help_offered"
    STAFF_TRAINED = "staff_trained"
    ONE_IN_CHARGE = "one_in_charge"
    LOOKED_BACK = "looked_back"


SUPPORT_STEP_LABELS: dict[SupportStep, str] = {
    SupportStep.TALK_WITH_SCHOOL: "Gesprek met de school",
    SupportStep.PLAN_LOOKED_AT: "Veiligheidsplan bekijken",
    SupportStep.NETWORK_TOGETHER: "Netwerk bij elkaar brengen",
    SupportStep.EXTRA_PRESENCE: "Extra toezicht rond de school",
    SupportStep.HELP_OFFERED: "Hulp voor leerlingen en ouders klaarzetten",
    SupportStep.STAFF_TRAINED: "Training voor het schoolteam",
    SupportStep.ONE_IN_CHARGE: "Eén partij neemt de regie",
    SupportStep.LOOKED_BACK: "Samen terugkijken",
}


class SupportOutcome(StrEnum):
    """How a request is closed by a person."""

    GOES_ON_ALONE = "goes_on_alone"
    OTHERS_HELP = "others_help"
    ASKED_BY_MISTAKE = "asked_by_mistake"


SUPPORT_OUTCOME_LABELS: dict[SupportOutcome, str] = {
    SupportOutcome.GOES_ON_ALONE: "De school kan zelf verder",
    SupportOutcome.OTHERS_HELP: "Een andere partij helpt verder",
    SupportOutcome.ASKED_BY_MISTAKE: "De vraag was niet nodig",
}

LONGEST_SUPPORT = timedelta(days=90)
"""So long a request stands open; then it ends by itself."""
MOST_STEPS = 30
"""Steps of one request."""
