"""Where the next page of a Mastodon timeline begins, by its Link header (RFC 8288). Only the bound is taken from it."""

import re
from urllib.parse import parse_qs, urlsplit

_LINKS = re.compile(r"<([^<>]{1,4096})>([^<>]{0,512})")
_REL = re.compile(r";\s*rel\s*=\s*\"?([^\";,]*)", re.IGNORECASE)
_BOUND = re.compile(r"[A-Za-z0-9_.:~-]{1,128}")


def newer_than(link_header: str) -> str | None:
    """The id above which newer posts stand; None when the header does not tell. Ids are opaque: no number, no order."""
    return _told(link_header, "prev", ("min_id", "since_id"))


def older_than(link_header: str) -> str | None:
    """The id below which older posts stand; None when the header does not tell, as on the last page."""
    return _told(link_header, "next", ("max_id",))


def _told(link_header: str, relation: str, names: tuple[str, ...]) -> str | None:
    for address, parameters in _LINKS.findall(link_header[:16_384]):
        rel = _REL.search(parameters)
        if rel is None or relation not in rel[1].casefold().split():
            continue
        try:
            query = parse_qs(urlsplit(address).query)
        except ValueError:
            continue
        for name in names:
            if found := bound(query.get(name, [""])[-1]):
                return found
    return None


def bound(written: object) -> str | None:
    """An id that may stand in a request; None for anything else."""
    return written if isinstance(written, str) and _BOUND.fullmatch(written) else None
