"""What a Telegram answer without messages means for the channel's health: throttled, blocked, or of a new make."""

from urllib.parse import urlsplit

from collectors.health import HealthState
from collectors.readers.reader import Answer, Ask, Page
from collectors.readers.telegram.page import Trouble

DAY = 24 * 3600
HOUR = 3600
_NEW_MAKE = frozenset({Trouble.NOT_HTML, Trouble.NO_ITEMS, Trouble.NO_TEXT_IN_ITEMS})


def meaning(trouble: Trouble) -> Page:
    """The state of a channel whose page is not read."""
    code = trouble.name.lower()
    if trouble in _NEW_MAKE:
        return Page(state=HealthState.MISPARSED, reason=code)
    if trouble is Trouble.THROTTLED:
        return Page(state=HealthState.SLOWED, reason=code, wait=HOUR)
    return Page(state=HealthState.BLOCKED, reason=code, wait=DAY if trouble is Trouble.NOINDEX else 0)


def nothing_found(number: int, known: bool, guessed: bool) -> Page:
    """ "No messages" is said of an empty channel, of the far end of a history, and to whoever asks too often."""
    if number == 1 and not known:
        return Page(state=HealthState.NOTHING_NEW, oddities={"no_messages": 1})
    return Page() if guessed else meaning(Trouble.THROTTLED)


def redirected(answer: Answer, again: Ask) -> Page:
    """Another spelling of the same preview is asked once more; anywhere else means that there is no preview."""
    try:
        to, asked = urlsplit(answer.headers.get("location", "")), urlsplit(answer.ask.url)
    except ValueError:
        return meaning(Trouble.NO_PREVIEW)
    same = to.path.rstrip("/").lower() == asked.path.lower() and to.hostname in (None, "t.me", "telegram.me")
    if same and "moved" not in answer.ask.carry:
        return Page(next=(again,))
    return meaning(Trouble.NO_PREVIEW)
