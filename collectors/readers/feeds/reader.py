"""Reads RSS and Atom feeds: one conditional request, no pages. The reading is in `feed_entries`."""

from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

from collectors.health import HealthState
from collectors.moments import microseconds
from collectors.readers.feeds.entries import NotAFeed, read
from collectors.readers.reader import AddressWrong, Answer, Ask, Marks, Page, Secrets

_NEWEST = "newest"


@dataclass(frozen=True)
class FeedReader:
    """One feed."""

    address: str = field(repr=False)

    def first(self, marks: Marks) -> Ask:
        """The feed, if it changed."""
        return Ask(self.address, conditional=True)

    def read(self, answer: Answer, marks: Marks) -> Page:
        """The entries that the feed shows now; a feed is a window, so what left it is not gone."""
        try:
            reading = read(answer.body, self.address, answer.headers.get("content-type", ""), answer.seen_at)
        except NotAFeed:
            return Page(state=HealthState.MISPARSED, reason="not_a_feed")
        posts = tuple(replace(entry.post, revision=entry.changed_us or 0) for entry in reading.entries)
        dates = [min(entry.changed_us, microseconds(answer.seen_at)) for entry in reading.entries if entry.changed_us]
        newest = int(marks.get(_NEWEST, "0"))
        return Page(
            posts=posts,
            gone=reading.gone,
            set_aside=reading.set_aside,
            marks={_NEWEST: str(max(newest, *dates))} if dates else {},
            wait=reading.ttl or 0,
            # All of it is newer than all that was seen: what came between has left the window.
            gap=0 < newest < min(dates, default=0),
        )

    def refusal(self, answer: Answer, marks: Marks) -> Page | None:
        """Feeds have no refusals of their own."""
        return None


def reader_of(address: str, secrets: Secrets) -> FeedReader:
    """The reader of one feed's address."""
    return FeedReader(web_address(address))


def web_address(address: str) -> str:
    """An http(s) address. Raises `AddressWrong`."""
    try:
        parts = urlsplit(address)
        fine = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.username is None and parts.port != 0
    except ValueError:
        fine = False
    if not fine:
        raise AddressWrong("write a web address that starts with https://, without a user name")
    return address
