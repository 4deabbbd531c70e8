"""The posts on a page of a site, by the site's own selectors: their words, without quotes and without authors."""

import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

from parsel import Selector

from collectors.readers.html_tree import Element, markup
from collectors.readers.html_words import joined_once, tidy, words
from collectors.readers.reader import SetAside
from collectors.readers.versions import digest
from collectors.readers.web.dates import moment
from collectors.readers.web.site import Posts, WebSite
from collectors.refused import Refused
from collectors.unmasked import UnmaskedPost
from signals.dead_letter import DeadReason
from signals.post import Source

MOST_ITEMS = 500
_SESSION = re.compile(r"^(?:sid|s|phpsessid|jsessionid|sessionid|session|utm_\w+|fbclid|gclid)$", re.I)
_PSEUDO = re.compile(r"::(?:text|attr\([^)]*\))\s*$")


@dataclass(frozen=True, slots=True, repr=False)
class Items:
    """What stands on a page. `ids` are the posts that bear an id of their own, in the order of the page."""

    posts: tuple[UnmaskedPost, ...] = ()
    set_aside: tuple[SetAside, ...] = ()
    ids: tuple[str, ...] = ()
    found: int = 0
    oldest_first: bool = True
    oddities: Counter[str] = field(default_factory=Counter)

    @property
    def wordless(self) -> bool:
        """Items without any words: a page of a new make."""
        return self.found > 0 and self.oddities["no_text"] == self.found


def read_items(page: Selector, site: WebSite, url: str, seen_at: datetime) -> Items:
    """The posts of a page; one that cannot be read is set aside and the rest goes on."""
    rules = site.post
    posts, aside, ids = [], [], []
    odd: Counter[str] = Counter()
    oldest = seen_at - timedelta(days=site.limits.max_age_days)
    items = page.css(rules.item)
    title = _words_of(page, rules.page_title)
    for ordinal, item in enumerate(items[:MOST_ITEMS]):
        text = joined_once(title if ordinal == 0 else "", _words_of(item, rules.title), _text(item, rules))
        own_id = value(item, rules.id)[:200]
        if own_id:
            ids.append(own_id)
        if not text or text == title:
            odd["no_text"] += 1
            continue
        if rules.id is not None and not own_id:
            odd["no_id"] += 1
            aside.append(SetAside(Refused(DeadReason.SCHEMA, "post.id", __name__), markup(item.root)))
            continue
        written = value(item, rules.date)
        posted_at = moment(written, site.date.formats, site.date.timezone, site.date.locale, seen_at)
        if posted_at is None and rules.date is not None:
            odd["no_time"] += 1
        if posted_at is not None and posted_at < oldest and posted_at.year > 1970:
            odd["too_old"] += 1
            continue
        link = clean(urljoin_safely(url, value(item, rules.link))) if rules.link else ""
        version = digest(text)
        posts.append(
            UnmaskedPost(
                source=Source.WEB_PAGE,
                native_id=native_id(site, own_id)
                if own_id
                else f"{site.name}:{link or clean(url)}#{ordinal}:{version}",
                version=version,
                revision=0,
                text=text,
                posted_at=posted_at,
                link=link if link and site.allows(link) else clean(url),
            )
        )
    odd["too_many_items"] += max(0, len(items) - MOST_ITEMS)
    dates = [post.posted_at for post in posts if post.posted_at is not None]
    ascending = len(dates) < 2 or dates[0] <= dates[-1]
    return Items(tuple(posts), tuple(aside), tuple(ids), min(len(items), MOST_ITEMS), ascending, +odd)


def native_id(site: WebSite, own_id: str) -> str:
    """A post's id on this site; other sites may use the same."""
    return f"{site.name}:{own_id}"


def urljoin_safely(base: str, link: str) -> str:
    """The whole address of a link, or empty when it is none."""
    try:
        return urljoin(base, link.strip()) if link.strip() else ""
    except ValueError:
        return ""


def clean(url: str) -> str:
    """The address without fragment, session and tracking, so that one page has one address."""
    try:
        parts = urlsplit(url)
        pairs = [(k, v) for k, v in parse_qsl(parts.query, keep_blank_values=True) if not _SESSION.match(k)]
        return urlunsplit((parts.scheme, parts.netloc, parts.path, urlencode(pairs), ""))
    except ValueError:
        return ""


def _text(item: Selector, rules: Posts) -> str:
    cut: set[Element] = set()
    for selector in (rules.quote, rules.author and _PSEUDO.sub("", rules.author)):
        if selector:
            cut |= {one.root for one in item.css(selector) if one.root is not item.root}
    found = item.css(rules.text)
    inside: set[Element] = set()
    parts = []
    for one in found[:50]:
        if _within(one.root, inside):
            continue  # a text element inside another one says the same words
        inside.add(one.root)
        if not _within(one.root, cut):
            parts.append(words(one.root, without=cut))
    return joined_once(*parts)


def _within(element: Element, others: set[Element]) -> bool:
    around: Element | None = element
    while around is not None:
        if around in others:
            return True
        around = around.getparent()
    return False


def _words_of(within: Selector, selector: str | None) -> str:
    found = within.css(selector)[:1] if selector else []
    return words(found[0].root) if found else ""


def value(within: Selector, selector: str | None) -> str:
    """The first value that a selector finds, on one line; empty when there is none."""
    if selector is None:
        return ""
    found = within.css(selector)[:1]
    if not found:
        return ""
    first = found[0].root
    return tidy(first if isinstance(first, str) else words(first)).replace("\n", " ")[:2048]
