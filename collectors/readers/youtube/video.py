"""Videos of the YouTube Data API as posts. Pure; the channel and its name are never read.

What YouTube shows only to some (private, unlisted, with an age gate) or made for children is withheld.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from collectors.moments import moment
from collectors.readers.html_words import joined
from collectors.readers.lenient_json import fields, strings
from collectors.readers.lenient_models import Soft, Words
from collectors.readers.versions import digest, removed, revision
from collectors.readers.youtube.calls import ID
from collectors.unmasked import Gone, UnmaskedPost
from signals.post import Source

NativeId = Annotated[Words, Field(pattern=ID.pattern)]


class YouTubeItem(BaseModel):
    """Camel case at the source; fields that are not named here are not read."""

    model_config = ConfigDict(alias_generator=to_camel, extra="ignore", frozen=True)


class _VideoSnippet(YouTubeItem):
    title: Words
    description: Soft[Words] = None
    published_at: Soft[str] = None
    default_language: Soft[Words] = None
    default_audio_language: Soft[Words] = None
    tags: object = None


class _Status(YouTubeItem):
    privacy_status: Soft[str] = None
    upload_status: Soft[str] = None
    made_for_kids: Soft[bool] = None


class _Rating(YouTubeItem):
    yt_rating: Soft[str] = None


class _ContentDetails(YouTubeItem):
    content_rating: Soft[_Rating] = None


class _Statistics(YouTubeItem):
    comment_count: Soft[str | int] = None


class Video(YouTubeItem):
    """What is read of a video."""

    id: NativeId
    snippet: _VideoSnippet
    status: Soft[_Status] = None
    content_details: Soft[_ContentDetails] = None
    statistics: Soft[_Statistics] = None

    @property
    def withheld(self) -> str | None:
        """Why this video is not for everyone without an account, or not ours to read."""
        status = self.status or _Status()
        if status.upload_status in ("deleted", "rejected", "failed"):
            return f"upload_{status.upload_status}"
        if status.privacy_status not in (None, "public"):
            return "not_public"
        if status.made_for_kids:
            return "made_for_kids"
        rating = (self.content_details or _ContentDetails()).content_rating
        return "age_gate" if rating and rating.yt_rating == "ytAgeRestricted" else None

    @property
    def comment_count(self) -> str | None:
        """How many comments there are, as the source writes it; None where comments are off."""
        count = None if self.statistics is None else self.statistics.comment_count
        return None if count is None else str(count)[:20]


def video_post(video: Video) -> UnmaskedPost | None:
    """A video's title and description as a post; None when there are no words.

    The platform dates no edit, so the words are the version. Numbers of views and thumbs do not make a new one.
    """
    snippet = video.snippet
    text = joined(snippet.title, snippet.description)
    if not text:
        return None
    return UnmaskedPost(
        source=Source.YOUTUBE_VIDEO,
        native_id=video.id,
        version=digest(text),
        revision=0,
        text=text,
        posted_at=moment(snippet.published_at),
        link=f"https://www.youtube.com/watch?v={video.id}",
        lang=snippet.default_language or snippet.default_audio_language,
        hashtags=tuple(strings(snippet.tags)),
    )


def video_gone(video_id: str, seen_at: datetime, reason: str = "gone") -> Gone:
    """The record that a video is deleted, private, or no longer ours to read."""
    return Gone(Source.YOUTUBE_VIDEO, video_id, removed(reason, seen_at), revision(seen_at, seen_at))


def search_ids(listed: Iterable[object]) -> list[tuple[str, datetime | None]]:
    """The videos that a search found. Its titles are cut and escaped; the videos themselves are asked for instead."""
    found = []
    for item in listed:
        one, at = fields(fields(item).get("id")).get("videoId"), fields(fields(item).get("snippet")).get("publishedAt")
        if isinstance(one, str) and ID.match(one):
            found.append((one, moment(at) if isinstance(at, str) else None))
    return found


def playlist_ids(listed: Iterable[object]) -> list[tuple[str, datetime | None]]:
    """The videos on a page of a playlist, with the moment each was published."""
    found = []
    for item in listed:
        details, snippet = fields(fields(item).get("contentDetails")), fields(fields(item).get("snippet"))
        one = details.get("videoId") or fields(snippet.get("resourceId")).get("videoId")
        at = details.get("videoPublishedAt") or snippet.get("publishedAt")
        if isinstance(one, str) and ID.match(one):
            found.append((one, moment(at) if isinstance(at, str) else None))
    return found
