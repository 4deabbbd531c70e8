"""Re-reads known Bluesky posts (app.bsky.feed.getPosts): a post that the answer lacks is gone.

It says gone only on a whole and readable answer; anything else leaves the posts unknown.
"""

from collections import Counter
from collections.abc import Sequence
from urllib.parse import urlencode

from collectors.health import HealthState
from collectors.readers.bluesky.author_feed import PUBLIC
from collectors.readers.bluesky.post import COLLECTION, identity, kept, post
from collectors.readers.lenient_json import fields, load, set_aside
from collectors.readers.rate_headers import slowed, wait
from collectors.readers.reader import Answer, Ask, Page, SetAside
from collectors.readers.versions import revision
from collectors.refused import Refused
from collectors.unmasked import Gone, UnmaskedPost
from signals.post import Source

AT_ONCE = 25
"""Posts that one request may name."""
WITHDRAWN = frozenset({"no_unauthenticated", "hidden_by_label"})
"""Codes of posts that may no longer be shown to us: as good as gone."""

_METHOD = "/xrpc/app.bsky.feed.getPosts"


def asks(native_ids: Sequence[str], server: str = PUBLIC) -> tuple[Ask, ...]:
    """The requests that re-read these posts, by their native ids (`did/collection/rkey`)."""
    groups = [tuple(native_ids[at : at + AT_ONCE]) for at in range(0, len(native_ids), AT_ONCE)]
    # A parameter that repeats is written in the address, because the params of a request hold one value each.
    return tuple(
        Ask(
            url=f"{server}{_METHOD}?{urlencode([('uris', f'at://{one}') for one in group])}",
            step="posts",
            carry={"native_ids": "\n".join(group)},
        )
        for group in groups
    )


def read(answer: Answer) -> Page:
    """What an answer says of the posts it was asked for: as they are now, or gone. Never raises."""
    if answer.status != 200:
        return slowed(answer) or Page(state=HealthState.FAILING, reason=f"http_{answer.status}")
    loaded = load(answer)
    if isinstance(loaded, Page):
        return loaded
    views = fields(loaded.value).get("posts")
    if not isinstance(views, list):
        return Page(state=HealthState.MISPARSED, reason="no_posts")
    oddities: Counter[str] = loaded.oddities()
    asked = dict.fromkeys(answer.ask.carry.get("native_ids", "").split("\n"))
    asked.pop("", None)
    posts: list[UnmaskedPost] = []
    gone: list[Gone] = []
    aside: list[SetAside] = []
    told: set[str] = set()
    for view in views:
        try:
            native_id = "{}/{}/{}".format(*_parts(view))
        except Refused:
            # Whose answer this is cannot be told, so that no absence on this page can be believed.
            return Page(oddities={"uri_unread": 1}, state=HealthState.MISPARSED, reason="uri_unread")
        told.add(native_id)
        if native_id not in asked:
            oddities["not_asked"] += 1
            continue
        try:
            found = post(view, answer.seen_at, oddities)
        except Refused as refused:
            aside.append(set_aside(refused, kept(view)))
            oddities["set_aside"] += 1
            continue
        if not isinstance(found, str):
            posts.append(found)
            continue
        oddities[found] += 1
        if found in WITHDRAWN:
            gone.append(_gone(native_id, answer))
    gone += [_gone(native_id, answer) for native_id in asked if native_id not in told]
    return Page(
        posts=tuple(posts),
        gone=tuple(gone),
        set_aside=tuple(aside),
        oddities=oddities,
        wait=wait(answer.headers, answer.seen_at),
    )


def _parts(view: object) -> tuple[str, str, str]:
    did, rkey = identity(fields(view).get("uri"))
    return did, COLLECTION, rkey


def _gone(native_id: str, answer: Answer) -> Gone:
    seen = revision(answer.seen_at, answer.seen_at)
    return Gone(Source.BLUESKY_POST, native_id, f"removed:{seen}", seen)
