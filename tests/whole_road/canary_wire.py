"""Two sources on the loopback address that carry canaries: a Jetstream and a web site with feeds.

Each says canaries in words, names, addresses and headers, and in answers that are malformed, oversized or undecodable.
"""

import asyncio
import contextlib
import json
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from feedgen.feed import FeedGenerator

from collectors.streams.jetstream_wire import COLLECTION, MAX_FRAME
from seinpost.demo.replay_server import ReplayServer
from tests.canary.canaries import CORE
from tests.collectors.spiders.web import Page, Site, site
from tests.whole_road.canary_texts import everything

FEEDS = ("atom", "rss", "broken", "no-feed", "big", "moved", "gone")
BAD_FRAMES = 12
"""Without the one that is too large to come in at all; each time it breaks the connection it counts once."""


class Stream:
    """A Jetstream that runs in this loop."""

    def __init__(self, server: ReplayServer, loop: asyncio.AbstractEventLoop) -> None:
        self._server, self._loop = server, loop

    @property
    def followed(self) -> bool:
        """Whether a collector listens."""
        return self._server.connections > 0

    def play(self, texts: Sequence[str]) -> None:
        """Play each text as a post, with other frames and the bad ones in between."""
        start = time.time_ns() // 1000
        frames = [_post(start + n, text, text if n % 2 else "") for n, text in enumerate(texts)]
        frames += _others(start)
        bad = _bad(start)
        assert len(bad) == BAD_FRAMES + 1
        for n, frame in enumerate(bad):
            frames.insert(n * 3, frame)
        for n, frame in enumerate(frames):
            self._loop.call_soon_threadsafe(self._server.tape.add, start + n, frame)


def _event(at: int, **commit: object) -> dict[str, object]:
    base = {"rev": f"rev-{CORE}-{at}", "operation": "create", "collection": COLLECTION, "rkey": f"{CORE}{at}"}
    return {
        "did": f"did:plc:{CORE}",
        "handle": f"{CORE}.bsky.social",
        "time_us": at,
        "kind": "commit",
        "commit": {**base, "cid": CORE, **commit},
    }


def _post(at: int, text: str, alt: str) -> bytes:
    return _json(_event(at, record=_record(text, alt)))


def _record(text: str, alt: str) -> dict[str, object]:
    other = {"uri": f"at://did:plc:{CORE}/{COLLECTION}/{CORE}", "cid": CORE}
    feature = {"$type": "app.bsky.richtext.facet#mention", "did": f"did:plc:{CORE}", "tag": CORE}
    return {
        "$type": COLLECTION,
        "createdAt": datetime.now(UTC).isoformat(),
        "langs": ["nl-91827364", CORE],
        "text": text,
        "tags": [CORE, "91827364"],
        "facets": [{"index": {"byteStart": 0, "byteEnd": 4}, "features": [feature]}],
        "reply": {"root": other, "parent": other},
        "embed": {"$type": "app.bsky.embed.images", "images": [{"alt": alt, "image": {"ref": CORE}}]},
    }


def _others(start: int) -> list[bytes]:
    """What is not a post: names, accounts, profiles; and a deletion."""
    at = start + 2000
    identity = {"did": f"did:plc:{CORE}", "handle": f"{CORE}.bsky.social", "seq": 1, "time": ""}
    return [
        _json({"did": f"did:plc:{CORE}", "time_us": at, "kind": "identity", "identity": identity}),
        _json({"did": f"did:plc:{CORE}", "time_us": at, "kind": "account", "account": {**identity, "active": True}}),
        _json(_event(at, collection="app.bsky.actor.profile", record={"displayName": everything()})),
        _json(_event(at, operation="delete")),
    ]


def _bad(start: int) -> list[bytes]:
    words = everything()
    at = start + 3000
    whole = _event(at, record=_record(words, words))
    return [
        _json(whole)[:-50],
        _json(whole) + words.encode(),
        _json(whole).replace(b"neem", b"\xff\xfe\xc3"),
        _json([words]),
        _json({**whole, "time_us": words}),
        _json({**whole, "did": f"@{CORE}"}),
        _json({**whole, "commit": f"{COLLECTION} {words}"}),
        _json(_event(at, operation=words, record=_record(words, ""))),
        _json(_event(at, rkey=f"@{CORE}/91827364", record=_record(words, ""))),
        _json(_event(at, record={f"@{CORE}": words})),
        _json(_event(at, record=_record("\ud800" + words, ""))),
        _json(_event(at, record=_record(words * 8, ""))),
        _json(_event(at, record=_record(words + "x" * MAX_FRAME + words, ""))),
    ]


def _json(value: object) -> bytes:
    # Half a surrogate pair stays an escape, as an evil sender would write it.
    plain = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return plain.encode() if "\ud800" not in plain else json.dumps(value).encode()


@contextlib.contextmanager
def feeds(ordinary: Sequence[str], flagged: Sequence[str]) -> Iterator[tuple[Site, list[str]]]:
    """A site with feeds; with it the addresses to follow, which carry a canary themselves."""
    words = everything().encode()
    texts = list(zip(ordinary, flagged, strict=True))
    named = {"Server": CORE, "X-Author": f"@{CORE}", "Set-Cookie": f"who={CORE}", "Link": f"<https://{CORE}.invalid>"}
    with site() as served:

        def put(name: str, page: Page) -> None:
            served.pages[f"/@{CORE}/{name}"] = page

        served.pages["/robots.txt"] = Page(200, b"User-agent: " + CORE.encode() + b"\nDisallow: /\n# @" + CORE.encode())
        put("atom", Page(200, _feed(texts[::2], "atom"), {**named, "ETag": f'"{CORE}"', "Last-Modified": CORE}))
        put("rss", Page(200, _feed(texts[1::2], "rss"), named))
        put("broken", Page(200, _feed(texts, "atom")[:3000] + b"<" + words, named))
        put("no-feed", Page(200, b"<html><title>" + words + b"</title>", {**named, "Content-Type": "text/html"}))
        put("big", Page(200, _feed(texts, "rss") + words + b"x" * 6_000_000, named))
        put("moved", Page(302, words, {**named, "Location": f"/@{CORE}/elsewhere?wie=@{CORE}"}))
        put("gone", Page(410, words, named))
        yield served, [f"{served.address}/@{CORE}/{name}" for name in FEEDS]


def _feed(texts: Sequence[tuple[str, str]], kind: Literal["atom", "rss"]) -> bytes:
    made: Any = FeedGenerator()  # type: ignore[no-untyped-call]  # feedgen ships no types
    made.id(f"urn:{CORE}")
    made.title(f"Kanaal van @{CORE}")
    made.link(href=f"https://voorbeeld.example/{CORE}")
    made.description(f"@{CORE}")
    made.author(name=CORE, email=f"{CORE}@voorbeeld.invalid")
    made.language("nl-91827364")
    moment = datetime.now(UTC) - timedelta(hours=1)
    for number, (title, body) in enumerate(texts):
        entry = made.add_entry(order="append")
        entry.id(f"{CORE}-{number}")
        entry.title(title)
        entry.summary(f"Van @{CORE}")
        entry.content(
            f"<p>{body.replace('<', '&lt;')}</p><a href='https://{CORE}.invalid'>@q<b>zcan</b>ary7</a>", type="html"
        )
        entry.link(href=f"https://voorbeeld.example/{CORE}/{number}")
        entry.author(name=CORE, email=f"{CORE}@voorbeeld.invalid")
        entry.category(term=CORE)
        entry.published(moment)
        entry.updated(moment)
    written: bytes = made.atom_str() if kind == "atom" else made.rss_str()
    return written
