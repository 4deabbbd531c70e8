"""What a phone shares, sorted into the two fields of a tip: the words and the link. It fetches nothing."""

import re
from dataclasses import dataclass

from collectors.links import canonical

_LINK = re.compile(r"https?://\S+", re.IGNORECASE)
_TRAILING = ".,;:!?)]}>\"'”’…"


@dataclass(frozen=True, slots=True, repr=False)
class Shared:
    """The words and the link that were shared; either may be empty."""

    words: str
    link: str

    def __repr__(self) -> str:
        return "Shared(…)"


def sorted_out(title: str, text: str, url: str) -> Shared:
    """Words and link from a share. Apps put the link in `url`, in `text`, or behind the words in `text`.

    The title stands in only where there is no other word: it often names who posted.
    """
    link = url.strip() if canonical(url) else ""
    words = text.strip()
    if not link:
        found = _LINK.search(words)
        link = found[0].rstrip(_TRAILING) if found else ""
        link = link if canonical(link) else ""
    if link:
        words = words.replace(link, " ", 1)
    words = "\n".join(" ".join(line.split()) for line in words.splitlines()).strip()
    return Shared(words or _without_links(title), link)


def _without_links(title: str) -> str:
    return " ".join(_LINK.sub(" ", title).split())
