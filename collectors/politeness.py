"""How this project behaves on the web: Scrapy's settings, how long to wait after an answer, and where not to go.

Library defaults are not polite, and one of them opens a local server that runs code; all are set here by name.
"""

import email.utils
import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Self
from urllib.parse import urlsplit

from scrapy.crawler import Crawler
from scrapy.http import Request

from collectors.robots import OFFICIAL, Impolite

MOST_WAIT = 24 * 3600
MOST_MAX_AGE = 6 * 3600


@dataclass(frozen=True)
class Politeness:
    """How we present ourselves and how much we ask. Every number is a setting with this as default.

    Without a `delay` between requests or a `min_interval` between visits (seconds), the kind of source's own counts.
    """

    user_agent: str
    delay: float | None = None
    min_interval: int | None = None
    max_bytes: int = 5 * 1024 * 1024
    timeout: float = 30.0


def user_agent(contact: str, version: str) -> str:
    """An honest name with an address where a site's owner reaches the people who run this."""
    return f"Seinpost/{version} (+{contact})"


def scrapy_settings(polite: Politeness, delay: float) -> dict[str, object]:
    """Everything about Scrapy that must not be left to its defaults; `delay` is in seconds."""
    return {
        "USER_AGENT": polite.user_agent,
        "ROBOTSTXT_OBEY": True,
        "DOWNLOADER_MIDDLEWARES": {
            "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,  # too lax; ours stands below
            "collectors.politeness.RedirectGuard": 90,
            "collectors.robots.RobotsMiddleware": 100,
        },
        "DOWNLOAD_HANDLERS": {
            **dict.fromkeys(("http", "https"), "collectors.last_gate.LastGate"),
            **dict.fromkeys(("data", "file", "ftp", "s3")),
        },
        "CONCURRENT_REQUESTS": 4,
        "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
        "DOWNLOAD_DELAY": delay,
        # Never faster than the delay; slower while a site answers slowly.
        "AUTOTHROTTLE_ENABLED": True,
        "AUTOTHROTTLE_START_DELAY": delay,
        "AUTOTHROTTLE_MAX_DELAY": 60.0,
        "AUTOTHROTTLE_TARGET_CONCURRENCY": 1.0,
        "DOWNLOAD_TIMEOUT": polite.timeout,
        "DOWNLOAD_MAXSIZE": polite.max_bytes,
        "DOWNLOAD_WARNSIZE": 0,
        "DOWNLOAD_VERIFY_CERTIFICATES": True,
        "REDIRECT_MAX_TIMES": 5,
        "RETRY_TIMES": 2,
        "RETRY_HTTP_CODES": [500, 502, 504, 522, 524, 408],  # 429 and 503 tell when to come back; we listen
        "COOKIES_ENABLED": False,
        "REFERER_ENABLED": False,
        "HTTPCACHE_ENABLED": False,
        "TELNETCONSOLE_ENABLED": False,
        "REMOTE_CONTROL_ENABLED": False,
        "LOG_ENABLED": False,
        "STATS_DUMP": False,
        "MEMUSAGE_ENABLED": False,
    }


def retry_after(headers: Mapping[str, str], now: datetime) -> int | None:
    """Seconds that a site asks us to stay away (seconds or an HTTP date), at most a day; None when it asks nothing."""
    asked = headers.get("retry-after", "").strip()
    if not asked:
        return None
    if asked.isascii() and asked.isdigit():
        return min(int(asked[:9]), MOST_WAIT)
    try:
        until = email.utils.parsedate_to_datetime(asked)
    except ValueError:
        return None
    until = until if until.tzinfo else until.replace(tzinfo=UTC)
    return max(0, min(int((until - now).total_seconds()), MOST_WAIT))


def max_age(headers: Mapping[str, str]) -> int:
    """Seconds for which an answer says it will not change, at most six hours."""
    for part in headers.get("cache-control", "").casefold().split(","):
        name, _, value = part.strip().partition("=")
        if name == "max-age" and value.isascii() and value.isdigit():
            return min(int(value[:9]), MOST_MAX_AGE)
    return 0


class RedirectGuard:
    """Follows no redirect to another, private host: a public page must not make us ask the machines beside us.

    An official API is not left for another host at all: its requests carry a key.
    """

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Made by Scrapy, once per crawl."""
        return cls()

    def process_request(self, request: Request) -> None:
        """Let a request pass, or raise `Impolite`."""
        asked = request.meta.get("redirect_urls")
        if not asked:
            return
        host = urlsplit(request.url).hostname or ""
        if host == urlsplit(asked[0]).hostname:
            return
        if request.meta.get(OFFICIAL):
            raise Impolite("redirect_to_other_host")
        if _private(host):
            raise Impolite("redirect_to_private_host")


def _private(host: str) -> bool:
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return "." not in host or host.endswith((".localhost", ".local", ".internal", ".lan", ".home.arpa"))
