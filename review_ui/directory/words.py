"""The Dutch words of the directory's page: what is missing and what to do about it, and how a test message stands."""

from dataclasses import dataclass

from forwarding.directory_gaps import GapKind
from pipeline.store.trial_messages import Trial, TrialState
from review_ui.coverage.telling import CHANNELS, PROBLEMS
from signals.referral import RecipientKind


@dataclass(frozen=True)
class Lack:
    """One kind of gap: above the list of all of them, beside one organisation or contact, and what to do."""

    heading: str
    one: str
    do: str


LACKS: dict[GapKind, Lack] = {
    GapKind.NO_COORDINATOR: Lack(
        "Scholen zonder coördinator", "geen coördinator", "Vraag de school wie het is. Laat die persoon opnemen."
    ),
    GapKind.NO_POLICE: Lack(
        "Scholen zonder wijkagent of andere agent",
        "geen agent van deze eenheid",
        "Vraag de politie-eenheid wie de vaste agent is.",
    ),
    GapKind.NO_MUNICIPALITY: Lack(
        "Scholen zonder contact bij Jeugd & Veiligheid", "geen contact", "Vraag de gemeente wie het is."
    ),
    GapKind.NO_HELP: Lack(
        "Scholen zonder hulp bij seksueel grensoverschrijdend gedrag",
        "geen hulp",
        "Vraag het Ouder- en Kindteam, of een andere partner die helpt.",
    ),
    GapKind.NO_AGREEMENT: Lack(
        "Organisaties zonder convenant", "geen convenant", "Zonder convenant kan er niets heen. Bel bij spoed."
    ),
    GapKind.AGREEMENT_ENDED: Lack(
        "Organisaties met een convenant dat voorbij is",
        "het convenant is voorbij",
        "Er kan niets heen tot het is verlengd. Bel bij spoed.",
    ),
    GapKind.AGREEMENT_AHEAD: Lack(
        "Organisaties met een convenant dat later begint",
        "het convenant begint later",
        "Tot dan kan er niets heen. Bel bij spoed.",
    ),
    GapKind.AGREEMENT_ENDS: Lack(
        "Organisaties met een convenant dat bijna voorbij is",
        "het convenant is bijna voorbij",
        "Laat het op tijd verlengen.",
    ),
    GapKind.NOT_ARRIVING: Lack(
        "Mensen bij wie een bericht niet aankomt",
        "bericht komt niet aan",
        "Bel. Vraag het goede adres en stuur daarna een nieuw proefbericht.",
    ),
    GapKind.CERTIFICATE_ENDS: Lack(
        "Mensen van wie het certificaat voor e-mail verloopt of verlopen is",
        "certificaat voor e-mail verloopt",
        "Vraag een nieuw certificaat en laat de beheerder het inlezen. Zonder geldig certificaat gaat er geen e-mail.",
    ),
    GapKind.NO_ACCOUNT: Lack(
        "Mensen zonder account voor het portaal",
        "geen account, of het is dicht",
        "Vraag de beheerder om een account. Zonder account kan er niets heen.",
    ),
    GapKind.NO_PLACES: Lack(
        "Mensen zonder school of gebied", "geen school of gebied", "Geen enkele regel komt zo bij hen uit."
    ),
    GapKind.OTHER_UNIT: Lack(
        "Agenten met een plaats van een andere eenheid",
        "plaats van een andere eenheid",
        "Voor die plaats worden ze nooit voorgesteld. Haal de plaats eraf.",
    ),
    GapKind.UNKNOWN_PLACE: Lack(
        "Plaatsen die de plaatsenlijst niet kent", "plaats onbekend", "Kies de plaats opnieuw uit de plaatsenlijst."
    ),
    GapKind.AWAY_ALONE: Lack(
        "Afwezig, en niemand neemt waar", "afwezig, niemand neemt waar", "Spreek af wie waarneemt, of bel."
    ),
    GapKind.NEVER_CONFIRMED: Lack(
        "Nooit nagevraagd of het klopt", "nooit nagevraagd", "Bel, en laat opschrijven dat het klopt."
    ),
    GapKind.REVIEW_DUE: Lack("Tijd om na te kijken", "na te kijken", "Bel, en vraag of alles nog klopt."),
    GapKind.LIST_DUE: Lack(
        "Lijsten van scholen om na te kijken", "na te kijken", "De coördinator kijkt de lijst elk jaar na."
    ),
}

KINDS: dict[RecipientKind, str] = {
    RecipientKind.SCHOOL: "school",
    RecipientKind.POLICE: "politie",
    RecipientKind.MUNICIPALITY: "gemeente (Jeugd & Veiligheid)",
    RecipientKind.FIELD: "straat (jongerenwerk, straatcoach, handhaving)",
    RecipientKind.HELP: "hulp (Ouder- en Kindteam, hulppartner)",
    RecipientKind.ESCALATION: "opschaling (OTSV, AcVZ)",
}
"""What kind of organisation."""

WAYS = CHANNELS

ASKED: dict[str, str] = {
    "verstuurd": "Het proefbericht gaat zo weg. Hieronder ziet u wat ervan komt.",
    "wacht": "Er wacht al een proefbericht voor dit contact. Kijk eerst wat daarvan komt.",
    "genoeg": "Er gingen vandaag genoeg proefberichten weg. Bel dit contact, of probeer het morgen.",
    "weg": "Dit contact is er niet (meer). Er is niets verstuurd.",
}
"""What is said after asking for a test message, by the word in the address."""

_WAITS = "wacht op verzending"
_TRIES = "nog niet gelukt, Seinpost probeert het opnieuw"
_SENT = "afgeleverd, nog niet bevestigd"
_SEEN = "ontvangen: het contact drukte op ‘Ontvangen’"
_FAILED = "niet aangekomen"
_OWN_PROBLEMS: dict[str, tuple[str, str]] = {
    "contact_left": ("Dit contact is er niet meer.", "Laat iemand anders opnemen."),
    "expired": ("Het bericht kon een dag lang niet weg.", "Vraag de beheerder of het versturen werkt."),
    "not_allowed": ("Deze weg staat niet (meer) in het convenant.", "Laat het convenant nakijken."),
}
PORTAL: dict[str, str] = {"ontvangen": "Dank u. Het team weet nu dat berichten bij u aankomen."}


@dataclass(frozen=True)
class Standing:
    """How a test message stands in words; what is wrong and what to do are empty when nothing is."""

    state: str
    wrong: str = ""
    do: str = ""

    @property
    def fails(self) -> bool:
        """Whether somebody must act."""
        return self.state == _FAILED


def standing(trial: Trial) -> Standing:
    """How this test message stands."""
    if trial.seen_at is not None:
        return Standing(_SEEN)
    if trial.state is TrialState.SENT:
        return Standing(_SENT)
    wrong, do = {**PROBLEMS, **_OWN_PROBLEMS}.get(trial.problem, ("", ""))
    if trial.state is TrialState.FAILED:
        return Standing(_FAILED, wrong, do)
    return Standing(_TRIES, wrong) if trial.problem else Standing(_WAITS)


def phrases() -> list[str]:
    """Everything here that a screen may say."""
    return [
        *(phrase for lack in LACKS.values() for phrase in (lack.heading, lack.one, lack.do)),
        *KINDS.values(),
        *ASKED.values(),
        *(_WAITS, _TRIES, _SENT, _SEEN, _FAILED),
        *(phrase for pair in _OWN_PROBLEMS.values() for phrase in pair),
        *PORTAL.values(),
    ]
