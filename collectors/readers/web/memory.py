"""What is remembered of a page with posts: which stood on it, so that a deletion shows. Pure; ids only, no words.

A post that is merely pushed to another page is not taken for a deleted one.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from collectors.readers.versions import removed, revision
from collectors.readers.web.items import Items, native_id
from collectors.readers.web.site import WebSite
from collectors.unmasked import Gone
from signals.post import Source

MOST_PAGES = 100
"""Pages remembered of one start page before those that its list no longer shows are let go."""
PAGES_WITH_IDS = 20
"""Pages of a whole site whose ids are kept; of the others only the date, so that what is remembered stays small."""
_MOST_CHARACTERS = 1500


def prefix(start: str) -> str:
    """How the marks of pages found from one start page begin."""
    return f"page:{start[:4]}:"


def key(start: str, url: str) -> str:
    """The mark under which a page is remembered."""
    return prefix(start) + hashlib.sha256(url.encode("utf-8", "replace")).hexdigest()[:16]


def remembered(date: str, ids: Iterable[str]) -> str:
    """The mark of a page: what its list says of its last change, and the ids on it, the last ones first to be kept."""
    kept: list[str] = []
    room = _MOST_CHARACTERS
    for one in reversed(list(ids)):
        room -= len(one) + 1
        if room < 0:
            break
        if "\n" not in one:
            kept.append(one)
    return "\n".join((date.replace("\n", " ")[:60], *reversed(kept)))


def recall(mark: str) -> tuple[str, list[str]]:
    """The date and the ids of a remembered page."""
    date, *ids = mark.split("\n")
    return date, [one for one in ids if one]


def vanished(before: list[str], items: Items) -> list[str]:
    """Posts that were deleted: one between others that still stand, or at the end where new posts come.

    At the other end a post may have moved to a neighbouring page. A page of which nothing is left tells nothing.
    """
    here = set(items.ids)
    standing = [place for place, one in enumerate(before) if one in here]
    if not standing:
        return []
    first = standing[0] if items.oldest_first else 0
    last = len(before) if items.oldest_first else standing[-1]
    return [one for one in before[first:last] if one not in here]


def gone(site: WebSite, ids: Iterable[str], seen_at: datetime) -> tuple[Gone, ...]:
    """These posts are gone."""
    version, at = removed("gone", seen_at), revision(seen_at, seen_at)
    return tuple(Gone(Source.WEB_PAGE, native_id(site, one), version, at) for one in ids)


def forgotten(marks: Mapping[str, str], start: str, listed: Sequence[str], starts: int) -> dict[str, str]:
    """Marks that let go of what is too much: pages that the list no longer shows, and the ids of its lower ones."""
    pages = [name for name in marks if name.startswith(prefix(start))]
    with_ids = set(listed[: max(1, PAGES_WITH_IDS // starts)])
    shown = set(listed)
    told = {}
    for name in pages:
        if name not in shown and len(pages) > MOST_PAGES:
            told[name] = ""
        elif name not in with_ids:
            told[name] = recall(marks[name])[0]
    return told
