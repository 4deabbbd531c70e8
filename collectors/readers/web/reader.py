"""Reads any public site whose selectors a person wrote down: lists of topics, topics, and pages with posts.

It passes no log-in, age, cookie or captcha wall: it says that there is one, and the site is left alone.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from collectors.health import HealthState
from collectors.readers.html_document import Document, document, keeps_out, wall, wall_address
from collectors.readers.reader import Answer, Ask, Marks, Page, Secrets
from collectors.readers.web.items import Items, clean, read_items, urljoin_safely, value
from collectors.readers.web.memory import forgotten, gone, key, recall, remembered, vanished
from collectors.readers.web.site import WebSite, load_site
from collectors.readers.web.topics import Listing, Topic, read_list

DAY = 24 * 3600
SITES = "web-sites"
"""Under this name the settings give the folder with the sites' files; without it, `sites` where the program runs."""
OPENED_AGAIN = 5


def web_reader(address: str, secrets: Secrets) -> "WebReader":
    """A reader of the site with this name. Raises `AddressWrong` when its file is absent or has a fault."""
    return WebReader(load_site(address.strip(), Path(secrets.get(SITES, "sites"))))


class WebReader:
    """One site."""

    def __init__(self, site: WebSite) -> None:
        self._site = site

    def __repr__(self) -> str:
        return "WebReader(…)"

    def first(self, marks: Marks) -> Ask:
        """The first of the site's start pages."""
        return self._start(0)

    def read(self, answer: Answer, marks: Marks) -> Page:
        """What a page says."""
        stopped = self._stopped(answer)
        if stopped is not None:
            return stopped
        found = document(answer.body, answer.headers.get("content-type", ""))
        if found is None:
            return Page(state=HealthState.MISPARSED, reason="not_html")
        if any(found.page.css(marker) for marker in self._site.login_markers):
            return Page(state=HealthState.BLOCKED, reason="login_wall")
        if keeps_out(found, answer.headers):
            # One topic that keeps out says nothing of the site; a start page that does, speaks for all.
            inner = answer.ask.step == "topic"
            return Page(oddities={"noindex": 1}) if inner else _state(HealthState.BLOCKED, "noindex", DAY)
        page = self._list(answer, found, marks) if answer.ask.step == "list" else self._posts(answer, found, marks)
        odd = dict(page.oddities)
        odd |= {code: 1 for code, so in (("invalid_utf8", found.damaged), ("cut_off", found.cut)) if so}
        return replace(page, oddities=odd, next=(*self._other_starts(answer), *page.next))

    def refusal(self, answer: Answer, marks: Marks) -> Page | None:
        """A topic that is no longer there takes its posts away; of a start page it is left to the visitor."""
        if answer.ask.step != "topic" or answer.status not in (404, 410):
            return None
        name = _key(answer.ask)
        _, ids = recall(marks.get(name, ""))
        return Page(gone=gone(self._site, ids, answer.seen_at), marks={name: ""}, oddities={f"http_{answer.status}": 1})

    def _stopped(self, answer: Answer) -> Page | None:
        """Whether we were led away: to a wall, or to another site."""
        if clean(answer.url) == clean(answer.ask.url):
            return None
        if code := wall_address(answer.url):
            return Page(state=HealthState.BLOCKED, reason=code)
        if self._site.allows(answer.url):
            return None
        return (
            Page(oddities={"other_domain": 1})
            if answer.ask.step == "topic"
            else _state(HealthState.BLOCKED, "other_domain")
        )

    def _list(self, answer: Answer, found: Document, marks: Marks) -> Page:
        listing = read_list(found.page, self._site, answer.url, answer.seen_at)
        if not listing.found:
            return self._nothing(answer, found, marks, "list")
        if not listing.topics and listing.oddities["no_link"]:
            return _state(HealthState.MISPARSED, "no_link_in_items")
        start = answer.ask.carry.get("start", "0")
        known = {topic.url: recall(marks.get(key(start, topic.url), ""))[0] for topic in listing.topics}
        # What changed comes first; the rest is opened again for edits and deletions, a few of it at each visit.
        changed = [topic for topic in listing.topics if not topic.date or known[topic.url] != topic.date]
        order = changed + [topic for topic in listing.topics if topic not in changed][:OPENED_AGAIN]
        told = {"matched:list": "1"}
        newest = f"newest:{start[:4]}"
        if _page(answer.ask) == 1:
            told |= forgotten(marks, start, [key(start, url) for url in known], len(self._site.start_urls))
            if listing.newest is not None:
                told[newest] = min(listing.newest, answer.seen_at).isoformat()
        asks = [self._topic(topic, start, sample=number == 0) for number, topic in enumerate(order)]
        more, gap = self._more_list(answer, found, listing, marks.get(newest, ""))
        return Page(marks=told, next=(*asks, *more), oddities=dict(+listing.oddities), gap=gap)

    def _more_list(
        self, answer: Answer, found: Document, listing: Listing, newest: str
    ) -> tuple[tuple[Ask, ...], bool]:
        """The list's next page while it may hold changes that we have not seen; and whether some are given up."""
        try:
            last = datetime.fromisoformat(newest) if newest else None
        except ValueError:
            last = None
        if listing.oldest is not None:
            if last is not None and last.tzinfo is not None and listing.oldest <= last:
                return (), False
            if listing.oldest < answer.seen_at - timedelta(days=self._site.limits.max_age_days):
                return (), False
        rules = self._site.list
        more = self._next(answer, found, rules.next if rules else None, back=True)
        full = bool(rules and rules.next and value(found.page, rules.next)) and not more
        return more, full and last is not None

    def _posts(self, answer: Answer, found: Document, marks: Marks) -> Page:
        items = read_items(found.page, self._site, answer.url, answer.seen_at)
        if not items.found:
            return self._nothing(answer, found, marks, "post")
        if items.wordless:
            return _state(HealthState.MISPARSED, "no_text_in_items")
        name = _key(answer.ask)
        _, before = recall(marks.get(name, ""))
        lost = gone(self._site, vanished(before, items), answer.seen_at)
        told = {"matched:post": "1", name: remembered(answer.ask.carry.get("date", ""), items.ids)}
        more = () if self._seen(answer, items, before) else self._next(answer, found, self._site.post.next, back=True)
        page = Page(
            posts=items.posts,
            set_aside=items.set_aside,
            gone=lost,
            marks=told,
            next=more,
            oddities=dict(items.oddities),
        )
        if len(items.set_aside) == items.found:
            return _state(HealthState.MISPARSED, "no_id_in_items")
        return page

    @staticmethod
    def _seen(answer: Answer, items: Items, before: list[str]) -> bool:
        """Whether the pages behind this one hold nothing new: newest first, and it reaches what we knew."""
        return answer.ask.step == "posts" and not items.oldest_first and bool(set(before) & set(items.ids))

    def _nothing(self, answer: Answer, found: Document, marks: Mapping[str, str], what: str) -> Page:
        """A page without any item: truly empty, a wall, or of a new make."""
        if self._site.empty is not None and found.page.css(self._site.empty):
            return Page(state=HealthState.NOTHING_NEW, oddities={"empty": 1})
        if code := wall(found, answer.url):
            return Page(state=HealthState.BLOCKED, reason=code)
        if _page(answer.ask) > 1 or (answer.ask.step == "topic" and "sample" not in answer.ask.carry):
            return Page(oddities={"no_items": 1})
        return _state(HealthState.MISPARSED, "no_items" if f"matched:{what}" in marks else "never_matched")

    def _next(self, answer: Answer, found: Document, selector: str | None, *, back: bool) -> tuple[Ask, ...]:
        """The page behind this one, within the site's bound and never the same page again."""
        url = clean(urljoin_safely(answer.url, value(found.page, selector)))
        number = _page(answer.ask)
        if not url or number >= self._site.limits.max_pages or not self._site.allows(url):
            return ()
        if url in (clean(answer.url), clean(answer.ask.url)):
            return ()
        carry = {**answer.ask.carry, "page": str(number + 1)}
        return (replace(self._ask(url, answer.ask.step, carry), back=back and answer.ask.step != "topic"),)

    def _start(self, number: int) -> Ask:
        step = "list" if self._site.list is not None else "posts"
        return self._ask(self._site.start_urls[number], step, {"page": "1", "start": str(number)})

    def _other_starts(self, answer: Answer) -> tuple[Ask, ...]:
        if answer.ask != self._start(0):
            return ()
        return tuple(self._start(number) for number in range(1, len(self._site.start_urls)))

    def _ask(self, url: str, step: str, carry: Mapping[str, str]) -> Ask:
        return Ask(url, step=step, carry=carry, delay=self._site.limits.delay)

    def _topic(self, topic: Topic, start: str, *, sample: bool) -> Ask:
        carry = {"page": "1", "start": start, "date": topic.date} | ({"sample": "1"} if sample else {})
        return self._ask(topic.url, "topic", carry)


def _state(state: HealthState, reason: str, wait: int = 0) -> Page:
    return Page(state=state, reason=reason, wait=wait)  # type: ignore[arg-type]  # callers name no other state


def _page(ask: Ask) -> int:
    number = ask.carry.get("page", "")
    return int(number) if number.isascii() and number.isdigit() and len(number) < 5 else 1


def _key(ask: Ask) -> str:
    return key(ask.carry.get("start", "0"), ask.url)
