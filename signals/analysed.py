"""A post after analysis, as it travels to the queue. The text goes along only when a person will read it.

Every analysed post makes one, also an unflagged one: an edit that takes the threat out must reach the queue too.
"""

from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import Field, TypeAdapter, model_validator

from signals.analysis import Analysis
from signals.frozen import Frozen
from signals.moment import Moment
from signals.post import HUMAN_SOURCES, Post, PostRemoved, Revision, Source


class Analysed(Frozen):
    """One version of one post with its analysis; `post` is there when it is flagged or came from a professional."""

    kind: Literal["analysed"] = "analysed"
    post_id: UUID
    event_id: UUID
    revision: Revision
    source: Source
    order_id: UUID | None
    seen_at: Moment
    analysis: Analysis
    post: Post | None

    @model_validator(mode="after")
    def _text_only_where_needed(self) -> Self:
        if (self.post is not None) != (self.analysis.flagged or self.source in HUMAN_SOURCES):
            raise ValueError("the post goes along exactly when it is flagged or a professional brought it")
        return self


def analysed(post: Post, analysis: Analysis) -> Analysed:
    """Join a post and its analysis; an unflagged post leaves its text, places and facts behind."""
    for_reader = analysis.flagged or post.source in HUMAN_SOURCES
    if not for_reader:
        analysis = analysis.model_copy(update={"places": (), "facts": type(analysis.facts)(), "window": None})
    return Analysed(
        post_id=post.id,
        event_id=post.event_id,
        revision=post.revision,
        source=post.source,
        order_id=post.order_id,
        seen_at=post.seen_at,
        analysis=analysis,
        post=post if for_reader else None,
    )


AnalysedRecord = Annotated[Analysed | PostRemoved, Field(discriminator="kind")]
ANALYSED_RECORD: TypeAdapter[Analysed | PostRemoved] = TypeAdapter(AnalysedRecord)
"""Reads and writes a record of the signals topic as JSON."""
