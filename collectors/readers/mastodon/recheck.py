"""Re-reads one known post at the server it came from: as it is now, gone, or unknown. By Mastodon's API where its link
tells the post's number, and by its ActivityPub object elsewhere, which tells only whether it still stands for everyone.

Gone is only what the origin itself says is gone, or no longer lets us read; any trouble leaves the post unknown.
"""

import re
from collections import Counter
from urllib.parse import urlsplit

from collectors.health import HealthState
from collectors.readers.lenient_json import fields, load, set_aside, strings
from collectors.readers.mastodon.openness import ACTIVITY
from collectors.readers.mastodon.status import UNREADABLE, UNTOLD, Terms, kept, status
from collectors.readers.rate_headers import slowed, wait
from collectors.readers.reader import Answer, Ask, Page
from collectors.readers.versions import revision
from collectors.refused import Refused
from collectors.unmasked import Gone, UnmaskedPost
from signals.post import Source

_ID_LAST = re.compile(r"/(?:@[^/]+(?:/statuses)?|users/[^/]+/statuses|notice)/([A-Za-z0-9_.~-]{1,128})/?")


_PUBLIC = frozenset({"https://www.w3.org/ns/activitystreams#Public", "as:Public", "Public"})


def ask(link: str, native_id: str) -> Ask | None:
    """The request that re-reads the post behind this link; None when it leads to no page of a server."""
    try:
        parts = urlsplit(link)
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path in ("", "/"):
        return None
    found = _ID_LAST.fullmatch(parts.path)
    if found is None:
        return Ask(link, headers=ACTIVITY, step="object", carry={"native_id": native_id, "link": link})
    url = f"{parts.scheme}://{parts.netloc}/api/v1/statuses/{found[1]}"
    return Ask(url, step="status", carry={"native_id": native_id})


def read(answer: Answer, *, agreed: bool = True) -> Page:
    """What the answer says of the post it was asked for. Never raises.

    `agreed`: a post whose server knows no `indexable` was taken in only where its administrator agreed, so that this
    silence withdraws nothing.
    """
    native_id = answer.ask.carry.get("native_id", "")
    if answer.status in (404, 410):
        return Page(gone=(_gone(native_id, answer),))
    if answer.status != 200:
        return slowed(answer) or Page(state=HealthState.FAILING, reason=f"http_{answer.status}")
    loaded = load(answer)
    if isinstance(loaded, Page):
        return loaded
    if answer.ask.step == "object":
        return _object(loaded.value, native_id, answer)
    oddities: Counter[str] = loaded.oddities()
    pause = wait(answer.headers, answer.seen_at)
    try:
        # Someone approved the seed by which it was found; whether it would be discovered now does not matter.
        found = status(loaded.value, Terms("approved", agreed), answer.seen_at, oddities)
    except Refused as refused:
        aside = (set_aside(refused, kept(loaded.value)),)
        return Page(
            set_aside=aside, oddities={**oddities, "set_aside": 1}, state=HealthState.MISPARSED, reason="schema"
        )
    if isinstance(found, str):
        oddities[found] += 1
        if found in UNREADABLE | UNTOLD:
            return Page(oddities=oddities, state=HealthState.MISPARSED, reason=found)
        return Page(gone=(_gone(native_id, answer),), oddities=oddities, wait=pause)
    if found.native_id != native_id:
        return Page(oddities=oddities, state=HealthState.MISPARSED, reason="other_post")
    if isinstance(found, UnmaskedPost):
        return Page(posts=(found,), oddities=oddities, wait=pause)
    return Page(gone=(found,), oddities=oddities, wait=pause)


def _object(told: object, native_id: str, answer: Answer) -> Page:
    """What a post's ActivityPub object says. One that is not addressed to everyone is unlisted or closed."""
    one = fields(told)
    if answer.ask.carry.get("link") not in (one.get("id"), one.get("url")):
        return Page(state=HealthState.MISPARSED, reason="other_post")
    addressed = one.get("to")
    if one.get("type") == "Tombstone":
        return Page(gone=(_gone(native_id, answer),))
    if not isinstance(addressed, str | list):
        return Page(state=HealthState.MISPARSED, reason="no_status")
    if _PUBLIC.isdisjoint([addressed] if isinstance(addressed, str) else strings(addressed)):
        return Page(gone=(_gone(native_id, answer),), oddities={"not_public": 1})
    return Page()


def _gone(native_id: str, answer: Answer) -> Gone:
    seen = revision(answer.seen_at, answer.seen_at)
    return Gone(Source.MASTODON_POST, native_id, f"removed:{seen}", seen)
