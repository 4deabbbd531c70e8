"""A post after analysis, as it travels to the queue. The text goes along only when a person will read it.

Every analysed post makes one, also an unflagged one: an edit that takes the threat out must reach the queue too. Of the
unflagged ones a few are drawn for a blind sample, so that what is missed is known: their masked text goes along, alone.
"""

from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import Field, TypeAdapter, model_validator

from signals.analysis import Analysis, Facts
from signals.frozen import Frozen
from signals.moment import Moment
from signals.post import HUMAN_SOURCES, Post, PostRemoved, Revision, Source


class Analysed(Frozen):
    """One version of one post with its analysis.

    `post` is there when it is flagged or came from a professional, and when it was sampled: drawn by chance among what
    is not flagged, to be read in a lane of its own. A sampled one has no link and no names.
    """

    kind: Literal["analysed"] = "analysed"
    post_id: UUID
    event_id: UUID
    revision: Revision
    source: Source
    order_id: UUID | None
    seen_at: Moment
    analysis: Analysis
    post: Post | None
    # Left out where it is false, so that a reader of the topic that does not know it yet goes on.
    sampled: Annotated[bool, Field(exclude_if=lambda sampled: not sampled)] = False

    @model_validator(mode="after")
    def _text_only_where_needed(self) -> Self:
        for_reader = self.analysis.flagged or self.source in HUMAN_SOURCES
        if (self.post is not None) != (for_reader or self.sampled):
            raise ValueError("the post goes along exactly when it is flagged, sampled or a professional brought it")
        if self.sampled and (for_reader or self.post is None or self.post != _bare(self.post)):
            raise ValueError("only what is not flagged is sampled, without its link and names")
        return self


_NO_FACTS = Facts()


def analysed(post: Post, analysis: Analysis, sampled: bool = False) -> Analysed:
    """Join a post and its analysis; an unflagged post leaves its text, places and facts behind, unless it is sampled.

    Whether it was drawn says nothing about a post that a reader sees anyway.
    """
    for_reader = analysis.flagged or post.source in HUMAN_SOURCES
    sampled = sampled and not for_reader
    if not for_reader and (analysis.places or analysis.window or analysis.facts != _NO_FACTS):
        analysis = analysis.model_copy(update={"places": (), "facts": _NO_FACTS, "window": None})
    return Analysed(
        post_id=post.id,
        event_id=post.event_id,
        revision=post.revision,
        source=post.source,
        order_id=post.order_id,
        seen_at=post.seen_at,
        analysis=analysis,
        post=post if for_reader else _bare(post) if sampled else None,
        sampled=sampled,
    )


def _bare(post: Post) -> Post:
    return post.model_copy(update={"link": None, "link_hash": None, "names": None})


AnalysedRecord = Annotated[Analysed | PostRemoved, Field(discriminator="kind")]
ANALYSED_RECORD: TypeAdapter[Analysed | PostRemoved] = TypeAdapter(AnalysedRecord)
"""Reads and writes a record of the signals topic as JSON."""
