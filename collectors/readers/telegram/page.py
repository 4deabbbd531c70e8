"""A page of a Telegram channel preview (`t.me/s/name`), and the small page that says whether a message still exists.

It tells an empty channel, a page of a new make, a throttled answer and a landing page apart; it asks nothing itself.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto
from urllib.parse import parse_qs, urlsplit

from collectors.readers.html_document import document, keeps_out, wall
from collectors.readers.html_tree import Element, classes, css, walk
from collectors.readers.html_words import words
from collectors.readers.telegram.message import Kind, Message, read_message

MOST_MESSAGES = 200
"""Many more than the twenty of a page."""
FULL_PAGE = 16
"""Blocks from which a page counts as full: twenty messages, fewer when some are joined in albums."""


_NOTHING_FOUND = css(".tme_no_messages_found")
_HISTORY = css(".tgme_channel_history, .tgme_channel_info, .tgme_header_info")
_LANDING = css(".tgme_page, .tgme_page_extra, .tgme_page_action")
_WRAPS = css(".tgme_widget_message_wrap, [data-post]")
_PREVIOUS = css("link[rel='prev'][href], a.tgme_messages_more[data-before], a.tme_messages_more[data-before]")
_ERROR = css(".tgme_widget_message_error, .err_message")
_NOT_FOUND = re.compile(r"not found|niet gevonden|doesn.?t exist|deleted|verwijderd", re.I)
_NUMBER = re.compile(r"^[0-9]{1,12}$")


class Trouble(Enum):
    """Why a page is not read; the names are the reason codes."""

    NOT_HTML = auto()
    NOINDEX = auto()
    NO_PREVIEW = auto()
    THROTTLED = auto()
    NO_ITEMS = auto()
    NO_TEXT_IN_ITEMS = auto()
    CAPTCHA = auto()
    COOKIE_WALL = auto()
    AGE_WALL = auto()
    LOGIN_WALL = auto()


@dataclass(frozen=True, slots=True, repr=False)
class Preview:
    """What a page holds, oldest message first. `unreadable` are blocks that nothing can be made of.

    `before` is where the page's own link to older messages begins; None when it has none.
    """

    messages: tuple[Message, ...] = ()
    unreadable: tuple[Element, ...] = ()
    before: int | None = None
    trouble: Trouble | None = None
    damaged: bool = False
    cut: bool = False


class Fate(Enum):
    """Whether a message still stands at its source. UNKNOWN is neither."""

    ALIVE = auto()
    GONE = auto()
    UNKNOWN = auto()


def read_preview(body: bytes, headers: Mapping[str, str], url: str) -> Preview:
    """The messages of a page and what is the matter with it."""
    found = document(body, headers.get("content-type", ""))
    if found is None:
        return Preview(trouble=Trouble.NOT_HTML)
    if keeps_out(found, headers):
        return Preview(trouble=Trouble.NOINDEX)
    blocks = _blocks(found.root)
    before = _before(found.root)
    if not blocks:
        return Preview(trouble=_without_messages(found.root, wall(found, url)), before=before, damaged=found.damaged)
    messages, unreadable = [], []
    cut = False
    for block in blocks:
        message = read_message(block)
        if found.cut and block is blocks[-1] and not message.foot:
            cut = True  # half a message would be taken for an edit of the whole one
        elif message.number is None or message.kind is Kind.UNREADABLE:
            unreadable.append(block)
        else:
            messages.append(message)
    wordless = not any(message.kind is Kind.WORDS for message in messages)
    real = sum(message.kind is not Kind.SERVICE for message in messages)
    odd = len(unreadable) * 2 > len(unreadable) + real or (wordless and len(blocks) >= FULL_PAGE and real > 0)
    return Preview(
        tuple(messages),
        tuple(unreadable),
        before,
        Trouble.NO_TEXT_IN_ITEMS if odd else None,
        found.damaged,
        cut,
    )


def fate(body: bytes, headers: Mapping[str, str], name: str, number: int) -> Fate:
    """What the page `t.me/name/number?embed=1` says. It asks not to be stored, and nothing of it is."""
    found = document(body, headers.get("content-type", ""))
    if found is None:
        return Fate.UNKNOWN
    for block in _blocks(found.root):
        message = read_message(block)
        if message.name == name.lower() and number in (message.number, *message.album):
            return Fate.ALIVE
    said = " ".join(words(one)[:500] for one in _ERROR(found.root)[:5])
    return Fate.GONE if _NOT_FOUND.search(said) else Fate.UNKNOWN


def _blocks(root: Element) -> list[Element]:
    """The outermost message blocks. One walk, however the page is nested."""
    found: list[Element] = []
    steps = walk(root)
    for event, node in steps:
        if event == "start" and "tgme_widget_message" in classes(node):
            found.append(node)
            steps.skip_subtree()
            if len(found) == MOST_MESSAGES:
                break
    return found


def _without_messages(root: Element, walled: str) -> Trouble | None:
    if _NOTHING_FOUND(root):
        return Trouble.THROTTLED
    if _WRAPS(root):
        return Trouble.NO_ITEMS
    if _HISTORY(root):
        return None
    if walled:
        return Trouble[walled.upper()]
    return Trouble.NO_PREVIEW if _LANDING(root) else Trouble.NO_ITEMS


def _before(root: Element) -> int | None:
    for link in _PREVIOUS(root)[:4]:
        number = link.get("data-before", "") or _asked_before(link.get("href", ""))
        if _NUMBER.match(number):
            return int(number)
    return None


def _asked_before(href: str) -> str:
    try:
        return parse_qs(urlsplit(href).query, max_num_fields=20).get("before", [""])[0]
    except ValueError:
        return ""
