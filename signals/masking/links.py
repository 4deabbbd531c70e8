"""Finds links: with a scheme, with www, a domain with a path, invitations; written out, defanged or in markdown.

A link to a person's page on Telegram or Reddit counts as a handle.
"""

import re
from collections.abc import Iterator

from signals.masking.reading import BLANK
from signals.masking.token import Found, Token

DOT = r"(?:\.|\s?[\[({<]\s?(?:\.|dot|punt)\s?[\])}>]\s?)"
"""A dot in an address, also when written to slip past a machine."""

_SPLIT = rf"(?:\s(?=[\w-]{{1,63}}{DOT}\w))?"
"""A space that somebody put inside an address; a word without a dot after it is no part of the link."""

_REST = rf"[^\s{BLANK}]*"
_DOTTED = re.compile(r"\.[^\W\d_]{2}")
_TRIGGERS = ("//", "\\\\", "www", "http", "hxxp", "h**p", "[.", "(.", "{.", "<.", "dot", "punt", "[ .", "( .")
_SURE_DOMAINS = "nl|com|net|org|eu|info|app|online|xyz|shop|site|store|ru|onion|tv|gg|link"

_LINK = re.compile(
    rf"""
      (?: [a-z][a-z0-9+\-]{{0,14}}[:;] | h(?:tt|[*x]{{2}})ps?\s?[:;] | [:;] )
      \s?(?://|\\\\){_SPLIT}(?=[\w\[(.%]){_REST}  # scheme://…
    | \bh(?:tt|xx|\*\*)ps?\s?[:;/]{{1,3}}{_SPLIT}\w{_REST}                                                # https:/site
    | \bwww\d?\s?{DOT}{_SPLIT}\w{_REST}
    | (?<![\w.@-])(?:[\w-]{{1,63}}{DOT}){{1,12}}[a-z]{{2,24}}(?::\d{{2,5}})?\s?[/\\](?=[\w@+~%#?=.-])
      {_REST}                                                                            # site.nl/path
    | (?<![\w.@-])(?:[\w-]{{1,63}}{DOT}){{1,12}}(?:{_SURE_DOMAINS})(?![\w-])(?:[?\#:]\w{_REST})?       # site.nl
    """,
    re.IGNORECASE | re.VERBOSE,
)
_PERSON_PAGE = re.compile(
    r"(?:[a-z]{2,9}:/+)?(?:www\.)?(?:t\.me|telegram\.(?:me|dog)|(?:\w{1,8}\.)?reddit\.com/u(?:ser)?)/(?!\+|joinchat|c/)",
    re.IGNORECASE,
)
_TRAILING = ".,!?;:'\"*_~>]}…"


def find(buffer: str) -> Iterator[Found]:
    """Every link, without the punctuation of the sentence around it."""
    lowered = buffer.lower()
    if not any(map(lowered.__contains__, _TRIGGERS)) and not _DOTTED.search(buffer):
        return
    for match in _LINK.finditer(buffer):
        start, end = match.span()
        text = match[0]
        if start and buffer[start - 1] == "(" and ")" in text:
            end = start + text.index(")")
        kept = buffer[start:end].rstrip(_TRAILING)
        if kept.endswith(")") and "(" not in kept:
            kept = kept.rstrip(")" + _TRAILING)
        lead = len(kept) - len(kept.lstrip())
        if len(kept) > lead:
            token = Token.HANDLE if _PERSON_PAGE.match(kept, lead) else Token.LINK
            yield Found(start + lead, start + len(kept), token)
