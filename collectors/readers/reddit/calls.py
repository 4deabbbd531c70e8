"""The requests to Reddit: seeds to calls, all with a token of an approved application. It reads no answer.

A seed is a subreddit or one thread; a person's page is no seed.
"""

import base64
import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from collectors.readers.reader import AddressWrong, Ask, Secrets

API = "https://oauth.reddit.com"
WEB = "https://www.reddit.com"
CLIENT_ID, CLIENT_SECRET, USER_AGENT = "reddit-client-id", "reddit-client-secret", "reddit-user-agent"
API_SERVER, WEB_SERVER = "reddit-api-server", "reddit-web-server"
MOST_IDS = 100
HOW = "write a Reddit seed as r/NAME, as the public address of a subreddit or thread, or of a subreddit's .rss"
FULLNAME = re.compile(r"^t[13]_[0-9a-z]{1,13}$")
_SUBREDDIT = re.compile(r"^(?!u_)[A-Za-z0-9_]{2,21}$", re.IGNORECASE)
_ID36 = re.compile(r"^[0-9a-z]{1,13}$")


@dataclass(frozen=True, slots=True, repr=False)
class RedditSeed:
    """What a seed names: `kind` is subreddit, feed or thread; a thread's `value` is its number."""

    kind: str
    value: str

    def __repr__(self) -> str:
        return f"RedditSeed({self.kind})"


def seed(address: str) -> RedditSeed:
    """Read a seed's address. Raises `AddressWrong`."""
    try:
        parts = urlsplit(address.strip())
        host = (parts.hostname or "").removeprefix("www.").removeprefix("old.").removeprefix("new.")
    except ValueError:
        raise AddressWrong(HOW) from None
    if (parts.scheme or host) and (parts.scheme not in ("http", "https") or host != "reddit.com"):
        raise AddressWrong(HOW)
    path = [part for part in parts.path.split("/") if part]
    if len(path) < 2 or path[0] != "r" or not _SUBREDDIT.match(path[1]):
        raise AddressWrong(HOW)
    if path[2:] in ([".rss"], ["new", ".rss"], ["new.rss"]):
        return RedditSeed("feed", path[1])
    if len(path) > 3 and path[2] == "comments":
        if not _ID36.match(path[3]):
            raise AddressWrong(HOW)
        return RedditSeed("thread", path[3])
    return RedditSeed("subreddit", path[1])


@dataclass(frozen=True, slots=True, repr=False)
class Calls:
    """Makes the requests. Reddit asks every application to say in its user agent who runs it."""

    client_id: str = ""
    client_secret: str = ""
    user_agent: str = ""
    api: str = API
    web: str = WEB

    def __repr__(self) -> str:
        return "Calls(…)"

    @staticmethod
    def with_keys(secrets: Secrets) -> "Calls":
        """Calls with the keys that there are."""
        return Calls(
            secrets.get(CLIENT_ID, ""),
            secrets.get(CLIENT_SECRET, ""),
            secrets.get(USER_AGENT, ""),
            api=secrets.get(API_SERVER, API),
            web=secrets.get(WEB_SERVER, WEB),
        )

    def token(self) -> Ask:
        """A token for the calls of this visit; it is kept nowhere. Without an approval there is none, and no visit."""
        pair = base64.b64encode(f"{self.client_id}:{self.client_secret}".encode()).decode()
        return Ask(
            f"{self.web}/api/v1/access_token",
            headers={"Authorization": f"Basic {pair}", **self._agent()},
            form={"grant_type": "client_credentials"},
            step="token",
        )

    def new(self, subreddit: str, token: str, after: str = "") -> Ask:
        """A page of a subreddit's posts, newest first."""
        return self._listing(f"/r/{subreddit}/new", "new", token, after)

    def comments(self, subreddit: str, token: str, after: str = "") -> Ask:
        """A page of a subreddit's comments, newest first, whatever they stand under."""
        return self._listing(f"/r/{subreddit}/comments", "comments", token, after)

    def thread(self, number: str, token: str) -> Ask:
        """One thread: its post and its comments, newest first."""
        params = {"raw_json": "1", "sort": "new", "limit": "500"}
        return Ask(f"{self.api}/comments/{number}", params, self._bearer(token), "thread", {"token": token})

    def info(self, fullnames: Iterable[str], token: str) -> tuple[Ask, ...]:
        """These posts and comments themselves, to see which are gone."""
        known = [one for one in dict.fromkeys(fullnames) if FULLNAME.match(one)]
        groups = [",".join(known[at : at + MOST_IDS]) for at in range(0, len(known), MOST_IDS)]
        return tuple(
            Ask(
                f"{self.api}/api/info",
                {"raw_json": "1", "id": group},
                self._bearer(token),
                "info",
                {"ids": group, "token": token},
            )
            for group in groups
        )

    def feed(self, subreddit: str) -> Ask:
        """A subreddit's feed. It is public, but asked only by who was approved: it is no way round that."""
        return Ask(f"{self.web}/r/{subreddit}/new/.rss", headers=self._agent(), step="feed")

    def _listing(self, path: str, step: str, token: str, after: str) -> Ask:
        params = {"raw_json": "1", "limit": "100", **({"after": after} if after else {})}
        return Ask(f"{self.api}{path}", params, self._bearer(token), step, {"token": token}, back=bool(after))

    def _bearer(self, token: str) -> dict[str, str]:
        return {"Authorization": f"bearer {token}", **self._agent()}

    def _agent(self) -> dict[str, str]:
        return {"User-Agent": self.user_agent} if self.user_agent else {}
