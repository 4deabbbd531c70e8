"""A page that lists topics: which of them to open, newest change first, and whether the list goes further back."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from parsel import Selector

from collectors.readers.web.dates import moment
from collectors.readers.web.items import clean, urljoin_safely, value
from collectors.readers.web.site import WebSite

MOST_TOPICS = 100


@dataclass(frozen=True, slots=True, repr=False)
class Topic:
    """One topic: its address and the words in which the list tells its last change."""

    url: str
    date: str


@dataclass(frozen=True, slots=True, repr=False)
class Listing:
    """What a list shows. `newest` and `oldest` are the moments of its topics, as far as it tells them."""

    topics: tuple[Topic, ...] = ()
    found: int = 0
    newest: datetime | None = None
    oldest: datetime | None = None
    oddities: Counter[str] = field(default_factory=Counter)


def read_list(page: Selector, site: WebSite, url: str, seen_at: datetime) -> Listing:
    """The topics of a list, each once."""
    if site.list is None:
        return Listing()
    odd: Counter[str] = Counter()
    topics: dict[str, Topic] = {}
    moments = []
    items = page.css(site.list.item)
    for item in items[:MOST_TOPICS]:
        link = clean(urljoin_safely(url, value(item, site.list.link)))
        if not link:
            odd["no_link"] += 1
            continue
        if not site.allows(link):
            odd["other_domain"] += 1
            continue
        date = value(item, site.list.date)
        changed = moment(date, site.date.formats, site.date.timezone, site.date.locale, seen_at)
        if site.list.date is not None and changed is None:
            odd["no_time"] += 1
        if changed is not None:
            moments.append(changed)
            if changed < seen_at - timedelta(days=site.limits.max_age_days):
                odd["too_old"] += 1
                continue
        # Relative words change by themselves; the moment they mean does not say so to the minute.
        topics.setdefault(link, Topic(link, "" if changed is None else f"{changed:%Y-%m-%dT%H}"))
    newest, oldest = max(moments, default=None), min(moments, default=None)
    return Listing(tuple(topics.values()), len(items), newest, oldest, odd)
