"""Seeds of the other kinds of source, each with a canary in its address, on a server here or without a key to ask with.

The Mastodon server among them gives posts; its own words about itself and its accounts hold canaries as well.
"""

import json
from collections.abc import Sequence

from tests.canary.canaries import CORE
from tests.collectors.spiders.web import Page, Site
from tests.whole_road.canary_texts import everything

SOURCES = ("mastodon-post", "youtube-video", "reddit-post", "bluesky-post")
COLLECTORS = {"mastodon": 2, "youtube": 1, "reddit": 1, "bluesky-author": 1}
"""How many seeds each collector follows."""


def seeds(served: Site, texts: Sequence[str]) -> list[str]:
    """The seeds as a user writes them; the server answers for those that can be asked."""
    named = {"Server": CORE, "Link": f'<{served.address}/?min_id={CORE}>; rel="prev"'}
    served.pages["/api/v2/instance"] = Page(200, _json({"domain": f"{CORE}.invalid", "title": everything()}))
    served.pages["/api/v1/accounts/lookup"] = Page(200, _json(_account(CORE, noindex=True)), named)
    statuses = [_status(number, text) for number, text in enumerate(texts)]
    served.pages[f"/api/v1/timelines/tag/{CORE}"] = Page(200, _json(statuses), named)
    return [
        f"mastodon={served.address}/tags/{CORE}",
        f"mastodon=agreed:{served.address}/@{CORE}",
        f"youtube=search:@{CORE} 06 91827364",
        f"reddit=r/{CORE}",
        f"bluesky-author={served.address}/xrpc/app.bsky.feed.getAuthorFeed?actor=did:plc:{CORE}",
    ]


def _status(number: int, text: str) -> dict[str, object]:
    shown = text.replace("&", "&amp;").replace("<", "&lt;")
    return {
        "id": f"{number:04}",
        "uri": f"https://{CORE}.invalid/users/{CORE}/statuses/{number}",
        "url": f"https://{CORE}.invalid/@{CORE}/{number}",
        "created_at": "2026-11-20T12:00:00.000Z",
        "edited_at": None,
        "visibility": "public",
        "reblog": None,
        "account": _account(f"{number}"),
        "content": f"<p>{shown}</p>",
        "tags": [{"name": CORE, "url": f"https://{CORE}.invalid/tags/{CORE}"}],
        "mentions": [{"acct": CORE, "url": f"https://{CORE}.invalid/@{CORE}"}],
    }


def _account(number: str, **flags: bool) -> dict[str, object]:
    told = {"locked": False, "discoverable": True, "indexable": True, **flags}
    return {"id": number, "acct": CORE, "display_name": f"@{CORE}", "note": f"<p>{everything()}</p>", **told}


def _json(value: object) -> bytes:
    return json.dumps(value).encode()
