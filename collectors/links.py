"""The one way a public link is written, so that the same page hashes the same however it was shared.

It never fetches anything.
"""

import re
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

MAX_LINK = 2048
_TRACKING = re.compile(r"^(utm_.*|igsh|igshid|si|_t|_r|fbclid|gclid|ref_src|ref_url|feature|share_id)$", re.IGNORECASE)
_MOBILE_HOST = re.compile(r"^(?:m|mobile|mbasic)\.(?=[^.]+\.[^.]+)")


def canonical(link: str) -> str | None:
    """The canonical form of a public http(s) link, or None when it is none. Tracking, fragment and log-ins go."""
    link = link.strip()
    if len(link) > MAX_LINK:
        return None
    try:
        parts = urlsplit(link)
        host, port = parts.hostname, parts.port
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not host or ("." not in host and host != "localhost"):
        return None
    host = _MOBILE_HOST.sub("", host)
    if port is not None and (parts.scheme, port) not in (("http", 80), ("https", 443)):
        host = f"{host}:{port}"
    query = urlencode(
        sorted((k, v) for k, v in parse_qsl(parts.query, keep_blank_values=True) if not _TRACKING.match(k))
    )
    return urlunsplit((parts.scheme, host, parts.path.rstrip("/") or "/", query, ""))
