"""The body of a JSON API's answer, read without ever failing on it: what is no JSON gets a reason, odd values a place.

Serves the Mastodon and Bluesky readers. It knows nothing of posts.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from collectors.health import HealthState
from collectors.readers.reader import Answer, Page, SetAside
from collectors.refused import Refused

Fields = Mapping[str, object]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LOOKED_AT = 64 * 1024
_LOGIN_PATHS = ("/auth/sign_in", "/login", "/signin", "/sign-in", "/users/sign_in")
_LOGIN_WORDS = (b'type="password"', b"type='password'", b"type=password", b"/auth/sign_in")
_BOT_WORDS = (b"captcha", b"challenge-platform", b"cf-chl", b"just a moment", b"anubis", b"not a bot", b"turnstile")
_CONSENT_WORDS = (b"consent", b"accept", b"akkoord", b"toestemming")


@dataclass(frozen=True, slots=True, repr=False)
class Loaded:
    """The value of a body; `damaged` when bytes in it were no UTF-8. Strings that held such bytes cannot be encoded."""

    value: object
    damaged: bool

    def __repr__(self) -> str:
        return "Loaded(…)"


def load(answer: Answer) -> Loaded | Page:
    """The JSON of an answer, or the page that says why there is none."""
    body = answer.body.removeprefix(b"\xef\xbb\xbf").strip()
    if not body:
        return Page(state=HealthState.MISPARSED, reason="empty_body")
    if body.startswith(b"<"):
        return _html(body, answer.url)
    damaged = False
    try:
        text = body.decode()
    except UnicodeDecodeError:
        # Only the items that hold the damaged bytes are lost: their strings carry lone surrogates from here on.
        text, damaged = body.decode(errors="surrogateescape"), True
    try:
        return Loaded(json.loads(text, parse_int=_whole), damaged)
    except RecursionError:
        return Page(state=HealthState.MISPARSED, reason="too_deep")
    except ValueError:
        return Page(state=HealthState.MISPARSED, reason="not_json")


def fields(value: object) -> Fields:
    """An object's fields; none for anything else."""
    return value if isinstance(value, dict) else {}


def items(value: object) -> list[object]:
    """A list's items; none for anything else."""
    return value if isinstance(value, list) else []


def words(value: object) -> str:
    """A string without the blanks around it; empty for anything else."""
    return value.strip() if isinstance(value, str) else ""


def encodable(value: str) -> bool:
    """Whether UTF-8 can hold it: no half surrogate pairs, no bytes that were damaged on the way."""
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def moment(written: object) -> datetime | None:
    """A moment as JSON APIs write it (RFC 3339); it may be wrong, or none at all."""
    if not isinstance(written, str) or not 10 <= len(written) <= 64:
        return None
    try:
        read = datetime.fromisoformat(written)
        return (read if read.tzinfo else read.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def revision(changed: datetime | None, seen_at: datetime) -> int:
    """Microseconds since 1970 of a change; 0 for an unknown one. No change lies after the moment it was seen."""
    return 0 if changed is None else max(0, (min(changed, seen_at) - _EPOCH) // datetime.resolution)


def set_aside(refused: Refused, kept: object) -> SetAside:
    """One item that cannot be read; `kept` is what of it may lie with the dead letters: nothing of an author."""
    try:
        raw = json.dumps(kept, ensure_ascii=False).encode("utf-8", "surrogatepass")
    except RecursionError:
        raw = b""  # nested too deep to be written; the reason and the place stay
    return SetAside(refused, raw)


def _whole(digits: str) -> int:
    # Python refuses very long numbers, and one in a corner must not cost the page.
    return int(digits) if len(digits) <= 32 else 0


def _html(body: bytes, url: str) -> Page:
    """What a web page in the place of JSON is."""
    start = body[:_LOOKED_AT].lower()
    path = url.casefold().partition("?")[0]
    if path.endswith(_LOGIN_PATHS) or any(word in start for word in _LOGIN_WORDS):
        reason = "login_wall"
    elif any(word in start for word in _BOT_WORDS):
        reason = "bot_wall"
    elif b"cookie" in start and any(word in start for word in _CONSENT_WORDS):
        reason = "cookie_wall"
    else:
        return Page(state=HealthState.MISPARSED, reason="html_page")
    return Page(state=HealthState.BLOCKED, reason=reason)
