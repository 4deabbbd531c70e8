"""How each kind of source is asked whether known posts still stand, from their public links. Pure: no network.

The kinds' own readers say what an answer means; only what they say is gone counts as gone.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol
from urllib.parse import parse_qs, urlsplit

from collectors.health import HealthState
from collectors.readers.bluesky import recheck as bluesky_recheck
from collectors.readers.bluesky.author_feed import PUBLIC
from collectors.readers.lenient_json import fields, load
from collectors.readers.mastodon import recheck as mastodon_recheck
from collectors.readers.reader import Answer, Ask, Page, Secrets
from collectors.readers.reddit.calls import Calls as RedditCalls
from collectors.readers.reddit.calls import RedditSeed
from collectors.readers.reddit.reader import RedditReader
from collectors.readers.telegram.page import Fate, fate
from collectors.readers.youtube.calls import Calls as YouTubeCalls
from collectors.readers.youtube.calls import YouTubeSeed
from collectors.readers.youtube.reader import YouTubeReader
from collectors.recheck_due import Held
from collectors.unmasked import Gone
from signals.post import Source


@dataclass(frozen=True, slots=True, repr=False)
class Question:
    """One request and the posts it asks about, by the name that the answer uses for them."""

    ask: Ask
    posts: Mapping[str, Held] = field(default_factory=dict)


class Way(Protocol):
    """How one kind of source is asked."""

    def questions(self, held: Sequence[Held]) -> list[Question]:
        """The requests for these posts; one whose link tells no name is left out, and so stays unknown."""
        ...

    def read(self, answer: Answer) -> Page:
        """What an answer of any status says; only `gone`, `next`, `state`, `reason`, `wait` and `cost` count."""
        ...


_BLUESKY = re.compile(r"/profile/(did:[a-z]+:[A-Za-z0-9._:%-]{1,240})/post/([A-Za-z0-9._:~-]{1,512})")
_TELEGRAM = re.compile(r"/([A-Za-z0-9_]{1,64})/(\d{1,12})")
_REDDIT = re.compile(r"(?:/r/[^/]+)?/comments/([0-9a-z]{1,13})(?:/[^/]*(?:/([0-9a-z]{1,13}))?)?/?")


@dataclass(frozen=True, slots=True)
class Bluesky:
    """Twenty-five posts a request."""

    server: str = PUBLIC

    def questions(self, held: Sequence[Held]) -> list[Question]:
        named = {
            f"{found[1]}/app.bsky.feed.post/{found[2]}": one
            for one in held
            if (found := _BLUESKY.fullmatch(urlsplit(one.link).path))
        }
        return [
            Question(ask, {name: named[name] for name in ask.carry["native_ids"].split("\n")})
            for ask in bluesky_recheck.asks(list(named), self.server)
        ]

    def read(self, answer: Answer) -> Page:
        return bluesky_recheck.read(answer)


@dataclass(frozen=True, slots=True)
class Mastodon:
    """One post a request, at the server it came from."""

    def questions(self, held: Sequence[Held]) -> list[Question]:
        asks = [(mastodon_recheck.ask(one.link, one.link), one) for one in held]
        return [Question(ask, {one.link: one}) for ask, one in asks if ask is not None]

    def read(self, answer: Answer) -> Page:
        # The link does not tell the post's own id; the answer to this one question does.
        loaded = None if answer.status != 200 else load(answer)
        link = answer.ask.carry.get("native_id", "")
        uri = fields(loaded.value).get("uri") if loaded is not None and not isinstance(loaded, Page) else None
        if not isinstance(uri, str):
            return mastodon_recheck.read(answer)
        page = mastodon_recheck.read(replace(answer, ask=replace(answer.ask, carry={"native_id": uri})))
        return replace(page, gone=tuple(replace(one, native_id=link) for one in page.gone))


@dataclass(frozen=True, slots=True)
class Telegram:
    """One message a request, of the page that is made to be shown elsewhere."""

    server: str = "https://t.me"

    def questions(self, held: Sequence[Held]) -> list[Question]:
        found = [(_TELEGRAM.fullmatch(urlsplit(one.link).path), one) for one in held]
        return [
            Question(
                Ask(
                    f"{self.server}/{name[1]}/{name[2]}",
                    params={"embed": "1"},
                    headers={"Accept-Language": "en"},
                    carry={"name": name[1], "number": name[2]},
                    follow=False,
                ),
                {f"{name[1].lower()}/{name[2]}": one},
            )
            for name, one in found
            if name is not None
        ]

    def read(self, answer: Answer) -> Page:
        if answer.status != 200:
            return _refused(answer)
        name, number = answer.ask.carry["name"], int(answer.ask.carry["number"])
        found = fate(answer.body, answer.headers, name, number)
        if found is Fate.UNKNOWN:
            return Page(state=HealthState.MISPARSED, reason="fate_unknown")
        gone = Gone(Source.TELEGRAM_POST, f"{name.lower()}/{number}", "removed", 0)
        return Page(gone=(gone,) if found is Fate.GONE else ())


@dataclass(frozen=True, slots=True, repr=False)
class YouTube:
    """Fifty videos or comments a request, each counted in the day's quota."""

    calls: YouTubeCalls

    def questions(self, held: Sequence[Held]) -> list[Question]:
        named: dict[bool, dict[str, Held]] = {True: {}, False: {}}
        for one in held:
            query = parse_qs(urlsplit(one.link).query)
            comment = one.due.source is Source.YOUTUBE_COMMENT
            if name := query.get("lc" if comment else "v", [""])[0]:
                named[comment][name] = one
        asks = (*self.calls.comments(named[True]), *self.calls.videos(named[False]))
        every = {**named[False], **named[True]}
        return [Question(ask, {name: every[name] for name in ask.carry["ids"].split(",")}) for ask in asks]

    def read(self, answer: Answer) -> Page:
        reader = YouTubeReader(YouTubeSeed("search", "-"), self.calls)
        if answer.status == 200:
            # What stands is not read further: no comments under a video.
            return replace(reader.read(answer, {}), next=())
        return reader.refusal(answer, {}) or _refused(answer)


@dataclass(frozen=True, slots=True, repr=False)
class Reddit:
    """A hundred posts and comments a request, after one for a token."""

    calls: RedditCalls

    def questions(self, held: Sequence[Held]) -> list[Question]:
        named: dict[str, Held] = {}
        for one in held:
            if found := _REDDIT.fullmatch(urlsplit(one.link).path):
                named[f"t1_{found[2]}" if found[2] else f"t3_{found[1]}"] = one
        if not named:
            return []
        # The reader asks again what its marks tell, once it has a token.
        token = self.calls.token()
        return [Question(replace(token, carry={"names": ",".join(named)}), named)]

    def read(self, answer: Answer) -> Page:
        reader = RedditReader(RedditSeed("subreddit", "all"), self.calls)
        if answer.status != 200:
            return reader.refusal(answer, {}) or _refused(answer)
        page = reader.read(answer, {"recent:new": answer.ask.carry.get("names", "")})
        return replace(page, next=tuple(ask for ask in page.next if ask.step == "info"))


@dataclass(frozen=True, slots=True)
class PublicPage:
    """The page itself: gone when its site says so. That a page stands does not tell every post on it stands."""

    def questions(self, held: Sequence[Held]) -> list[Question]:
        by_link: dict[str, dict[str, Held]] = {}
        for one in held:
            by_link.setdefault(one.link, {})[str(one.due.post_id)] = one
        return [Question(Ask(link, carry={"posts": ",".join(posts)}), posts) for link, posts in by_link.items()]

    def read(self, answer: Answer) -> Page:
        if answer.status in (404, 410):
            names = answer.ask.carry["posts"].split(",")
            return Page(gone=tuple(Gone(Source.WEB_PAGE, name, "removed", 0) for name in names))
        if answer.status != 200:
            return _refused(answer)
        asked, got = urlsplit(answer.ask.url).path.strip("/"), urlsplit(answer.url).path.strip("/")
        # Many sites send who asks for a page that is gone to their front page.
        return Page(state=HealthState.MISPARSED, reason="led_elsewhere") if asked and not got else Page()


def ways(secrets: Secrets) -> dict[str, Way]:
    """How each kind is asked, by the kind's name; the name is the one in `kinds.toml`."""
    return {
        "bluesky-author": Bluesky(),
        "mastodon": Mastodon(),
        "telegram": Telegram(),
        "youtube": YouTube(YouTubeCalls(secrets.get("youtube-api-key", ""))),
        "reddit": Reddit(RedditCalls.with_keys(secrets)),
        "feeds": PublicPage(),
        "web": PublicPage(),
    }


def _refused(answer: Answer) -> Page:
    reason = f"http_{answer.status}"
    if answer.status in (429, 503):
        return Page(state=HealthState.SLOWED, reason=reason)
    return Page(state=HealthState.FAILING, reason=reason)
