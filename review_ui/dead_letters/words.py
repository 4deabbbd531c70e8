"""The Dutch words of the page on what lies aside: why, what to do, and why a record stays aside."""

from pipeline.retry import Stays
from signals.dead_letter import DeadReason
from signals.post import SOURCE_LABELS

REASONS: dict[DeadReason, tuple[str, str]] = {
    DeadReason.MALFORMED: (
        "Het bericht heeft niet de goede vorm.",
        "Herstel het bij de bron. Lees het daarna opnieuw in.",
    ),
    DeadReason.INVALID_UTF8: (
        "Het bericht bevat tekens die we niet kunnen lezen.",
        "Sla het bestand op als UTF-8. Lees het daarna opnieuw in.",
    ),
    DeadReason.TOO_LARGE: ("Het bericht is te groot.", "Maak het korter, of laat het weg."),
    DeadReason.SCHEMA: (
        "In het bericht ontbreekt iets, of er staat iets vreemds in.",
        "Draait elk onderdeel dezelfde versie? Werk ze bij. Zet het bericht daarna terug.",
    ),
    DeadReason.UNDECRYPTABLE: (
        "Het bericht gaat niet open met onze sleutel.",
        "Gebruikt elk onderdeel dezelfde sleutelmap? Herstel dat. Zet het bericht daarna terug.",
    ),
    DeadReason.HOUR_KEY_GONE: (
        "De sleutel van dit uur is er niet.",
        "Is het bericht ouder dan een dag? Dan is het voorbij. Kijk anders de sleutelmap na.",
    ),
    DeadReason.ANALYSIS_FAILED: (
        "De analyse ging mis.",
        "Geef de plek in de code door aan de makers. Zet het bericht terug na een nieuwe versie.",
    ),
    DeadReason.STORE_REFUSED: (
        "De database nam het bericht niet aan.",
        "Geef de plek in de code door aan de makers. Zet het bericht terug na een nieuwe versie.",
    ),
}
"""Why it lies aside, and what to do."""

STEPS: dict[str, str] = {
    "analyse": "bij de analyse",
    "intake": "bij de werkvoorraad",
    "collect": "bij het verzamelen",
    "import": "bij het inlezen van een bestand",
}
ELSEWHERE = "ergens anders op de weg"

UNKNOWN_SOURCE = "niet bekend"
SOURCES: dict[str, str] = {source.value: label for source, label in SOURCE_LABELS.items()}
"""A letter whose record could not be read knows no source."""

STATES: dict[str, str] = {"parked": "ligt terzijde", "retried": "is teruggezet", "discarded": "is weggegooid"}

STAYS: dict[Stays, str] = {
    Stays.AGAIN: "Het ging weer mis. Het bericht ligt weer terzijde.",
    Stays.RETRIED: "Dit bericht is al teruggezet.",
    Stays.DISCARDED: "Dit bericht is al weggegooid.",
    Stays.NEVER_MASKED: "Dit kan hier niet terug. Herstel het bij de bron en haal het opnieuw op.",
    Stays.CUT: "Het bericht is niet heel bewaard. Haal het opnieuw op bij de bron.",
    Stays.KEY_GONE: "De inhoud is vergeten. Er valt niets terug te zetten.",
    Stays.UNDECRYPTABLE: "De inhoud gaat niet open. Kijk de sleutelmap na.",
    Stays.NO_RECORD: "Deze versie begrijpt het bericht nog niet.",
    Stays.REFUSED: "De database nam het bericht weer niet aan.",
    Stays.AWAY: "Terugzetten lukt nu even niet. Probeer het over een paar minuten weer.",
}


def phrases() -> list[str]:
    """Everything here that a screen may say."""
    return [
        *(phrase for pair in REASONS.values() for phrase in pair),
        *STEPS.values(),
        ELSEWHERE,
        UNKNOWN_SOURCE,
        *SOURCES.values(),
        *STATES.values(),
        *STAYS.values(),
    ]
