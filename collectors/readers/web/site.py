"""How one public site is read: its pages, its selectors and who approved it, from a TOML file that a person writes.

A file with an unknown key, a selector that cannot be read or no approval is refused when it is loaded.
"""

import tomllib
from datetime import date
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from babel import Locale
from babel.core import UnknownLocaleError
from parsel.csstranslator import HTMLTranslator
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from collectors.readers.reader import AddressWrong


def _selector(text: str) -> str:
    try:
        HTMLTranslator().css_to_xpath(text)
    except Exception:
        # cssselect has several exceptions of its own, and their words quote the file.
        raise ValueError("is no CSS selector") from None
    return text


def _element(text: str) -> str:
    if "::" in text:
        raise ValueError("names an element, so it has no ::attr and no ::text")
    return _selector(text)


def _zone(text: str) -> str:
    try:
        ZoneInfo(text)
    except (OSError, ValueError, KeyError):
        raise ValueError("is no time zone") from None
    return text


def _locale(text: str) -> str:
    try:
        Locale.parse(text)
    except (ValueError, UnknownLocaleError):
        raise ValueError("is no locale") from None
    return text


Finds = Annotated[str, Field(min_length=1, max_length=500), AfterValidator(_selector)]
"""Finds a value: of an attribute with `::attr(name)`, otherwise the words."""
Marks = Annotated[str, Field(min_length=1, max_length=500), AfterValidator(_element)]
"""Finds an element."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Approved(_Part):
    """Who read the site's terms and its robots.txt. Nothing is asked of a site without it."""

    by: Annotated[str, Field(min_length=1)]
    on: date
    terms_read: Literal[True]
    robots_ok: Literal[True]


class Topics(_Part):
    """A page that lists topics: where each is, when it last changed, and where the list goes on."""

    item: Marks
    link: Finds
    date: Finds | None = None
    next: Finds | None = None


class Posts(_Part):
    """A page with posts. `author` and `quote` are found only to be cut out of the text."""

    item: Marks
    text: Marks
    id: Finds | None = None
    title: Marks | None = None
    page_title: Marks | None = None
    author: Finds | None = None
    date: Finds | None = None
    link: Finds | None = None
    quote: Marks | None = None
    reply_to: Finds | None = None
    next: Finds | None = None


class Dates(_Part):
    """How the site writes a moment: `iso8601` or strptime formats, tried in this order."""

    formats: tuple[str, ...] = ("iso8601",)
    timezone: Annotated[str, AfterValidator(_zone)] = "Europe/Amsterdam"
    locale: Annotated[str, AfterValidator(_locale)] = "nl"


class Limits(_Part):
    """Pages of a list or topic in one visit, seconds between requests, and how old a post may be (days)."""

    max_pages: Annotated[int, Field(ge=1, le=50)] = 5
    delay: Annotated[float, Field(ge=2.0)] = 5.0
    max_age_days: Annotated[int, Field(ge=1, le=366)] = 30


class WebSite(_Part):
    """One site. `empty` marks a page that truly has nothing; `login_markers` stop the site wherever they stand."""

    name: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$")]
    start_urls: Annotated[tuple[str, ...], Field(min_length=1, max_length=20)]
    allowed_domains: Annotated[tuple[str, ...], Field(min_length=1)]
    approved: Approved
    list: Topics | None = None
    post: Posts
    date: Dates = Dates()
    limits: Limits = Limits()
    empty: Marks | None = None
    login_markers: tuple[Marks, ...] = ()

    @model_validator(mode="after")
    def _starts_at_home(self) -> Self:
        if not all(self.allows(url) for url in self.start_urls):
            raise ValueError("start_urls lie within allowed_domains")
        return self

    def allows(self, url: str) -> bool:
        """Whether an address is the site's own."""
        try:
            parts = urlsplit(url)
            host = parts.hostname or ""
        except ValueError:
            return False
        home = any(host == domain or host.endswith(f".{domain}") for domain in self.allowed_domains)
        return parts.scheme in ("http", "https") and home


def read_site(text: str) -> WebSite:
    """The site that a TOML file describes. Raises `AddressWrong`, which names the key and quotes nothing."""
    try:
        return WebSite.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError:
        raise AddressWrong("the site's file is no TOML") from None
    except ValidationError as wrong:
        fault = wrong.errors(include_url=False, include_input=False, include_context=False)[0]
        where = ".".join(str(part) for part in fault["loc"]) or "the file"
        raise AddressWrong(f"the site's file has a fault at {where} ({fault['type']})") from None


def load_site(name: str, folder: Path) -> WebSite:
    """The site of this name in a folder of TOML files. Raises `AddressWrong`."""
    if not name or not all(c in "abcdefghijklmnopqrstuvwxyz0123456789-" for c in name):
        raise AddressWrong("write the name of a site: small letters, digits and hyphens")
    try:
        text = (folder / f"{name}.toml").read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise AddressWrong("there is no file for this site in the folder of sites") from None
    site = read_site(text)
    if site.name != name:
        raise AddressWrong("the site's file bears another name inside")
    return site
