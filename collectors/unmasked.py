"""What a source gave, before masking. It lives only in a collector's memory and never prints itself.

There is no field for an author: a collector that reads one drops it while it reads.
"""

from dataclasses import dataclass
from datetime import datetime

from signals.post import Source


@dataclass(frozen=True, slots=True, repr=False)
class UnmaskedPost:
    """One version of one post as its source tells it.

    `native_id` and `link` may carry a handle: `collectors.post_maker` hashes and seals them, then they are dropped.
    `revision` counts microseconds since 1970; `hashtags` are those the source lists apart from the text. `edited` says
    that an earlier version may have been collected: when this one is outside the scope, that one has to go.
    """

    source: Source
    native_id: str
    version: str
    revision: int
    text: str
    posted_at: datetime | None = None
    link: str | None = None
    lang: str | None = None
    hashtags: tuple[str, ...] = ()
    edited: bool = False

    def __repr__(self) -> str:
        return "UnmaskedPost(…)"


@dataclass(frozen=True, slots=True, repr=False)
class Gone:
    """A source's word that a post is gone."""

    source: Source
    native_id: str
    version: str
    revision: int

    def __repr__(self) -> str:
        return "Gone(…)"
