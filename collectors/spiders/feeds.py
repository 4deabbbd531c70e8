"""Visits RSS and Atom feeds: asks only for what changed, hands new entries over, and remembers when to come back.

One crawl visits all feeds that are due. A feed's posts and its place go to the sink together.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import scrapy
from scrapy.crawler import AsyncCrawlerRunner
from scrapy.exceptions import DropItem
from scrapy.http import Request, Response
from twisted.python.failure import Failure

from collectors.assignment import Seed
from collectors.health import HealthState
from collectors.outlet import Outlet
from collectors.politeness import Politeness, max_age, retry_after, scrapy_settings
from collectors.refused import Refused
from collectors.robots import HostManners, Impolite, keeps_out
from collectors.spiders.feed_entries import NotAFeed, Reading, microseconds, read
from collectors.spiders.feed_place import FeedPlace
from signals.post import Source

COLLECTOR = "feeds"
Clock = Callable[[], datetime]
_DAY = 24 * 3600
_STOP_SECONDS = 5.0


@dataclass(frozen=True, repr=False)
class FeedVisit:
    """One feed that is due, where we are in it, and its way out."""

    seed: Seed
    place: FeedPlace
    outlet: Outlet

    def __repr__(self) -> str:
        return f"FeedVisit(seed {self.seed.number})"


@dataclass(frozen=True, repr=False)
class FeedHarvest:
    """What one visit brought: how the source is doing, the new place, and what there is to read."""

    visit: FeedVisit
    state: HealthState
    reason: str
    place: FeedPlace
    seen_at: datetime
    reading: Reading | None = None

    def __repr__(self) -> str:
        return f"FeedHarvest({self.state.value})"


class FeedSpider(scrapy.Spider):
    """Asks each due feed once."""

    name = COLLECTOR

    def __init__(self, visits: Sequence[FeedVisit], manners: HostManners, polite: Politeness, clock: Clock) -> None:
        super().__init__()
        self.manners = manners
        self.user_agent = polite.user_agent
        self.faults: list[Exception] = []
        self._visits = visits
        self._polite = polite
        self._clock = clock

    async def start(self) -> AsyncIterator[Request]:
        """The requests of this round; the order is asked again before each."""
        for visit in self._visits:
            await asyncio.to_thread(visit.outlet.require_permission)
            headers = {}
            if etag := visit.outlet.reopen(visit.place.etag):
                headers["If-None-Match"] = etag
            if last_modified := visit.outlet.reopen(visit.place.last_modified):
                headers["If-Modified-Since"] = last_modified
            yield Request(
                visit.seed.address,
                callback=self.answered,
                errback=self.failed,
                headers=headers,
                dont_filter=True,
                cb_kwargs={"visit": visit},
                meta={"handle_httpstatus_list": [304, *range(400, 600)]},
            )

    async def answered(self, response: Response, visit: FeedVisit) -> AsyncIterator[FeedHarvest]:
        """What an answer means."""
        headers = _plain_headers(response)
        now = self._clock()
        if response.status == 200 and not keeps_out(response, self.user_agent):
            yield await self._read(response, headers, visit, now)
            return
        state, reason, wait = _meaning(response.status, headers, now, self._polite.min_interval)
        yield FeedHarvest(visit, state, reason, replace(visit.place, not_before=_in(now, wait)), now)

    async def _read(
        self, response: Response, headers: Mapping[str, str], visit: FeedVisit, now: datetime
    ) -> FeedHarvest:
        interval = max(self._polite.min_interval, max_age(headers))
        try:
            kind = headers.get("content-type", "")
            # Parsing megabytes of XML must not hold up the streams on this loop.
            reading = await asyncio.to_thread(read, response.body, visit.seed.address, kind, now)
        except NotAFeed:
            place = replace(visit.place, not_before=_in(now, interval))
            return FeedHarvest(visit, HealthState.MISPARSED, "not_a_feed", place, now)
        place = replace(
            visit.place,
            etag=visit.outlet.close(headers.get("etag", "")),
            last_modified=visit.outlet.close(headers.get("last-modified", "")),
            not_before=_in(now, max(interval, min(reading.ttl or 0, _DAY))),
        )
        return FeedHarvest(visit, HealthState.OK, "", place, now, reading)

    async def failed(self, failure: Failure) -> AsyncIterator[FeedHarvest]:
        """What it means when there was no answer."""
        visit: FeedVisit = failure.request.cb_kwargs["visit"]  # type: ignore[attr-defined]
        now = self._clock()
        blocked = isinstance(failure.value, Impolite)
        state = HealthState.BLOCKED if blocked else HealthState.FAILING
        reason = failure.value.code if isinstance(failure.value, Impolite) else type(failure.value).__name__
        place = replace(visit.place, not_before=_in(now, self._polite.min_interval))
        yield FeedHarvest(visit, state, reason, place, now)


class HandOver:
    """Scrapy's pipeline: gives each harvest to its outlet, in a thread. A fault ends the round, nothing is skipped."""

    def __init__(self, spider: FeedSpider) -> None:
        self._spider = spider

    @classmethod
    def from_crawler(cls, crawler: scrapy.crawler.Crawler) -> "HandOver":
        """Made by Scrapy, once per crawl."""
        if not isinstance(crawler.spider, FeedSpider):
            raise TypeError("this pipeline serves the feed spider alone")
        return cls(crawler.spider)

    async def process_item(self, item: FeedHarvest) -> FeedHarvest:
        """Hand one harvest over."""
        try:
            await asyncio.to_thread(_hand_over, item)
        except Exception as fault:
            # Scrapy would log it and go on; the round's caller has to know.
            self._spider.faults.append(fault)
            raise DropItem("not handed over") from None
        return item


def _hand_over(harvest: FeedHarvest) -> None:
    outlet = harvest.visit.outlet
    place = harvest.place
    if harvest.reading is not None:
        place = _take(harvest.reading, outlet, place, harvest.seen_at)
    accepted = outlet.hand_over(place.dumps())
    nothing_new = harvest.state is HealthState.OK and not accepted
    outlet.report(HealthState.NOTHING_NEW if nothing_new else harvest.state, harvest.reason)


def _take(reading: Reading, outlet: Outlet, place: FeedPlace, seen_at: datetime) -> FeedPlace:
    """Put what is new in the outlet's batch; the answer is the place with it known."""
    seen_us = microseconds(seen_at)
    seen, gone = [], []
    for entry in reading.entries:
        try:
            ids = outlet.ids(entry.post)
            if place.knows_version(*ids):
                continue
            known = place.knows(ids[0])
            # A change that the feed does not date is as new as when we saw it; no date may lie in the future.
            revision = seen_us if known or entry.changed_us is None else max(0, min(entry.changed_us, seen_us))
            taken = outlet.add(replace(entry.post, revision=revision, edited=known))
        except Refused as refused:
            outlet.refuse(refused, entry.post.text.encode("utf-8", "surrogatepass"), Source.FEED_ENTRY.value)
            continue
        if taken:
            seen.append(ids)
        else:
            gone.append(ids[0])
    for removal in reading.gone:
        outlet.add(removal)
        gone.append(outlet.ids(removal)[0])
    return place.knowing(seen, gone)


def _meaning(status: int, headers: Mapping[str, str], now: datetime, interval: int) -> tuple[HealthState, str, int]:
    """Health, reason and how long to stay away (seconds), for an answer that is not a feed to read."""
    code = f"http_{status}"
    if status == 304:
        return HealthState.NOTHING_NEW, "", max(interval, max_age(headers))
    if status in (429, 503):
        return HealthState.SLOWED, code, max(interval, retry_after(headers, now) or 0)
    if status in (401, 403, 404, 410):
        return HealthState.BLOCKED, code, _DAY
    if status == 200:
        return HealthState.BLOCKED, "noindex", _DAY
    return HealthState.FAILING, code, interval


def _plain_headers(response: Response) -> dict[str, str]:
    """The last value of each header, by its name in small letters."""
    return {
        name.decode("latin-1").lower(): values[-1].decode("latin-1")
        for name, values in response.headers.items()
        if values
    }


def _in(now: datetime, seconds: int) -> int:
    return int(now.timestamp()) + seconds


async def visit_feeds(visits: Sequence[FeedVisit], manners: HostManners, polite: Politeness, clock: Clock) -> None:
    """Visit these feeds, once each. Raises what handing over raised; when cancelled, the crawl is stopped first."""
    async with manners.turn:
        runner = AsyncCrawlerRunner(scrapy_settings(polite))
        crawler = runner.create_crawler(FeedSpider)
        crawl = runner.crawl(crawler, visits=visits, manners=manners, polite=polite, clock=clock)
        try:
            await asyncio.shield(crawl)
        except asyncio.CancelledError:
            # A crawl that ends late must not turn being stopped into a fault, after which it would start again.
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(runner.stop(), _STOP_SECONDS)
            raise
        spider = crawler.spider
    if isinstance(spider, FeedSpider) and spider.faults:
        raise spider.faults[0]
