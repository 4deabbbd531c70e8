"""One post as the Bluesky AppView shows it (postView): to a post, or to the code of why it is left out.

The author's name, the counts, quoted and replied posts are never read; only the labels that say who may see it are.
"""

import re
from collections import Counter
from datetime import datetime

from collectors.moments import moment
from collectors.readers.bluesky.facets import marked
from collectors.readers.html_words import joined
from collectors.readers.lenient_json import Fields, encodable, fields, items, words
from collectors.readers.versions import revision
from collectors.refused import Refused
from collectors.unmasked import UnmaskedPost
from signals.dead_letter import DeadReason
from signals.post import Source

COLLECTION = "app.bsky.feed.post"
NOT_PUBLIC = frozenset({"!no-unauthenticated", "!hide", "!takedown", "!suspend"})
"""Labels that say: not for people without an account, or for nobody."""

_HERE = "collectors/readers/bluesky/post.py"
_URI = re.compile(r"at://(did:[a-z]+:[A-Za-z0-9._:%-]{1,240})/([A-Za-z0-9.-]{1,317})/([A-Za-z0-9._:~-]{1,512})")


def post(view: object, seen_at: datetime, oddities: Counter[str]) -> UnmaskedPost | str:
    """The post of a postView, or the code of why it is left out. Raises `Refused`.

    The consent of the author is looked at before anything else: what is not for us is not set aside either.
    """
    told = fields(view)
    author, record = told.get("author"), told.get("record")
    if not isinstance(author, dict):
        return "author_unread"
    if objection := _objection(author, told, record, seen_at):
        return objection
    if not isinstance(record, dict):
        raise Refused(DeadReason.SCHEMA, "post.record", _HERE)
    if record.get("$type", COLLECTION) != COLLECTION:
        return "no_post"
    did, rkey = identity(told.get("uri"))
    if author.get("did") != did:
        raise Refused(DeadReason.SCHEMA, "post.author.did", _HERE)
    text, tags = _text(record, oddities)
    if not text:
        return "no_words" if record.get("embed") else "empty"
    version = words(told.get("cid"))
    if not version:
        raise Refused(DeadReason.SCHEMA, "post.cid", _HERE)
    posted_at = moment(record.get("createdAt"))
    return UnmaskedPost(
        source=Source.BLUESKY_POST,
        native_id=f"{did}/{COLLECTION}/{rkey}",
        version=version,
        # Posts are not edited here, so that the moment of indexing is the moment of this version.
        revision=revision(moment(told.get("indexedAt")) or posted_at, seen_at),
        text=text,
        posted_at=posted_at,
        link=f"https://bsky.app/profile/{did}/post/{rkey}",
        lang=next((lang for lang in items(record.get("langs")) if isinstance(lang, str)), None),
        hashtags=tags,
    )


def identity(uri: object) -> tuple[str, str]:
    """The DID and the record key of a post's address (at://…). Raises `Refused`."""
    found = _URI.fullmatch(uri) if isinstance(uri, str) and len(uri) < 2048 else None
    if found is None or found[2] != COLLECTION:
        raise Refused(DeadReason.SCHEMA, "post.uri", _HERE)
    return found[1], found[3]


def kept(view: object) -> object:
    """What may lie with the dead letters: the record and its version, without author, viewer and quoted posts."""
    told = fields(view)
    return {name: told[name] for name in ("cid", "indexedAt", "record") if name in told}


def _objection(author: Fields, view: Fields, record: object, seen_at: datetime) -> str:
    own = fields(record).get("labels")
    if own is not None and not isinstance(own, dict):
        return "consent_unread"
    for labels in (author.get("labels"), view.get("labels"), fields(own).get("values")):
        if labels is not None and not isinstance(labels, list):
            return "consent_unread"
        for label in items(labels):
            value = fields(label).get("val")
            if not isinstance(value, str):
                return "consent_unread"
            if value in NOT_PUBLIC and _in_force(fields(label), seen_at):
                return "no_unauthenticated" if value == "!no-unauthenticated" else "hidden_by_label"
    return ""


def _in_force(label: Fields, seen_at: datetime) -> bool:
    until = moment(label.get("exp"))
    return label.get("neg") is not True and (until is None or until > seen_at)


def _text(record: Fields, oddities: Counter[str]) -> tuple[str, tuple[str, ...]]:
    written = record.get("text")
    if not isinstance(written, str):
        raise Refused(DeadReason.SCHEMA, "post.record.text", _HERE)
    if not encodable(written):
        raise Refused(DeadReason.INVALID_UTF8, "post.record.text", _HERE)
    read = marked(written, record.get("facets"), oddities)
    text = joined(read.text, *_embedded(record.get("embed"), oddities))
    tags = (*(words(tag) for tag in items(record.get("tags"))), *read.tags)
    return text, tuple(dict.fromkeys(tag for tag in tags if tag))


def _embedded(embed: object, oddities: Counter[str]) -> list[str]:
    """Alt texts and the title and description of a link; a quoted post in the same embed is someone else's."""
    if embed is None:
        return []
    if not isinstance(embed, dict):
        oddities["odd_embed"] += 1
        return []
    media = embed.get("media")
    own = media if isinstance(media, dict) else embed
    external = fields(own.get("external"))
    pictures = (*items(own.get("images")), *items(own.get("items")))  # a gallery calls its pictures items
    found = (
        own.get("alt"),
        *(fields(picture).get("alt") for picture in pictures),
        external.get("title"),
        external.get("description"),
    )
    return [words(part) for part in found]
