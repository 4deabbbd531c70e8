"""The Dutch words of the sheets: headings, what is counted, and notes. It counts nothing."""

from signals.label import CATEGORY_LABELS, LEVEL_LABELS, LEVEL_ORDER, Category
from signals.referral import FEEDBACK_LABELS, RECIPIENT_KIND_LABELS
from signals.signal import OUTCOME_LABELS, REJECT_REASON_LABELS, SIGNAL_STATE_LABELS, SignalState

HEADINGS: dict[str, str] = {
    "came_level": "Wat kwam, per niveau",
    "came_category": "Wat kwam, per soort",
    "districts": "Wat kwam, per gebied",
    "decided": "Wat is besloten",
    "rejected": "Waarom afgewezen, per lezing",
    "minutes": "Minuten tot de eerste lezer: de helft was sneller",
    "alike": "Oordeelden twee lezers hetzelfde",
    "sent": "Wat is gedaan: doorgezet aan",
    "answers": "Wat is gedaan: door ontvangers",
    "feedback": "Wat hielp: terugkoppeling",
    "outcome": "Wat hielp: hoe het afliep",
    "open": "Open punten: nog bij de lezers",
    "waiting": "Open punten: wacht op antwoord",
}

LABELS: dict[str, dict[str, str]] = {
    "came_level": {level.value: LEVEL_LABELS[level] for level in LEVEL_ORDER},
    "came_category": {one.value: CATEGORY_LABELS[one] for one in Category if one is not Category.NONE},
    "decided": {
        "confirmed": "bevestigd",
        "referred": "doorgezet",
        "rejected": "afgewezen",
        "parked": "aangehouden",
        "expired": "verlopen",
        "escalate": "opgeschaald",
        "close": "afgesloten",
    },
    "rejected": {reason.value: name for reason, name in REJECT_REASON_LABELS.items()},
    "minutes": {level.value: LEVEL_LABELS[level] for level in LEVEL_ORDER},
    "alike": {"same": "hetzelfde", "different": "verschillend"},
    "sent": {kind.value: name for kind, name in RECIPIENT_KIND_LABELS.items()},
    "answers": {
        "read": "gelezen",
        "acknowledged": "bevestigd ontvangen",
        "fed_back": "teruggekoppeld",
        "withdrawn": "ingetrokken",
        "failed": "bericht mislukt",
    },
    "feedback": {answer.value: name for answer, name in FEEDBACK_LABELS.items()},
    "outcome": {outcome.value: name for outcome, name in OUTCOME_LABELS.items()},
    "open": {
        state.value: SIGNAL_STATE_LABELS[state]
        for state in (
            SignalState.NEW,
            SignalState.WAITING_SECOND,
            SignalState.CASUSOVERLEG,
            SignalState.PARKED,
            SignalState.CONFIRMED,
        )
    },
    "waiting": {"acknowledgement": "ontvangst nog niet bevestigd", "feedback": "nog geen terugkoppeling"},
}
"""Every label of a section, in the order in which a sheet lists them: never by number."""

CAME = ("came_level", "came_category", "districts")
DONE = ("decided", "sent", "answers")
HELPED = ("feedback", "outcome")
OPEN = ("open", "waiting")
QUALITY = ("rejected", "minutes", "alike")

MONTHLY = (*CAME, "decided", *QUALITY, "sent", "answers", *HELPED)
AGENDA = (*CAME, *DONE, *HELPED, *OPEN)
EVALUATION = (*CAME, *DONE, *HELPED)
"""Which sections a sheet has. How it stands now is on the agenda alone."""

TITLE_MONTH = "Maandverslag"
TITLE_AGENDA = "Agenda netwerkoverleg"
TITLE_EVALUATION = "Evaluatieblad"

NO_CONTENT = "Alleen aantallen: geen inhoud, geen link, geen persoon en geen school."
NO_RANKING = "Meer signalen is niet erger en niet beter: het hangt af van waar we zoeken. Vergelijk geen gebieden."
IN_TENS = "Aantallen onder de 10 staan hier niet. Van andere staat hier tussen welke tientallen ze liggen."
EXACT = "Met kleine aantallen, dus alleen voor het team. Deel dit niet verder."
NAME, NUMBER = "Wat", "Aantal"

QUESTIONS = (
    "Wat ging goed?",
    "Wat kan beter?",
    "Wie hoorde het te laat, of had het niet hoeven weten?",
    "Wat spreken we af: wie doet wat, en wanneer?",
)
"""What a meeting fills in by hand. It is kept nowhere."""


def phrases() -> list[str]:
    """Everything here that a screen may say."""
    fixed = (TITLE_MONTH, TITLE_AGENDA, TITLE_EVALUATION, NO_CONTENT, NO_RANKING, IN_TENS, EXACT, NAME, NUMBER)
    return [*HEADINGS.values(), *(name for names in LABELS.values() for name in names.values()), *fixed, *QUESTIONS]
