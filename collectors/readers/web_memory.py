"""What is remembered of a page with posts: which stood on it, so that a deletion shows. Pure; ids only, no words.

A post that is merely pushed to another page is not taken for a deleted one.
"""

import hashlib
from collections.abc import Iterable, Mapping

from collectors.readers.web_items import Items, native_id
from collectors.readers.web_site import WebSite
from collectors.unmasked import Gone
from signals.post import Source

PREFIX = "page:"
MOST_IDS = 100
MOST_PAGES = 60


def key(url: str) -> str:
    """The mark under which a page is remembered."""
    return PREFIX + hashlib.sha256(url.encode("utf-8", "replace")).hexdigest()[:16]


def remembered(date: str, ids: Iterable[str]) -> str:
    """The mark of a page: what its list says of its last change, and the ids on it."""
    kept = [one for one in ids if "\n" not in one][-MOST_IDS:]
    return "\n".join((date.replace("\n", " ")[:60], *kept))


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


def gone(site: WebSite, ids: Iterable[str], moment: int) -> tuple[Gone, ...]:
    """These posts are gone."""
    return tuple(Gone(Source.WEB_PAGE, native_id(site, one), "removed", moment) for one in ids)


def forgotten(marks: Mapping[str, str], kept: Iterable[str]) -> dict[str, str]:
    """Marks that let go of pages no list shows any more, when there are too many."""
    pages = [name for name in marks if name.startswith(PREFIX)]
    if len(pages) <= MOST_PAGES:
        return {}
    keep = set(kept)
    return {name: "" for name in pages if name not in keep}
