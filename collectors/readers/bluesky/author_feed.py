"""Reads a Bluesky account's own posts through the AppView (app.bsky.feed.getAuthorFeed). Reposts are someone else's.

Each visit reads from the newest post back to what the last visit saw, and at most thirty days.
"""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import parse_qs, unquote, urlsplit

from collectors.health import HealthState
from collectors.moments import moment
from collectors.readers.bluesky.post import identity, kept, post
from collectors.readers.lenient_json import fields, load, set_aside, words
from collectors.readers.rate_headers import slowed, wait
from collectors.readers.reader import AddressWrong, Answer, Ask, Marks, Page, Secrets, SetAside
from collectors.readers.versions import revision
from collectors.refused import Refused
from collectors.unmasked import UnmaskedPost

PUBLIC = "https://public.api.bsky.app"
"""Where anyone may read without an account."""
SERVER = "bluesky-server"
PAGE = 100
"""Posts asked for at once, the most that the API gives."""
BACK_FILL = timedelta(days=30)
"""No visit reaches further into the past."""

_METHOD = "/xrpc/app.bsky.feed.getAuthorFeed"
_DID = re.compile(r"did:[a-z]+:[A-Za-z0-9._:%-]{1,240}")
_HANDLE = re.compile(r"(?=.{3,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?")
_MAX_CURSOR = 2048
_REPOST = "app.bsky.feed.defs#reasonRepost"
_PIN = "app.bsky.feed.defs#reasonPin"
_UNREADABLE = frozenset({"author_unread", "consent_unread", "empty", "no_post", "set_aside"})
"""When no post can be read and most entries are like this, the form has changed."""
_ACCOUNT_GONE = frozenset({"AccountTakedown", "AccountDeactivated", "AccountSuspended", "AccountDeleted"})
_GONE_WORDS = frozenset({"Profile not found", "Account has been suspended", "Account is deactivated"})
_NO_ENTRY = frozenset({"BlockedActor", "BlockedByActor"})


@dataclass(frozen=True, slots=True, repr=False)
class BlueskyAuthorFeed:
    """Reads one account's feed. `actor` is a DID or a handle; `server` answers XRPC."""

    actor: str
    server: str = PUBLIC

    def __repr__(self) -> str:
        return "BlueskyAuthorFeed(…)"

    def first(self, marks: Marks) -> Ask:
        """The newest posts."""
        return self._ask({})

    def read(self, answer: Answer, marks: Marks) -> Page:
        """The posts of one page of the feed, and the page behind it when there may be more that is new."""
        loaded = load(answer)
        if isinstance(loaded, Page):
            return loaded
        body = fields(loaded.value)
        feed = body.get("feed")
        if not isinstance(feed, list):
            return Page(state=HealthState.MISPARSED, reason="error_body" if "error" in body else "no_feed")
        read = _Read(loaded.oddities())
        for entry in feed:
            read.take(entry, self.actor, answer)
        if not read.posts and 2 * sum(code in _UNREADABLE for code in read.fates) > len(feed):
            # Asked again next time, so that nothing is passed over and nothing needs to be set aside.
            return Page(oddities=read.oddities, state=HealthState.MISPARSED, reason="no_item_readable")
        onward, gap = self._onward(answer, marks, body.get("cursor"), read)
        pause = wait(answer.headers, answer.seen_at)
        # The old marks stay in that case, so that the next visit reaches what this one had to leave.
        cut_short = bool(pause and onward)
        first_page = "cursor" not in answer.ask.carry
        return Page(
            posts=tuple(read.posts),
            set_aside=tuple(read.set_aside),
            marks={"newest": str(read.newest)} if first_page and read.newest else {},
            next=() if pause else onward,
            oddities=read.oddities,
            state=HealthState.SLOWED if cut_short else HealthState.OK if feed or onward else HealthState.NOTHING_NEW,
            reason="rate_limit" if cut_short else "",
            wait=pause,
            gap=gap,
        )

    def refusal(self, answer: Answer, marks: Marks) -> Page | None:
        """An account that is gone answers 400, and says so in its error."""
        if answer.status != 400:
            return slowed(answer)
        loaded = load(answer)
        body = fields(None if isinstance(loaded, Page) else loaded.value)
        error, message = words(body.get("error")), words(body.get("message"))
        if error in _ACCOUNT_GONE or message in _GONE_WORDS:
            return Page(state=HealthState.BLOCKED, reason="account_gone")
        return Page(state=HealthState.BLOCKED, reason="blocked_actor" if error in _NO_ENTRY else "http_400")

    def _ask(self, further: Mapping[str, str]) -> Ask:
        params = {"actor": self.actor, "limit": str(PAGE), "filter": "posts_with_replies", "includePins": "false"}
        return Ask(
            url=self.server + _METHOD, params={**params, **further}, step="feed", carry=further, back=bool(further)
        )

    def _onward(self, answer: Answer, marks: Marks, told: object, read: "_Read") -> tuple[tuple[Ask, ...], bool]:
        """The next page, where there may be something new behind this one, and whether there is a gap instead."""
        if not isinstance(told, str) or not 0 < len(told) <= _MAX_CURSOR:
            if told not in (None, ""):
                read.oddities["odd_cursor"] += 1
            return (), False
        if told == answer.ask.carry.get("cursor"):
            read.oddities["same_cursor"] += 1
            return (), False
        known = _number(marks.get("newest", ""))
        floor = revision(answer.seen_at - BACK_FILL, answer.seen_at)
        if read.oldest is not None and read.oldest <= max(known, floor):
            return (), known > 0 and read.oldest > known
        return (self._ask({"cursor": told}),), False


class _Read:
    """What the entries of one page say, gathered."""

    def __init__(self, oddities: Counter[str]) -> None:
        self.oddities = oddities
        self.posts: list[UnmaskedPost] = []
        self.set_aside: list[SetAside] = []
        self.fates: list[str] = []
        self.newest = 0
        self.oldest: int | None = None

    def take(self, entry: object, actor: str, answer: Answer) -> None:
        """One entry of the feed."""
        fate = self._fate(fields(entry), actor, answer)
        self.fates.append(fate)
        if fate != "post":
            self.oddities[fate] += 1

    def _fate(self, entry: Mapping[str, object], actor: str, answer: Answer) -> str:
        view, reason = fields(entry.get("post")), entry.get("reason")
        if reason is not None and fields(reason).get("$type") != _PIN:
            # Whatever the reason is called: someone else may have written this.
            return "repost" if fields(reason).get("$type") == _REPOST else "odd_reason"
        try:
            if _DID.fullmatch(actor) and isinstance(view.get("author"), dict) and identity(view.get("uri"))[0] != actor:
                return "other_author"
            found = post(view, answer.seen_at, self.oddities)
        except Refused as refused:
            self.set_aside.append(set_aside(refused, kept(view)))
            return "set_aside"
        if reason is None:
            self._date(view, answer)
        if isinstance(found, str):
            return found
        self.posts.append(found)
        return "post"

    def _date(self, view: Mapping[str, object], answer: Answer) -> None:
        """The feed runs by the earlier of writing and indexing; a pinned post stands outside that order."""
        written, indexed = moment(fields(view.get("record")).get("createdAt")), moment(view.get("indexedAt"))
        known = [one for one in (written, indexed) if one is not None]
        if known:
            at = revision(min(known), answer.seen_at)
            self.newest = max(self.newest, at)
            self.oldest = at if self.oldest is None else min(self.oldest, at)


def author_feed(address: str, secrets: Secrets) -> BlueskyAuthorFeed:
    """The reader of a seed: a DID, a handle, a profile's address, or a full getAuthorFeed address on another server.

    Raises `AddressWrong`.
    """
    actor, server = address.strip(), secrets.get(SERVER, PUBLIC)
    if actor.startswith(("https://", "http://")):
        try:
            parts = urlsplit(actor)
            query = parse_qs(parts.query)
        except ValueError:
            raise AddressWrong("write a Bluesky seed as a DID, a handle or https://bsky.app/profile/…") from None
        if parts.path == _METHOD:
            actor, server = next(iter(query.get("actor", [])), ""), f"{parts.scheme}://{parts.netloc}"
        elif parts.hostname == "bsky.app" and parts.path.startswith("/profile/"):
            actor = unquote(parts.path.removeprefix("/profile/").strip("/"))
        else:
            actor = ""
    actor = actor.removeprefix("at://").removeprefix("@")
    handle = actor.casefold()
    if _DID.fullmatch(actor):
        return BlueskyAuthorFeed(actor, server)
    if _HANDLE.fullmatch(handle):
        return BlueskyAuthorFeed(handle, server)
    raise AddressWrong("write a Bluesky seed as a DID, a handle or https://bsky.app/profile/…")


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 17 else 0
