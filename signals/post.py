"""A public post as it travels: masked text, time, platform and kind, and its link sealed. Never an author.

Also the record that a post is gone. Making them from a source's answer is the collectors' work.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import Field, TypeAdapter, model_validator

from signals.frozen import Frozen
from signals.moment import Moment

MAX_TEXT = 20_000
"""Longest text of a post in code points; a collector refuses longer ones (reason `too_large`)."""


class Source(StrEnum):
    """Platform and kind of a post. Never an address, a channel or a name."""

    BLUESKY_POST = "bluesky-post"
    FEED_ENTRY = "feed-entry"
    MASTODON_POST = "mastodon-post"
    YOUTUBE_VIDEO = "youtube-video"
    YOUTUBE_COMMENT = "youtube-comment"
    TELEGRAM_POST = "telegram-post"
    REDDIT_POST = "reddit-post"
    WEB_PAGE = "web-page"
    EXPORT = "export"
    TIP = "tip"
    OBSERVATION = "observation"


HUMAN_SOURCES = frozenset({Source.TIP, Source.OBSERVATION})
"""Sources where a professional typed the text: they need no order and always reach the queue."""

SOURCE_LABELS: dict[Source, str] = {
    Source.BLUESKY_POST: "Bluesky-post",
    Source.FEED_ENTRY: "Bericht uit een feed",
    Source.MASTODON_POST: "Mastodon-bericht",
    Source.YOUTUBE_VIDEO: "YouTube-video",
    Source.YOUTUBE_COMMENT: "YouTube-reactie",
    Source.TELEGRAM_POST: "Bericht uit een Telegramkanaal",
    Source.REDDIT_POST: "Reddit-bericht",
    Source.WEB_PAGE: "Bericht op een website",
    Source.EXPORT: "Export van een tool",
    Source.TIP: "Tip van een professional",
    Source.OBSERVATION: "Waarneming van een professional",
}


Revision = Annotated[int, Field(ge=-(2**63), lt=2**63)]
"""Orders versions of one post; fits the database's bigint."""


class Sealed(Frozen):
    """Bytes that only the unseal service can open: encrypted under a data key of their own.

    The data key is wrapped to the public key of `key_day`; deleting the wrapped key shreds the content.
    """

    key_day: date
    wrapped_key: Annotated[bytes, Field(max_length=1024)]
    box: Annotated[bytes, Field(max_length=256 * 1024)]


class Post(Frozen):
    """One version of one post, masked. `id` and `event_id` are keyed hashes (`signals.ids`).

    `revision` orders versions of one post: microseconds since 1970 at the source, newest wins.
    `posted_at` is what the source claims (it may be missing or wrong), `seen_at` is ours.
    `link_hash` is a keyed hash of the canonical public link, for a person's request by link.
    `names` holds the same text with personal names readable, sealed; absent where none was masked.
    """

    kind: Literal["post"] = "post"
    id: UUID
    event_id: UUID
    revision: Revision
    source: Source
    order_id: UUID | None
    text: Annotated[str, Field(min_length=1, max_length=MAX_TEXT)]
    lang_hint: Annotated[str, Field(max_length=16)] | None = None
    posted_at: Moment | None = None
    seen_at: Moment
    link: Sealed | None = None
    link_hash: Annotated[str, Field(max_length=128)] | None = None
    names: Sealed | None = None

    @model_validator(mode="after")
    def _collected_under_an_order(self) -> Self:
        if self.order_id is None and self.source not in HUMAN_SOURCES:
            raise ValueError("a collected post names the order it was collected under")
        return self

    @property
    def moment(self) -> datetime:
        """When the post was written, as far as known; not later than when it was seen."""
        return min(self.posted_at, self.seen_at) if self.posted_at else self.seen_at


class PostRemoved(Frozen):
    """The source says that a post is gone. An ordinary record: every worker passes it on unfiltered."""

    kind: Literal["removed"] = "removed"
    id: UUID
    event_id: UUID
    revision: Revision
    source: Source
    order_id: UUID | None
    seen_at: Moment


PostRecord = Annotated[Post | PostRemoved, Field(discriminator="kind")]
POST_RECORD: TypeAdapter[Post | PostRemoved] = TypeAdapter(PostRecord)
"""Reads and writes a record as JSON; raises pydantic's ValidationError on anything else."""
