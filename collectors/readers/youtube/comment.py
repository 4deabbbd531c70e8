"""Comments and replies of the YouTube Data API as posts. Pure; who wrote them is never read."""

import re
from datetime import datetime

from collectors.moments import moment
from collectors.readers.found import Found
from collectors.readers.html_tree import TooDeep
from collectors.readers.html_words import words_of
from collectors.readers.lenient_json import fields, items, set_aside
from collectors.readers.lenient_models import Soft, Words, fitted, impersonal
from collectors.readers.versions import digest, removed, revision
from collectors.readers.youtube.calls import ID
from collectors.readers.youtube.video import NativeId, YouTubeItem
from collectors.refused import Refused
from collectors.unmasked import Gone, UnmaskedPost
from signals.dead_letter import DeadReason
from signals.post import Source

_HERE = "collectors/readers/youtube/comment.py"
_MARKUP = re.compile(r"<br\s*/?>|<a\s+href=|<b>|&(?:amp|lt|gt|quot|#39);", re.IGNORECASE)


class _CommentSnippet(YouTubeItem):
    text_display: Soft[Words] = None
    text_original: Soft[Words] = None
    video_id: Soft[NativeId] = None
    parent_id: Soft[NativeId] = None
    moderation_status: Soft[str] = None
    published_at: Soft[str] = None
    updated_at: Soft[str] = None


class _Comment(YouTubeItem):
    id: NativeId
    snippet: _CommentSnippet


class _ThreadSnippet(YouTubeItem):
    video_id: Soft[NativeId] = None
    top_level_comment: object = None
    total_reply_count: Soft[int] = None


class _Thread(YouTubeItem):
    id: Soft[NativeId] = None
    snippet: _ThreadSnippet
    replies: object = None


class _SnippetWithText(_CommentSnippet):
    text_display: Words


class _CommentWithText(_Comment):
    snippet: _SnippetWithText


def comment_gone(comment_id: str, seen_at: datetime, reason: str = "gone") -> Gone:
    """The record that a comment is gone."""
    return Gone(Source.YOUTUBE_COMMENT, comment_id, removed(reason, seen_at), revision(seen_at, seen_at))


def read_comment(item: object, found: Found, path: str, video: str | None, seen_at: datetime) -> None:
    """Read one comment into what is found."""
    found.items += 1
    comment = fitted(_Comment, item, found.aside, path)
    if comment is None:
        return
    snippet = comment.snippet
    if snippet.text_display is None and snippet.text_original is None:
        fitted(_CommentWithText, item, found.aside, path)
        return
    published, updated = moment(snippet.published_at), moment(snippet.updated_at)
    found.note(published or updated)
    if snippet.moderation_status not in (None, "published"):
        found.leave_out("not_published", comment_gone(comment.id, seen_at, "not_published"))
        return
    try:
        text = _words(snippet)
    except TooDeep:
        where = f"{path}.snippet.textDisplay"
        found.aside.append(set_aside(Refused(DeadReason.MALFORMED, where, _HERE), impersonal(item)))
        return
    if not text:
        found.oddities["no_text"] += 1
        return
    if updated is None and published is None:
        found.oddities["no_date"] += 1
    video = snippet.video_id or video
    changed = updated or published
    found.posts.append(
        UnmaskedPost(
            source=Source.YOUTUBE_COMMENT,
            native_id=comment.id,
            version=snippet.updated_at if updated is not None and snippet.updated_at else digest(text),
            revision=revision(changed, seen_at),
            text=text,
            posted_at=published,
            link=None if video is None else f"https://www.youtube.com/watch?v={video}&lc={comment.id}",
            edited=updated is not None and published is not None and updated > published,
        )
    )


def read_thread(item: object, found: Found, path: str, video: str | None, seen_at: datetime) -> tuple[str, bool]:
    """Read a thread, its comment and the replies it carries; answers its id and whether it has more replies."""
    thread = fitted(_Thread, item, found.aside, path)
    if thread is None:
        found.items += 1
        return "", False
    video = thread.snippet.video_id or video
    read_comment(thread.snippet.top_level_comment, found, f"{path}.snippet.topLevelComment", video, seen_at)
    replies = items(fields(thread.replies).get("comments"))
    for number, reply in enumerate(replies):
        read_comment(reply, found, f"{path}.replies.comments.{number}", video, seen_at)
    top = fields(thread.snippet.top_level_comment).get("id")
    parent = top if isinstance(top, str) and ID.match(top) else thread.id or ""
    return parent, (thread.snippet.total_reply_count or 0) > len(replies)


def _words(snippet: _CommentSnippet) -> str:
    """A comment's words. Plain text was asked for, but a server that answers with markup is read as such."""
    if snippet.text_original and snippet.text_original.strip():
        return snippet.text_original.strip()
    shown = snippet.text_display or ""
    return words_of(shown) if _MARKUP.search(shown) else shown.strip()
