"""What the hand-in forms say when something cannot be taken, and the words of a followed tip. Plain Dutch, level B1."""

from collectors.tips import LONGEST_ANSWER, LONGEST_TIP, TipFault
from pipeline.store.tip_codes import TipProgress

CUT = "cut"
AWAY = "away"

WHY_NOT: dict[str, tuple[str, str]] = {
    TipFault.EMPTY: ("Er staat nog niets.", "Schrijf in eigen woorden wat u zag, hoorde of las."),
    TipFault.NO_PLACE: ("De plaats ontbreekt.", "Vul in waar het is. Een school, station of buurt is genoeg."),
    TipFault.NO_MOMENT: ("Het moment ontbreekt.", "Vul in wanneer het is. Bijvoorbeeld: nu, of vanmiddag."),
    TipFault.TOO_LONG: (
        "De tekst is te lang.",
        f"Hooguit {LONGEST_TIP} tekens, en {LONGEST_ANSWER} voor plaats, moment en aantal. Laat weg wat niet nodig is.",
    ),
    TipFault.PHOTO: (
        "Foto’s, schermafbeeldingen en filmpjes nemen wij niet aan. Er is geen bestand bewaard.",
        "Er kunnen gezichten en namen op staan, en die bewaren wij hier niet. Typ over wat er staat,"
        " of beschrijf wat er te zien is: wat, waar en wanneer. Laat namen en uiterlijk weg.",
    ),
    TipFault.LINK: ("De link klopt niet.", "Kopieer de hele link; hij begint met https://. Of laat het veld leeg."),
    TipFault.UNSTORABLE: ("In de tekst staan tekens die wij niet kunnen bewaren.", "Typ de tekst opnieuw."),
    CUT: (
        "De tekst was te lang. Alleen het begin staat hieronder.",
        "Kijk na of het belangrijkste erin staat, en meld het dan.",
    ),
    AWAY: (
        "Uw melding is nog niet aangekomen: het systeem antwoordt niet.",
        "Uw tekst staat hieronder nog. Probeer het over een minuut opnieuw. Bij gevaar: bel 112.",
    ),
}
"""What is wrong, and what to do instead."""

PROGRESS: dict[TipProgress, str] = {
    TipProgress.RECEIVED: "Ontvangen",
    TipProgress.READING: "Wordt gelezen",
    TipProgress.JUDGED: "Beoordeeld",
    TipProgress.PASSED_ON: "Doorgegeven",
}

MOMENTS = ("nu", "net", "vanochtend", "vanmiddag", "vanavond", "morgen", "gisteren")
"""What the field for the moment suggests."""
