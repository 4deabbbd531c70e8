"""The Dutch words around a request for support: what is said after a form. It decides nothing."""

from pipeline.store.support_requests import Added, Asked
from signals.support import SUPPORT_OUTCOME_LABELS, SUPPORT_REASON_LABELS, SUPPORT_STEP_LABELS

DONE: dict[str, str] = {
    Asked.ASKED: "Uw vraag is gesteld. Zij krijgen een e-mail zonder inhoud. Heeft het haast? Bel ook.",
    Asked.AGAIN: "Uw vraag stond er al.",
    Asked.OPEN: "Voor deze school loopt al een vraag. Die vindt u hieronder.",
    Asked.NOBODY: "In het adresboek staat niemand van OTSV of AcVZ voor uw gebied."
    " Bel uw contact bij team Jeugd & Veiligheid.",
    Asked.TOO_OFTEN: "U vroeg in vier weken al vijf keer om ondersteuning. Bel OTSV of AcVZ.",
    "choose": "Kies eerst een reden.",
    f"step-{Added.ADDED}": "De stap staat erbij. De andere kant ziet hem ook.",
    f"step-{Added.AGAIN}": "De stap stond er al.",
    f"step-{Added.FULL}": "Er staan al dertig stappen. Meer kan niet.",
    f"step-{Added.WRONG_DAY}": "Kies een dag vanaf vandaag, voor het einde van de ondersteuning.",
    "step-choose": "Kies een stap, wie hem doet en een dag.",
    "step-done": "Genoteerd: gedaan.",
    "step-open": "Genoteerd: toch nog niet gedaan.",
    "closed": "De ondersteuning is afgesloten. OTSV of AcVZ ziet niets meer van deze school.",
    "choose-end": "Kies eerst hoe het afloopt.",
}
"""What is told after a form, by the word in the address."""


def phrases() -> list[str]:
    """Everything here that a screen may say."""
    return [
        *DONE.values(),
        *SUPPORT_REASON_LABELS.values(),
        *SUPPORT_STEP_LABELS.values(),
        *SUPPORT_OUTCOME_LABELS.values(),
    ]
