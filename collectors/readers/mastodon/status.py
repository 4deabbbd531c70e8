"""One status as Mastodon and compatible servers write it: to a post, a removal, or the code of why it is left out.

Author, mentions, boosted and quoted posts are never read into it.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from collectors.moments import moment
from collectors.readers.html_words import joined
from collectors.readers.lenient_json import Fields, fields, items, words
from collectors.readers.mastodon.consent import Way, objection
from collectors.readers.mastodon.words import plain
from collectors.readers.versions import digest, revision
from collectors.refused import Refused
from collectors.unmasked import Gone, UnmaskedPost
from signals.dead_letter import DeadReason
from signals.post import Source

UNREADABLE = frozenset({"account_unread", "empty", "no_status", "set_aside"})
"""Codes that tell of a form that is not as expected, rather than of someone's choice."""
UNTOLD = frozenset({"consent_untold", "profile_unread"})
"""Codes of posts whose author's wish could not be read: not collected, but not withdrawn either."""
MOST_ID = 2048

_HERE = "collectors/readers/mastodon/status.py"
_KEPT = (
    "id",
    "created_at",
    "edited_at",
    "visibility",
    "language",
    "spoiler_text",
    "content",
    "media_attachments",
    "poll",
)


@dataclass(frozen=True, slots=True)
class Terms:
    """Under which terms statuses are read: how they were found, whether someone agreed, and whether the software says
    the same of everyone (`consent`, `software`)."""

    way: Way
    agreed: bool = False
    same_for_all: bool = False


def status(found: object, terms: Terms, seen_at: datetime, oddities: Counter[str]) -> UnmaskedPost | Gone | str:
    """What one status says. Raises `Refused`.

    Visibility and consent are looked at before anything else: what is not for us is not set aside either.
    """
    if not isinstance(found, dict):
        return "no_status"
    if found.get("reblog") is not None:
        return "boost"
    if found.get("visibility") != "public":
        return "not_public" if isinstance(found.get("visibility"), str) else "no_status"
    if said := objection(found.get("account"), terms.way, agreed=terms.agreed, same_for_all=terms.same_for_all):
        return said
    native_id = found.get("uri")
    if not isinstance(native_id, str) or not 0 < len(native_id) <= MOST_ID:
        raise Refused(DeadReason.SCHEMA, "uri", _HERE)
    if not isinstance(found.get("content"), str):
        raise Refused(DeadReason.SCHEMA, "content", _HERE)
    own = _own_words(found, oddities)
    text = joined(*own, *_card(found.get("card")))
    edited = found.get("edited_at") is not None
    written, changed = moment(found.get("created_at")), moment(found.get("edited_at"))
    at = revision(changed if edited else written, seen_at)
    version = words(found.get("edited_at")) if changed is not None else digest(*own)
    if not text:
        if edited:  # an edit that takes the words away takes the post away, as far as we can read
            return Gone(Source.MASTODON_POST, native_id, f"removed:{version}", at or revision(seen_at, seen_at))
        return "no_words" if found.get("media_attachments") else "empty"
    return UnmaskedPost(
        source=Source.MASTODON_POST,
        native_id=native_id,
        version=version,
        revision=at,
        text=text,
        posted_at=written,
        link=words(found.get("url")) or native_id,
        lang=None if terms.same_for_all else words(found.get("language")) or None,
        hashtags=tuple(name for tag in items(found.get("tags")) if (name := words(fields(tag).get("name")))),
        edited=edited,
    )


def kept(found: object) -> object:
    """What may lie with the dead letters: words and times, without account, mentions, boosted and quoted posts."""
    told = fields(found)
    return {name: told[name] for name in _KEPT if name in told}


def _own_words(found: Fields, oddities: Counter[str]) -> list[str]:
    """Warning, words, choices of a poll, alt texts. A part of the wrong type is counted, and costs only itself."""
    mentioned = {url for one in items(found.get("mentions")) if (url := words(fields(one).get("url")))}
    for name, kind in (
        ("spoiler_text", str),
        ("media_attachments", list),
        ("poll", dict),
        ("card", dict),
        ("tags", list),
    ):
        if not isinstance(found.get(name), kind | None):
            oddities[f"odd_{name}"] += 1
    choices = [words(fields(one).get("title")) for one in items(fields(found.get("poll")).get("options"))]
    return [
        words(found.get("spoiler_text")),
        plain(str(found.get("content")), mentioned),
        "\n".join(choice for choice in choices if choice),
        *(words(fields(one).get("description")) for one in items(found.get("media_attachments"))),
    ]


def _card(card: object) -> tuple[str, str]:
    """Title and description of the page that a link leads to. Servers add them later, so they make no new version."""
    return words(fields(card).get("title")), words(fields(card).get("description"))
