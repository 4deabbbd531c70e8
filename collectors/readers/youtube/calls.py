"""The requests to the YouTube Data API: addresses of seeds to calls. It reads no answer.

The key travels in a header, so that no address ever holds it.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from collectors.readers.reader import AddressWrong, Ask

BASE = "https://www.googleapis.com/youtube/v3"
SECRET = "youtube-api-key"  # noqa: S105  # the name of a secret, not the secret
SERVER = "youtube-server"
MOST_IDS = 50
HOW = (
    "write a YouTube seed as channel:UC…, playlist:PL…, video:ID, search:WORDS, "
    "or as the public address of a channel, playlist or video"
)
ID = re.compile(r"^[A-Za-z0-9_.-]{1,256}$")
_VIDEO = re.compile(r"^[A-Za-z0-9_-]{11}$")
_CHANNEL = re.compile(r"^UC[A-Za-z0-9_-]{22}$")
_PLAYLIST = re.compile(r"^[A-Za-z0-9_-]{2,64}$")
_HANDLE = re.compile(r"^@[\w.·-]{3,60}$")
_VIDEO_PARTS = "snippet,status,contentDetails,statistics"


@dataclass(frozen=True, slots=True, repr=False)
class YouTubeSeed:
    """What a seed names: `kind` is channel, handle, playlist, video or search."""

    kind: str
    value: str

    def __repr__(self) -> str:
        return f"YouTubeSeed({self.kind})"


def seed(address: str) -> YouTubeSeed:
    """Read a seed's address. Raises `AddressWrong`."""
    kind, _, value = address.strip().partition(":")
    found = _from_link(address.strip()) if kind in ("http", "https") else YouTubeSeed(kind, value.strip())
    patterns = {"channel": _CHANNEL, "handle": _HANDLE, "playlist": _PLAYLIST, "video": _VIDEO}
    fits = patterns.get(found.kind, re.compile(r"^[^\x00-\x1f]{1,200}$") if found.kind == "search" else None)
    if fits is None or not fits.match(found.value):
        raise AddressWrong(HOW)
    return found


def _from_link(link: str) -> YouTubeSeed:
    try:
        parts = urlsplit(link)
        host, query = (parts.hostname or "").removeprefix("www.").removeprefix("m."), parse_qs(parts.query)
    except ValueError:
        raise AddressWrong(HOW) from None
    path = [part for part in parts.path.split("/") if part]
    if host == "youtu.be" and path:
        return YouTubeSeed("video", path[0])
    if host != "youtube.com" or not path:
        raise AddressWrong(HOW)
    if path[0].startswith("@"):
        return YouTubeSeed("handle", path[0])
    if path[0] in ("channel", "shorts", "live") and len(path) > 1:
        return YouTubeSeed("channel" if path[0] == "channel" else "video", path[1])
    name, kind = {"watch": ("v", "video"), "playlist": ("list", "playlist")}.get(path[0], ("", ""))
    return YouTubeSeed(kind, query.get(name, [""])[0])


@dataclass(frozen=True, slots=True, repr=False)
class Calls:
    """Makes the requests, all with the same key and address."""

    key: str = ""
    base: str = BASE

    def __repr__(self) -> str:
        return "Calls(…)"

    def channel(self, of: YouTubeSeed) -> Ask:
        """Which playlist holds a channel's uploads."""
        name = "id" if of.kind == "channel" else "forHandle"
        return self._ask("channels", "channel", {"part": "contentDetails", name: of.value})

    def playlist(self, playlist: str, token: str = "", *, uploads: bool = False) -> Ask:
        """A page of a playlist."""
        params = {"part": "snippet,contentDetails,status", "playlistId": playlist, "maxResults": "50"}
        return self._ask("playlistItems", "uploads" if uploads else "playlist", params, token, back=uploads)

    def search(self, words: str, after: str = "", token: str = "") -> Ask:
        """A page of what a search finds, newest first."""
        params = {"part": "snippet", "q": words, "type": "video", "order": "date", "regionCode": "NL"}
        params |= {"relevanceLanguage": "nl", "safeSearch": "none", "maxResults": "50"}
        return self._ask("search", "search", params | ({"publishedAfter": after} if after else {}), token, back=True)

    def videos(self, ids: Iterable[str]) -> tuple[Ask, ...]:
        """These videos themselves, also to see which are gone."""
        return self._by_id("videos", "videos", {"part": _VIDEO_PARTS}, ids)

    def comments(self, ids: Iterable[str]) -> tuple[Ask, ...]:
        """These comments themselves, to see which were edited or are gone."""
        return self._by_id("comments", "recheck", {"part": "snippet", "textFormat": "plainText"}, ids)

    def threads(self, video: str, count: str = "", token: str = "") -> Ask:
        """A page of the comments under a video, newest first."""
        params = {"part": "snippet,replies", "videoId": video, "order": "time"}
        params |= {"textFormat": "plainText", "maxResults": "100"}
        return self._ask("commentThreads", "threads", params, token, {"video": video, "count": count}, back=True)

    def replies(self, parent: str, video: str, token: str = "") -> Ask:
        """A page of the replies to one comment. One that is left unasked is not asked again by itself: a gap."""
        params = {"part": "snippet", "parentId": parent, "textFormat": "plainText", "maxResults": "100"}
        return self._ask("comments", "replies", params, token, {"video": video, "parent": parent}, further=True)

    def _by_id(self, method: str, step: str, params: Mapping[str, str], ids: Iterable[str]) -> tuple[Ask, ...]:
        known = [one for one in dict.fromkeys(ids) if ID.match(one)]
        groups = [",".join(known[at : at + MOST_IDS]) for at in range(0, len(known), MOST_IDS)]
        return tuple(self._ask(method, step, {**params, "id": group}, carry={"ids": group}) for group in groups)

    def _ask(
        self,
        method: str,
        step: str,
        params: Mapping[str, str],
        token: str = "",
        carry: Mapping[str, str] | None = None,
        *,
        back: bool = False,
        further: bool = False,
    ) -> Ask:
        return Ask(
            f"{self.base}/{method}",
            params={**params, **({"pageToken": token} if token else {})},
            headers={"X-Goog-Api-Key": self.key} if self.key else {},
            step=step,
            carry={"method": method, **(carry or {})},
            back=further or (back and bool(token)),
        )
