"""Visits seeds of one kind over HTTP: asks, lets the kind's reader read, hands over, goes on to the next page.

One crawl visits all seeds that are due. What an answer means for a visit stands in `collectors.spiders.visit`.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from datetime import datetime
from typing import Protocol
from urllib.parse import urlencode, urlsplit, urlunsplit

import scrapy
from scrapy.crawler import AsyncCrawlerRunner
from scrapy.http import Request, Response
from twisted.python.failure import Failure

from collectors.health import HealthState
from collectors.kinds import Kind
from collectors.last_gate import PERMISSION, REST
from collectors.permission import NoValidOrder
from collectors.politeness import Politeness, scrapy_settings
from collectors.readers.reader import Answer, Ask, Page
from collectors.robots import LEAST_DELAY, MOST_CRAWL_DELAY, OFFICIAL, HostManners, keeps_out
from collectors.spiders.meaning import of_fault

Clock = Callable[[], datetime]
_STOP_SECONDS = 5.0
_REDIRECTS = (301, 302, 303, 307, 308)
_FORM = {"Content-Type": "application/x-www-form-urlencoded"}
_WISHES = "x-robots-tag"
_TOLD = [304, *range(400, 600)]


class Visit(Protocol):
    """What is visited: a seed (`collectors.spiders.visit`), or posts that are asked for again."""

    kind: Kind
    over: bool

    def permit(self, address: str) -> None:
        """Pass one request, or raise why not."""

    def first(self) -> Ask:
        """The first request."""

    def take(self, answer: Answer, *, kept_out: bool) -> Ask | None:
        """Read an answer; the next request, or None when the visit is over."""

    def conclude(self, page: Page, now: datetime, answer: Answer | None = None) -> Ask | None:
        """Go on after a page, which may be the news that there was none."""


class VisitLost(Exception):
    """A visit that neither ended nor failed: nothing was said of it, so it must not pass for done."""


class VisitingSpider(scrapy.Spider):
    """Makes each visit's requests, one at a time within a visit. A fault of ours ends the round; nothing is skipped."""

    name = "visiting"

    def __init__(self, visits: Sequence[Visit], manners: HostManners, user_agent: str, clock: Clock) -> None:
        super().__init__()
        self.manners = manners
        self.user_agent = user_agent
        self.faults: list[Exception] = []
        self._visits = visits
        self._clock = clock

    async def start(self) -> AsyncIterator[Request]:
        """The first request of each visit."""
        for visit in self._visits:
            if self.faults:
                return
            with self._noting_faults():
                ask = await asyncio.to_thread(visit.first)
                if request := await self._request(visit, ask):
                    yield request

    async def answered(self, response: Response, visit: Visit, ask: Ask) -> AsyncIterator[Request]:
        """Go on with a visit after an answer."""
        with self._noting_faults():
            unwanted = keeps_out(response, self.user_agent)
            headers = _headers(response, unwanted)
            answer = Answer(ask, response.status, headers, response.body, response.url, self._clock())
            kept_out = unwanted and not visit.kind.official and not visit.kind.reads_noindex
            # Reading megabytes must not hold up the streams on this loop.
            following = await asyncio.to_thread(visit.take, answer, kept_out=kept_out)
            if following is not None and (request := await self._request(visit, following)):
                yield request

    async def failed(self, failure: Failure) -> AsyncIterator[Request]:
        """Let a visit that got no answer say how it goes on, or end the round when it may not."""
        visit: Visit = failure.request.cb_kwargs["visit"]  # type: ignore[attr-defined]
        fault = failure.value
        with self._noting_faults():
            if fault is None or isinstance(fault, NoValidOrder):
                raise fault or RuntimeError
            following = await asyncio.to_thread(visit.conclude, of_fault(fault), self._clock())
            if following is not None and (request := await self._request(visit, following)):
                yield request

    async def _request(self, visit: Visit, ask: Ask) -> Request | None:
        """The request of an ask; the visit is asked what to do about one that is no web address."""
        if self.faults:
            return None
        meta = {
            PERMISSION: visit.permit,
            REST: self.manners.stay_away,
            OFFICIAL: visit.kind.official,
            LEAST_DELAY: min(ask.delay, MOST_CRAWL_DELAY),
            "handle_httpstatus_list": _TOLD if ask.follow else [*_REDIRECTS, *_TOLD],
            "dont_redirect": not ask.follow,
        }
        try:
            address = _with(ask)
            return Request(
                address,
                method="GET" if ask.form is None else "POST",
                body="" if ask.form is None else urlencode(ask.form),
                callback=self.answered,
                errback=self.failed,
                headers={**({} if ask.form is None else _FORM), **ask.headers},
                dont_filter=True,
                cb_kwargs={"visit": visit, "ask": ask},
                meta=meta,
            )
        except ValueError:
            page = Page(state=HealthState.BLOCKED, reason="address_wrong")
            following = await asyncio.to_thread(visit.conclude, page, self._clock())
            return None if following is None else await self._request(visit, following)

    @contextlib.contextmanager
    def _noting_faults(self) -> Iterator[None]:
        """Keep what went wrong for the round's caller; Scrapy would log it and go on."""
        try:
            yield
        except Exception as fault:
            self.faults.append(fault)


def _headers(response: Response, unwanted: bool) -> dict[str, str]:
    """The last value of each header, by its name in small letters; of the wishes of a site only what it asks of us."""
    told = {
        name.decode("latin-1").lower(): values[-1].decode("latin-1")
        for name, values in response.headers.items()
        if values
    }
    told.pop(_WISHES, None)
    return told | ({_WISHES: "noindex"} if unwanted else {})


def _with(ask: Ask) -> str:
    """The address with its parameters. Raises ValueError for what is no web address."""
    parts = urlsplit(ask.url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("no web address")
    query = "&".join(part for part in (parts.query, urlencode(ask.params)) if part)
    return urlunsplit((parts.scheme, parts.netloc, parts.path, query, ""))


async def visit_all(
    visits: Sequence[Visit], kind: Kind, manners: HostManners, polite: Politeness, clock: Clock
) -> None:
    """Make these visits, once each. Raises what handing over raised; when cancelled, the crawl is stopped first."""
    async with manners.turn(kind.turn_name):
        runner = AsyncCrawlerRunner(scrapy_settings(polite, kind.delay if polite.delay is None else polite.delay))
        crawler = runner.create_crawler(VisitingSpider)
        crawl = runner.crawl(crawler, visits=visits, manners=manners, user_agent=polite.user_agent, clock=clock)
        try:
            await asyncio.shield(crawl)
        except asyncio.CancelledError:
            # A crawl that ends late must not turn being stopped into a fault, after which it would start again.
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(runner.stop(), _STOP_SECONDS)
            raise
        spider = crawler.spider
    if isinstance(spider, VisitingSpider) and spider.faults:
        raise spider.faults[0]
    if not all(visit.over for visit in visits):
        raise VisitLost("a visit came to no end; its place is as it was")
