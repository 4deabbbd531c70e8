"""robots.txt as RFC 9309 says it, and a little stricter: when in doubt a page is not fetched.

Scrapy's own middleware takes an unreachable robots.txt for permission and ignores Crawl-delay; this one replaces it.
"""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Self
from urllib.parse import urlsplit

from protego import Protego
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Request, Response
from scrapy.http.request import NO_CALLBACK

from collectors.last_gate import PERMISSION
from collectors.permission import NoValidOrder
from collectors.quota import QuotaLedger

MOST_BYTES = 500 * 1024
MOST_CRAWL_DELAY = 60.0
OFFICIAL = "official_api"
"""The mark of a request to an official API, which its terms govern; robots.txt speaks of crawled pages."""
LEAST_DELAY = "least_delay"
"""The mark of a request with the seconds that its site wants between two."""
HOST_WAITS = "host_asked_to_wait"
KEPT_SECONDS = 24 * 3600.0
TRIED_AGAIN_SECONDS = 600.0


class Impolite(IgnoreRequest):
    """A request that we do not make; `code` says why, and `seconds` for how long where that is known."""

    def __init__(self, code: str, seconds: int = 0) -> None:
        super().__init__(code)
        self.code = code
        self.seconds = seconds


@dataclass(frozen=True)
class _Rules:
    """What one host allows. `parser` None means nothing, with the reason."""

    parser: Protego | None
    reason: str
    good_until: float


@dataclass
class HostManners:
    """What we know of hosts' wishes, kept between crawls. Crawls that may meet at one host take turns."""

    ticks: Callable[[], float] = time.monotonic
    turns: dict[str, asyncio.Lock] = field(default_factory=dict)
    away: dict[str, float] = field(default_factory=dict, repr=False)
    ledger: QuotaLedger = field(default_factory=QuotaLedger)
    rules: dict[str, _Rules] = field(default_factory=dict, repr=False)
    locks: dict[str, asyncio.Lock] = field(default_factory=dict, repr=False)

    def turn(self, name: str) -> asyncio.Lock:
        """The lock under which one crawl at a time runs."""
        return self.turns.setdefault(name, asyncio.Lock())

    def stay_away(self, address: str, seconds: float) -> None:
        """Ask nothing more of this address's host for a while, whatever else is due there."""
        self.away[urlsplit(address).netloc] = self.ticks() + seconds

    def require_rest_over(self, address: str) -> None:
        """Raise `Impolite` while this address's host wants to be left alone."""
        left = self.away.get(urlsplit(address).netloc, 0.0) - self.ticks()
        if left > 0:
            raise Impolite(HOST_WAITS, int(left) + 1)


class RobotsMiddleware:
    """Asks robots.txt before any page; the spider carries `manners` (HostManners) and `user_agent`."""

    def __init__(self, crawler: Crawler, manners: HostManners, user_agent: str) -> None:
        self._crawler = crawler
        self._manners = manners
        self._user_agent = user_agent

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Made by Scrapy, once per crawl."""
        return cls(crawler, getattr(crawler.spider, "manners"), getattr(crawler.spider, "user_agent"))  # noqa: B009

    async def process_request(self, request: Request) -> None:
        """Let a request pass, or raise `Impolite`."""
        if request.meta.get("is_robots"):
            return
        if request.meta.get(OFFICIAL):
            self._slow_down(request, 0.0)
            return
        rules = await self._rules(request)
        if rules.parser is None:
            raise Impolite(rules.reason)
        if not rules.parser.can_fetch(request.url, self._user_agent):
            raise Impolite("robots_disallow")
        delay = rules.parser.crawl_delay(self._user_agent) or 0.0
        if delay > MOST_CRAWL_DELAY:
            raise Impolite("crawl_delay_too_long")
        self._slow_down(request, delay)

    async def _rules(self, request: Request) -> _Rules:
        parts = urlsplit(request.url)
        host = f"{parts.scheme}://{parts.netloc}"
        async with self._manners.locks.setdefault(host, asyncio.Lock()):
            known = self._manners.rules.get(host)
            if known is None or known.good_until < self._manners.ticks():
                known = self._manners.rules[host] = await self._ask(host, request.meta.get(PERMISSION))
            return known

    async def _ask(self, host: str, permission: object) -> _Rules:
        soon = self._manners.ticks() + TRIED_AGAIN_SECONDS
        asked = Request(
            f"{host}/robots.txt",
            callback=NO_CALLBACK,
            priority=1000,
            dont_filter=True,
            meta={"is_robots": True, PERMISSION: permission, "handle_httpstatus_list": [304, *range(400, 600)]},
        )
        try:
            answer = await self._crawler.engine.download_async(asked)
        except NoValidOrder:
            raise
        except Impolite as impolite:
            # Not asked at all, so nothing was learnt of the host's wishes.
            raise Impolite(impolite.code, impolite.seconds) from None
        except Exception:
            return _Rules(None, "robots_unreachable", soon)
        status = answer.status
        if status in (401, 403):
            return _Rules(None, "robots_forbidden", soon)
        if status == 429 or status >= 500 or 300 <= status < 400:
            return _Rules(None, "robots_unreachable", soon)
        text = "" if status >= 400 else answer.body[:MOST_BYTES].decode("utf-8-sig", "replace")
        return _Rules(Protego.parse(text), "", self._manners.ticks() + KEPT_SECONDS)

    def _slow_down(self, request: Request, delay: float) -> None:
        downloader = self._crawler.engine.downloader
        slot = downloader.slots.get(downloader.get_slot_key(request))
        delay = max(delay, request.meta.get(LEAST_DELAY, 0.0))
        if slot is not None and slot.delay < delay:
            slot.delay = delay


def keeps_out(response: Response, user_agent: str) -> bool:
    """Whether an X-Robots-Tag asks not to be stored, for everyone or for us."""
    name = user_agent.split("/")[0].casefold()
    for header in response.headers.getlist("X-Robots-Tag"):
        agent, colon, rest = header.decode("latin-1").casefold().partition(":")
        if colon and agent.strip() not in (name, "*"):
            continue
        words = {word.strip() for word in (rest if colon else agent).split(",")}
        if words & {"noindex", "none"}:
            return True
    return False
