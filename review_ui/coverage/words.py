"""The Dutch words of the page on sources: what is the matter and what to do, kinds, and what no collector may read.

Which platforms have no lawful public way was read in their own terms in November 2026; they change.
"""

from dataclasses import dataclass

from collectors.health_reasons import Matter
from collectors.kinds import Kind
from signals.post import SOURCE_LABELS

MATTERS: dict[Matter, tuple[str, str]] = {
    Matter.READS: ("Er komen berichten binnen.", ""),
    Matter.QUIET: ("De bron werkt. Er was niets nieuws.", ""),
    Matter.SILENT: (
        "Stil: er komt veel minder binnen dan anders op dit uur.",
        "Kijk zelf bij de bron. Staan er nieuwe berichten? Zeg het tegen de beheerder.",
    ),
    Matter.UNHEARD: (
        "Er kijkt niemand: het verzamelen staat stil.",
        "Vraag de beheerder om het verzamelen weer te starten.",
    ),
    Matter.NOT_STARTED: ("Mag wel, maar is nog niet begonnen.", "Vraag de beheerder om het verzamelen te starten."),
    Matter.ASKS_PATIENCE: ("De bron vraagt om even te wachten. Dat doen we.", ""),
    Matter.QUOTA: ("We hebben vandaag genoeg gevraagd. Morgen gaat het verder.", ""),
    Matter.NO_ANSWER: (
        "De bron geeft geen antwoord of een fout.",
        "Wacht af. Duurt het langer dan een dag? Kijk of de bron nog bestaat.",
    ),
    Matter.KEY: ("Onze sleutel voor deze bron ontbreekt of werkt niet.", "Vraag de beheerder om een goede sleutel."),
    Matter.ADDRESS: ("Het adres van de bron klopt niet.", "Vernieuw de opdracht met het goede adres."),
    Matter.CLOSED: (
        "De bron is niet meer open: u moet er inloggen.",
        "Haal de bron uit de opdracht. We maken nooit een account.",
    ),
    Matter.REFUSED: ("De bron weigert ons.", "Lees de regels van de bron. Ga daarna verder, of stop met deze bron."),
    Matter.ASKS_NOT: ("De bron wil niet door computers gelezen worden.", "Houd u daaraan. Stop met deze bron."),
    Matter.GONE: ("De bron bestaat niet meer.", "Haal de bron uit de opdracht, of zoek het nieuwe adres."),
    Matter.CHANGED: ("De bron ziet er anders uit. We kunnen hem niet lezen.", "Zeg het tegen de beheerder."),
    Matter.ORDER_OVER: ("De opdracht is gestopt of voorbij.", "Is de bron nog nodig? Vernieuw dan de opdracht."),
}
"""What is the matter, and what to do."""

KINDS: dict[str, str] = {
    "bluesky": "Bluesky: alle openbare berichten",
    "bluesky-author": "Bluesky: gekozen openbare pagina's",
    "feeds": "Nieuws en blogs (feeds)",
    "mastodon": "Mastodon: hashtags",
    "youtube": "YouTube: video's en reacties",
    "telegram": "Telegram: openbare kanalen",
    "reddit": "Reddit: openbare groepen",
    "web": "Websites en forums",
    "export": "Bestanden uit een ander systeem",
}


@dataclass(frozen=True)
class TipsOnly:
    """A platform without a lawful public way in, and why."""

    name: str
    why: str


TIPS_ONLY: tuple[TipsOnly, ...] = (
    TipsOnly("Snapchat", "Er is geen openbare toegang tot berichten."),
    TipsOnly("Instagram en Threads", "De regels verbieden het. Alleen onderzoekers krijgen toegang."),
    TipsOnly("TikTok", "Alleen onderzoekers krijgen toegang, niet voor dit werk."),
    TipsOnly("X", "De regels verbieden toezicht door of voor de overheid."),
    TipsOnly("SoundCloud", "Lezen mag alleen met toestemming van SoundCloud. Die is er niet."),
    TipsOnly("Genius", "Songteksten mogen niet worden overgenomen. Een link in een tip mag wel."),
)

NEVER: tuple[str, ...] = (
    "Besloten accounts en berichten voor alleen volgers",
    "Besloten groepen en privéberichten",
    "Groepen op Telegram, ook als ze open zijn",
    "Alles waarvoor u moet inloggen, zoals verhalen van een dag",
)


def kind_name(kind: Kind) -> str:
    """A kind of source in words; one that is new here is called after its posts."""
    return KINDS.get(kind.name) or SOURCE_LABELS[kind.sources[0]]


def phrases() -> list[str]:
    """Everything here that a screen may say."""
    return [
        *(phrase for pair in MATTERS.values() for phrase in pair if phrase),
        *KINDS.values(),
        *(phrase for one in TIPS_ONLY for phrase in (one.name, one.why)),
        *NEVER,
    ]
