"""The e-mail that tells a recipient to look in the portal: no post text, no excerpt, no reading, no name of a person.

Its Message-ID derives from the notice, so that a mail server that gets it twice can drop the second.
"""

from datetime import datetime
from email.headerregistry import BaseHeader
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from functools import lru_cache
from uuid import UUID
from zoneinfo import ZoneInfo

from babel.dates import format_date

from pipeline.store.notices import DueNotice, NoticeKind, notice_id
from signals.label import CATEGORY_LABELS, LEVEL_LABELS, Category, Level

HOME = ZoneInfo("Europe/Amsterdam")

_DUTCH: dict[NoticeKind, tuple[str, str]] = {
    NoticeKind.NEW: ("Er staat een signaal voor u klaar", "Er staat een signaal voor u klaar in het portaal."),
    NoticeKind.WITHDRAWN: (
        "Een signaal is ingetrokken",
        "Dit signaal is ingetrokken. U hoeft niets meer te doen. Gebruik het niet verder.",
    ),
    NoticeKind.STATUS: ("Er is nieuws over een signaal", "Er is nieuws over dit signaal. U leest het in het portaal."),
    NoticeKind.REMINDER: (
        "Een signaal wacht op uw antwoord",
        "Dit signaal wacht nog op uw antwoord. In het portaal ziet u wat wij van u vragen.",
    ),
    NoticeKind.CHANGED: (
        "Een signaal is gewijzigd",
        "Dit signaal is gewijzigd. Lees het opnieuw in het portaal en laat weten dat u het heeft gezien.",
    ),
    NoticeKind.ANSWERED: (
        "Er is een antwoord op uw vraag",
        "Een beoordelaar heeft uw vraag over dit signaal beantwoord. U leest het antwoord in het portaal.",
    ),
    NoticeKind.SUPPORT: (
        "Een school vraagt om ondersteuning",
        "Een school vraagt u om ondersteuning. In het portaal leest u welke, en waarom.",
    ),
    NoticeKind.TRIAL: (
        "dit is een proefbericht",
        "Dit is een proefbericht. Er is geen signaal en er is niets aan de hand.",
    ),
}
_ENGLISH: dict[NoticeKind, str] = {
    NoticeKind.NEW: "A signal is waiting for you in the portal.",
    NoticeKind.WITHDRAWN: "This signal was withdrawn. You need not do anything more. Do not use it any further.",
    NoticeKind.STATUS: "There is news about this signal. You can read it in the portal.",
    NoticeKind.REMINDER: "This signal still waits for your answer. The portal shows what we ask of you.",
    NoticeKind.CHANGED: "This signal was changed. Please read it again in the portal and say that you have seen it.",
    NoticeKind.ANSWERED: "A reviewer answered your question about this signal. You can read the answer in the portal.",
    NoticeKind.SUPPORT: "A school asks you for support. The portal says which one, and why.",
    NoticeKind.TRIAL: "This is a test message. There is no signal and nothing is the matter.",
}
_TRIAL_DUTCH = (
    "",
    "Wij kijken of een bericht van Seinpost bij u aankomt. Leest u dit? Druk dan in het portaal op ‘Ontvangen’:",
)
_NO_ACCOUNT_DUTCH = (
    "Lukt het inloggen niet? Zeg het tegen uw contactpersoon bij het team. U hoeft verder niets te doen."
)
_TRIAL_ENGLISH = (
    "",
    "We check whether a message from Seinpost reaches you. Do you read this? Press ‘Received’ in the portal:",
)
_NO_ACCOUNT_ENGLISH = "Can you not log in? Tell your contact in the team. There is nothing else to do."
_ENGLISH_CATEGORIES: dict[Category, str] = {
    Category.THREAT: "Threat",
    Category.WEAPON: "Weapons",
    Category.CONFRONTATION: "Confrontation",
    Category.RECRUITMENT: "Recruiting",
    Category.DRUGS: "Drug trade",
    Category.EXTORTION: "Extortion",
    Category.SEXUAL: "Sexual transgression",
    Category.NONE: "None",
}
_ENGLISH_LEVELS: dict[Level, str] = {
    Level.UITING: "Expression",
    Level.AANDACHT: "Attention",
    Level.CONCREET: "Concrete",
    Level.ACUUT: "Acute",
}
_ENGLISH_THEMES = {
    "geweld": "violence",
    "wapens": "weapons",
    "uitbuiting": "exploitation",
    "drugs": "drugs",
    "afpersing": "extortion",
}


def compose(notice: DueNotice, sender: str, base_url: str, now: datetime) -> EmailMessage:
    """The message for one notice, Dutch first. Raises ValueError for an address that is none."""
    subject, opening = _DUTCH[notice.kind]
    message = EmailMessage()
    message["Subject"] = _header("Subject", f"Seinpost: {subject}")
    message["From"] = _header("From", sender)
    message["To"] = _header("To", notice.address)
    message["Date"] = format_datetime(now)
    message["Message-ID"] = message_id(notice.id, sender)
    if notice.kind not in (NoticeKind.NEW, NoticeKind.TRIAL, NoticeKind.SUPPORT):
        first = message_id(notice_id(notice.referral_id, NoticeKind.NEW), sender)
        message["In-Reply-To"] = first
        message["References"] = first
    message["Auto-Submitted"] = _header("Auto-Submitted", "auto-generated")
    link = f"{base_url.rstrip('/')}{notice.page}"
    message.set_content(
        "\n".join([*_dutch(notice, opening, link), "", "--", *_english(notice, link)]) + "\n", cte="quoted-printable"
    )
    return message


@lru_cache(maxsize=1024)
def _header(name: str, value: str) -> BaseHeader:
    """A header, read and checked once: senders, subjects and recipients come back, and reading one is slow."""
    header: BaseHeader = SMTP.header_store_parse(name, value)[1]  # raises on a line break in it
    return header


def message_id(notice: UUID, sender: str) -> str:
    """The same for every try to tell the same notice."""
    return f"<{notice}@{sender.rpartition('@')[2].strip('> ') or 'seinpost'}>"


def _dutch(notice: DueNotice, opening: str, link: str) -> list[str]:
    if notice.kind is NoticeKind.TRIAL:
        return [opening, *_TRIAL_DUTCH, link, "", _NO_ACCOUNT_DUTCH, "", "Direct gevaar? Bel 112."]
    lines = [opening, "", f"Kenmerk: {notice.referral_id}"]
    if notice.kind is not NoticeKind.WITHDRAWN:
        if notice.place_notice:
            lines.append("Let op: één lezer heeft dit bevestigd, een tweede nog niet.")
        if notice.category:
            lines.append(f"Soort: {CATEGORY_LABELS[Category(notice.category)]}")
        if notice.theme:
            lines.append(f"Thema: {notice.theme}")
        if notice.level:
            lines.append(f"Niveau: {LEVEL_LABELS[Level(notice.level)]}")
        if notice.places:
            lines.append(f"Plaats: {', '.join(notice.places)}")
        if notice.window_start and notice.window_end:
            lines.append(f"Tijd: {_between(notice.window_start, notice.window_end, 'nl')}")
        lines.append(f"Te zien tot: {_day(notice.expires_at, 'nl')}")
    return [*lines, "", f"Naar het portaal: {link}", "", "Direct gevaar? Bel 112."]


def _english(notice: DueNotice, link: str) -> list[str]:
    if notice.kind is NoticeKind.TRIAL:
        opening = _ENGLISH[notice.kind]
        return [opening, *_TRIAL_ENGLISH, link, "", _NO_ACCOUNT_ENGLISH, "", "Danger right now? Call 112."]
    lines = [_ENGLISH[notice.kind], "", f"Reference: {notice.referral_id}"]
    if notice.kind is not NoticeKind.WITHDRAWN:
        if notice.place_notice:
            lines.append("Note: one reader confirmed this, a second one has not yet.")
        if notice.category:
            lines.append(f"Kind: {_ENGLISH_CATEGORIES[Category(notice.category)]}")
        if notice.theme:
            lines.append(f"Theme: {_ENGLISH_THEMES.get(notice.theme, notice.theme)}")
        if notice.level:
            lines.append(f"Level: {_ENGLISH_LEVELS[Level(notice.level)]}")
        if notice.places:
            lines.append(f"Place: {', '.join(notice.places)}")
        if notice.window_start and notice.window_end:
            lines.append(f"Time: {_between(notice.window_start, notice.window_end, 'en')}")
        lines.append(f"Visible until: {_day(notice.expires_at, 'en')}")
    return [*lines, "", f"To the portal: {link}", "", "Danger right now? Call 112."]


def _day(moment: datetime, language: str) -> str:
    return format_date(moment.astimezone(HOME).date(), "d MMMM y", locale=language)


def _between(start: datetime, end: datetime, language: str) -> str:
    """Dates in full: an e-mail may be read another day."""
    first, last = start.astimezone(HOME), end.astimezone(HOME)
    opening = f"{_day(start, language)} {first:%H:%M}"
    if first.date() == last.date():
        return opening if first == last else f"{opening}–{last:%H:%M}"
    return f"{opening} – {_day(end, language)} {last:%H:%M}"
