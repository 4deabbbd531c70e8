"""The words in a Mastodon post's HTML: lines and paragraphs kept, links whole, mentions marked, quoted links left out.

Other software writes other HTML, and servers pass on what they get; lxml reads it in time that grows with its length.
"""

import re
from collections.abc import Set

from lxml import etree  # type: ignore[import-untyped]  # ships no types
from lxml.etree import _Element as Element  # type: ignore[import-untyped]

from collectors.readers.mastodon_bluesky_json import encodable
from collectors.refused import Refused
from signals.dead_letter import DeadReason

MOST_HTML = 500_000
"""Longest HTML in characters; 25 times the longest post that is kept."""

_HERE = "collectors/readers/mastodon/words.py"
_PARAGRAPHS = frozenset({"p", "blockquote", "pre", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "table", "hr"})
_LINES = frozenset({"br", "li", "div", "tr", "dt", "dd"})
_SILENT = frozenset({"script", "style", "template", "head", "title", "iframe", "object", "svg", "math"})
_QUOTE = "quote-inline"
"""The class of the line «RE: address» that stands for a quoted post where quotes are not shown."""
_MENTION = "@x"
"""Stands for a mention that is not written as one; masking then takes it for a mention."""

_FRAMES = re.compile(r"</?(?:html|body)\b[^<>]*>", re.IGNORECASE)
_BREAKS = re.compile(r"\s+")
_SPACES = re.compile(r"[ \t\f\v\u00a0]+")
_LINE_ENDS = re.compile(r" *\n *")
_EMPTY_LINES = re.compile(r"\n{3,}")


def plain(html: str, mentioned: Set[str] = frozenset()) -> str:
    """The words of sanitised HTML; `mentioned` are addresses of profiles that the post mentions. Raises `Refused`."""
    if len(html) > MOST_HTML:
        raise Refused(DeadReason.TOO_LARGE, "content", _HERE)
    if not encodable(html):
        raise Refused(DeadReason.INVALID_UTF8, "content", _HERE)
    parser = etree.HTMLParser(
        encoding="utf-8", recover=True, no_network=True, remove_comments=True, remove_pis=True, huge_tree=True
    )
    # What stands behind a page's end would be lost.
    within = _FRAMES.sub("\n", html.replace("\0", ""))
    root = etree.fromstring(b"<html><body>" + within.encode() + b"</body></html>", parser)
    if any("depth" in fault.message for fault in parser.error_log):
        # What lay deeper is lost, and half a text could say something else than the whole.
        raise Refused(DeadReason.MALFORMED, "content", _HERE)
    text = "".join(_pieces(root, mentioned)) if root is not None else ""
    return _EMPTY_LINES.sub("\n\n", _LINE_ENDS.sub("\n", _SPACES.sub(" ", text))).strip()


def _pieces(root: Element, mentioned: Set[str]) -> list[str]:
    pieces: list[str] = []
    preformatted = 0
    walk = etree.iterwalk(root, events=("start", "end"))
    for event, element in walk:
        tag = element.tag if isinstance(element.tag, str) else ""
        around = "\n\n" if tag in _PARAGRAPHS else "\n" if tag in _LINES else ""
        if event == "start":
            preformatted += tag == "pre"
            if tag != "br":
                pieces.append(around)
            whole = _whole(element, tag, mentioned)
            if whole is None:
                pieces.append(_flow(element.text, preformatted))
            else:
                pieces.append(whole)
                walk.skip_subtree()
        else:
            preformatted -= tag == "pre"
            pieces += (around, _flow(element.tail, preformatted))
    return pieces


def _whole(element: Element, tag: str, mentioned: Set[str]) -> str | None:
    """What stands for this element and all in it; None when its own words do."""
    classes = (element.get("class") or "").split()
    if tag in _SILENT or _QUOTE in classes:
        return ""
    if tag == "img":
        return element.get("alt") or ""
    if tag == "a":
        return _link(element, classes, mentioned)
    return None


def _link(element: Element, classes: list[str], mentioned: Set[str]) -> str:
    # The pieces of a shortened link stand in elements of their own, and belong together without a space.
    shown = _BREAKS.sub(" ", "".join(str(piece) for piece in element.itertext()))
    href = (element.get("href") or "").strip()
    bare = shown.strip()
    if bare.startswith("#") or "hashtag" in classes:
        return shown
    if "mention" in classes or (href and href in mentioned):
        return shown if bare.startswith("@") else _MENTION
    if href.startswith(("http://", "https://")) and _is_the_address(bare, href):
        return shown.replace(bare, href) if bare else href
    return shown


def _is_the_address(shown: str, href: str) -> bool:
    """Whether a link's words are its address, cut or whole. Other words are the author's own and stay."""
    return _bare(href).startswith(_bare(shown).removesuffix("…").removesuffix("..."))


def _bare(link: str) -> str:
    return link.casefold().removeprefix("https://").removeprefix("http://").removeprefix("www.")


def _flow(text: str | None, preformatted: int) -> str:
    """Text between marks; a line break in the source is only a space there."""
    return (text or "") if preformatted else (text or "").replace("\r", " ").replace("\n", " ")
