"""One message of a Telegram channel preview: its number, its own words and its time.

Signature, forwarder, contact cards and the quoted message are somebody's; they are never read.
"""

import base64
import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum, auto

from collectors.readers.html_tree import Element, classes, css
from collectors.readers.html_words import joined_once, words

_REF = re.compile(r"^([A-Za-z0-9_]{2,64})/([0-9]{1,12})$")
_LINK = re.compile(r"^(?:https?:)?//(?:www\.)?(?:t|telegram)\.me/(?:s/)?([A-Za-z0-9_]{2,64})/([0-9]{1,12})(?:[?#]|$)")
_EDITED = re.compile(r"\b(?:edited|bewerkt)\b", re.I)
MOST_PARTS = 40


_TEXT = css(".js-message_text")
_TEXT_OF_OLD = css(".tgme_widget_message_text")
_META = css(".tgme_widget_message_meta")
_DATE = css("a.tgme_widget_message_date")
_TIME = css(".tgme_widget_message_date time[datetime]")
_SINGLES = css("a[href*='single']")
_MEDIA_KINDS = """
photo video roundvideo voice audio document sticker tgsticker videosticker poll location contact grouped invoice game
giveaway story
"""
_MEDIA = css(
    ", ".join(f"[class*='tgme_widget_message_{kind}']" for kind in _MEDIA_KINDS.split())
    + ", [class*='message_media_not_supported']"
)
_FURTHER = tuple(
    css(f".tgme_widget_message_{name}" if not name.startswith("link_") else f".{name}")
    for name in (
        "poll_question",
        "poll_option_text",
        "document_title",
        "audio_title",
        "location_title",
        "location_address",
        "link_preview_title",
        "link_preview_description",
    )
)


# Whose it is and what stands around it. In a page with a tag left open they may lie inside the text.
_PEOPLE_NAMES = """
author user reply forwarded_from from_author via_bot footer reactions inline_keyboard meta info views date contact
"""
_PEOPLE = ", ".join(f"[class*='tgme_widget_message_{name}']" for name in _PEOPLE_NAMES.split())
_NOT_TEXT = css(_PEOPLE)
# Of these no word was posted either, or it is read by its own selector.
_AROUND = css(
    f"{_PEOPLE}, .message_media_view_in_telegram, .link_preview_site_name, [class*='not_supported_label'], "
    "[class*='not_supported_wrap']:not(.tgme_widget_message), [class*='_duration'], [class*='_document'], "
    "[class*='_audio'], [class*='_poll'], time"
)
_QUOTED = frozenset({"tgme_widget_message_reply", "js-message_reply_text"})
_MARKUP = 'class="tgme_'
_WORDS_WE_MISSED = 3


class Kind(Enum):
    """What a message block turned out to be."""

    WORDS = auto()
    MEDIA_ALONE = auto()
    SERVICE = auto()
    UNREADABLE = auto()


@dataclass(frozen=True, slots=True, repr=False)
class Message:
    """What one block says. `number` is None where it has none to be known by; `album` counts its further numbers.

    `channel` is the channel's own number, which outlives its name; `foot` tells whether the block came to its end.
    """

    kind: Kind
    name: str
    number: int | None
    album: tuple[int, ...]
    channel: int | None
    text: str
    posted_at: datetime | None
    edited: bool
    foot: bool


def read_message(block: Element) -> Message:
    """The message of a `.tgme_widget_message` block."""
    name, number = _reference(block)
    dates = _DATE(block)
    kind, text = Kind.SERVICE, ""
    if "service_message" not in classes(block):
        text = _words(block)
        kind = Kind.WORDS if text else _wordless(block)
        if _MARKUP in text:
            kind, text = Kind.UNREADABLE, ""  # a broken tag made words of the page's own markup, signature and all
    meta = _META(block)
    return Message(
        kind=kind,
        name=name,
        number=number,
        album=_album(block, name),
        channel=_channel(block.get("data-view", "")),
        text=text,
        posted_at=_moment(block),
        # The words beside the time, not those of the time itself.
        edited=bool(meta) and bool(_EDITED.search(words(meta[0], without=dates)[:200])),
        foot=bool(dates),
    )


def _reference(block: Element) -> tuple[str, int | None]:
    found = _REF.match(block.get("data-post", "").strip())
    if found is None:
        found = next(filter(None, (_LINK.match(date.get("href", "").strip()) for date in _DATE(block))), None)
    return (found[1].lower(), int(found[2])) if found else ("", None)


def _album(block: Element, name: str) -> tuple[int, ...]:
    numbers = []
    for link in _SINGLES(block)[:MOST_PARTS]:
        found = _LINK.match(link.get("href", "").strip())
        if found and found[1].lower() == name:
            numbers.append(int(found[2]))
    return tuple(numbers)


def _channel(view: str) -> int | None:
    """The channel's number out of `data-view`, which is base64url JSON when it is whole."""
    if not view or len(view) > 4096:
        return None
    try:
        told = json.loads(base64.urlsafe_b64decode(view + "=" * (-len(view) % 4)))
    except (ValueError, RecursionError):
        return None
    number = told.get("c") if isinstance(told, dict) else None
    return number if isinstance(number, int) and not isinstance(number, bool) and abs(number) < 2**62 else None


def _words(block: Element) -> str:
    """The message's own words, then those of a poll, a file's title, a place and a linked page."""
    own = next(
        (one for one in [*_TEXT(block)[:MOST_PARTS], *_TEXT_OF_OLD(block)[:MOST_PARTS]] if _is_own(one, block)), None
    )
    others = _NOT_TEXT(block)
    parts = [] if own is None else [words(own, without=others)]
    for selector in _FURTHER:
        parts += [words(one, without=others) for one in selector(block)[:MOST_PARTS] if _is_own(one, block)]
    return joined_once(*parts)


def _wordless(block: Element) -> Kind:
    """A picture without words, or a block of a make that we do not know: words stand in it where none should."""
    left = words(block, without=_AROUND(block))
    return Kind.MEDIA_ALONE if _MEDIA(block) and len(left.split()) < _WORDS_WE_MISSED else Kind.UNREADABLE


def _is_own(element: Element, block: Element) -> bool:
    """Whether these words are the message's, not those of the one it answers."""
    while element is not block:
        if _QUOTED & set(classes(element)):
            return False
        parent = element.getparent()
        if parent is None:
            return False
        element = parent
    return True


def _moment(block: Element) -> datetime | None:
    for time in _TIME(block)[:1]:
        try:
            moment = datetime.fromisoformat(time.get("datetime", "").strip())
            return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
        except (ValueError, OverflowError):
            return None
    return None
