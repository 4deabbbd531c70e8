"""Reddit's posts and comments as our posts. Pure; who wrote them, and what others wrote in a crosspost, is never read.

What was deleted or removed becomes a removal; what asks for an age, an account or no robots is left out.
"""

import html
import re
from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from collectors.moments import from_seconds
from collectors.readers.found import Found
from collectors.readers.html_words import joined
from collectors.readers.lenient_json import fields, items
from collectors.readers.lenient_models import Soft, Words, fitted
from collectors.readers.reddit.calls import FULLNAME, WEB
from collectors.readers.versions import digest, removed, revision
from collectors.unmasked import Gone, UnmaskedPost
from signals.post import Source

_GONE = re.compile(r"^\[\s*(?:deleted|removed|unavailable)(?:\s+by\s.{0,200})?\s*\]$", re.IGNORECASE | re.DOTALL)
_PERMALINK = re.compile(r"^/r/(?!u_)[A-Za-z0-9_]{2,21}/comments/[0-9a-z]{1,13}(?:/[^\s?#]{0,300})?$", re.IGNORECASE)
_CLOSED_KINDS = frozenset({"private", "employees_only", "gold_only"})
_BLANKS = {"&#x200B;": "", "&nbsp;": " "}


class _Thing(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)

    id: Annotated[Words, Field(pattern=r"^[0-9a-z]{1,13}$")]
    permalink: Soft[Words] = None
    created_utc: Soft[float] = None
    edited: Soft[bool | float] = None
    subreddit: Soft[str] = None
    subreddit_type: Soft[str] = None
    over_18: Soft[bool] = None
    quarantine: Soft[bool] = None
    promoted: Soft[bool] = None
    removed_by_category: Soft[str] = None
    banned_by: object = None

    @property
    def withheld(self) -> str | None:
        """Why this is not for everyone without an account, or not ours to read."""
        if self.subreddit_type == "user" or (self.subreddit or "").casefold().startswith("u_"):
            return "personal_page"
        if self.subreddit_type in _CLOSED_KINDS:
            return "not_public"
        if self.quarantine:
            return "quarantined"
        if self.over_18:
            return "age_gate"
        return "promoted" if self.promoted else None

    @property
    def edited_at(self) -> datetime | None:
        """When it was last edited; very old edits are told without a moment."""
        return None if self.edited is None or isinstance(self.edited, bool) else from_seconds(self.edited)


class _Post(_Thing):
    title: Words
    selftext: Soft[Words] = None
    is_robot_indexable: Soft[bool] = None
    gallery_data: object = None
    poll_data: object = None


class _Comment(_Thing):
    body: Words
    link_id: Soft[Annotated[Words, Field(pattern=r"^t3_[0-9a-z]{1,13}$")]] = None


def read_thing(kind: str, data: object, found: Found, path: str, seen_at: datetime, *, escaped: bool) -> None:
    """Read one post (`t3`) or comment (`t1`) into what is found. `escaped`: the answer wrote `< > &` as entities."""
    found.items += 1
    thing = fitted(_Post if kind == "t3" else _Comment, data, found.aside, path)
    if not isinstance(thing, _Post | _Comment):
        return
    created = from_seconds(thing.created_utc)
    found.note(created)
    name = f"{kind}_{thing.id}"
    shown = [_plain(part, escaped) for part in _parts(thing)]
    changed = thing.edited_at or created
    if thing.removed_by_category or thing.banned_by or any(_GONE.match(part) for part in shown[:2]):
        found.gone.append(thing_gone(name, seen_at))
        found.oddities["removed"] += 1
        return
    withheld = thing.withheld or ("noindex" if isinstance(thing, _Post) and thing.is_robot_indexable is False else None)
    if withheld:
        found.leave_out(withheld, thing_gone(name, seen_at, withheld))
        return
    text = joined(*shown)
    if not text:
        found.oddities["no_text"] += 1
        return
    found.posts.append(
        UnmaskedPost(
            source=Source.REDDIT_POST,
            native_id=name,
            version=f"edited:{thing.edited}" if thing.edited_at else digest(text),
            revision=revision(changed, seen_at),
            text=text,
            posted_at=created,
            link=_link(thing),
            edited=bool(thing.edited),
        )
    )


def thing_gone(name: str, seen_at: datetime, reason: str = "gone") -> Gone:
    """The record that a post or comment is gone."""
    return Gone(Source.REDDIT_POST, name, removed(reason, seen_at), revision(seen_at, seen_at))


def fullname(kind: str, data: object) -> str | None:
    """The name under which Reddit knows a thing, or None when it cannot be told."""
    told = fields(data).get("id")
    name = f"{kind}_{told}" if isinstance(told, str) else ""
    return name if FULLNAME.match(name) else None


def writes_entities(data: object) -> bool | None:
    """Whether an answer writes `<` as an entity, as its own markup shows; None where an item has no markup."""
    for name in ("selftext_html", "body_html"):
        markup = fields(data).get(name)
        if isinstance(markup, str) and markup.lstrip()[:1] in ("<", "&"):
            return markup.lstrip().startswith("&lt;")
    return None


def _parts(thing: "_Post | _Comment") -> list[str]:
    if isinstance(thing, _Comment):
        return [thing.body]
    captions = [fields(item).get("caption") for item in items(fields(thing.gallery_data).get("items"))]
    options = [fields(item).get("text") for item in items(fields(thing.poll_data).get("options"))]
    return [thing.title, thing.selftext or "", *(one for one in (*captions, *options) if isinstance(one, str))]


def _plain(words: str, escaped: bool) -> str:
    if escaped:
        words = html.unescape(words)
    for written, meant in _BLANKS.items():
        words = words.replace(written, meant)
    return words.strip()


def _link(thing: "_Post | _Comment") -> str:
    if thing.permalink and _PERMALINK.match(thing.permalink):
        return f"{WEB}{thing.permalink}"
    if isinstance(thing, _Comment):
        under = (thing.link_id or "t3_").removeprefix("t3_")
        return f"{WEB}/comments/{under}/_/{thing.id}" if under else f"{WEB}/api/info?id=t1_{thing.id}"
    return f"{WEB}/comments/{thing.id}"
