"""A page from its bytes, and what a page says of itself: that it wants no storing, or that it is only a wall.

It decodes and parses; what the page holds is for the readers of each kind.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from parsel import Selector
from w3lib.encoding import html_body_declared_encoding, http_content_type_encoding, read_bom

from collectors.readers.html_tree import Element, css, is_element

# Names that Python decodes in linear time into text; others (punycode, base64 …) come only from who means harm.
_DECODED = re.compile(
    r"^(?:ascii|utf-?8|utf-?(?:16|32)(?:-?[bl]e)?|cp125\d|cp866|cp874|cp93[26]|cp949|cp950|iso8859-\d{1,2}|latin-?1|gb18030|"
    r"gbk|gb2312|big5(?:hkscs)?|shift_jis|euc[-_](?:jp|kr)|iso2022_jp|koi8-[ru]|mac-(?:roman|cyrillic))$"
)
_OURS = frozenset({"robots", "seinpost"})
_KEPT_OUT = frozenset({"noindex", "none"})
_META = css("meta[name][content]")
_TITLE = css("title")

_CAPTCHA = css(
    "#captcha, .g-recaptcha, .h-captcha, .cf-turnstile, #challenge-form, #challenge-running, #challenge-error-text, "
    "form[action*='captcha'], [id^='cf-chl'], script[src*='challenge-platform'], script[src*='captcha-delivery']",
)
_CONSENT = css(
    "form[action*='consent'], [id*='cookiewall'], [class*='cookiewall'], [id*='cookie-wall'], [class*='cookie-wall'], "
    "#CybotCookiebotDialog, #onetrust-consent-sdk, #didomi-host, #usercentrics-root, [id*='sp_message_container']",
)
_AGE = css("[id*='age-gate'], [class*='age-gate'], [class*='agegate'], #age-verification")
_LOGIN = css("input[type='password'], form[action*='login'], form[action*='signin'], form[action*='inloggen']")
_CAPTCHA_TITLE = re.compile(
    r"just a moment|attention required|checking your browser|are you (?:a )?human|captcha", re.I
)
_LOGIN_PATH = re.compile(r"(?:^|/)(?:log-?in|sign-?in|inloggen|aanmelden|auth|sso|register|ucp)(?:[/.?]|$)", re.I)
_CONSENT_HOST = re.compile(
    r"^(?:consent|cookies?|privacy|myprivacy)\.|(?:^|/)(?:consent|cookie-?wall)(?:[/.?]|$)", re.I
)


@dataclass(frozen=True, slots=True, repr=False)
class Document:
    """A parsed page. `damaged`: bytes of it were no text; `cut`: it stops before its end."""

    page: Selector
    damaged: bool
    cut: bool

    @property
    def root(self) -> Element:
        """The page's outermost element."""
        root: Element = self.page.root
        return root


def document(body: bytes, content_type: str) -> Document | None:
    """The page in these bytes; None when they hold no markup, as an error in JSON does."""
    text, damaged = _decoded(body, content_type)
    if "<" not in text or text.lstrip()[:1] in ("{", "["):
        return None
    page = Selector(text=text.replace("\0", ""), type="html")
    if not is_element(page.root):
        return None
    return Document(page, damaged, "</html" not in text[-2000:].casefold())


def keeps_out(found: Document, headers: Mapping[str, str]) -> bool:
    """Whether the page asks not to be stored, in its head or in an X-Robots-Tag."""
    agent, colon, rest = headers.get("x-robots-tag", "").casefold().partition(":")
    if (not colon or agent.strip() in ("*", "seinpost")) and _wants(rest if colon else agent):
        return True
    return any(
        meta.get("name", "").strip().casefold() in _OURS and _wants(meta.get("content", ""))
        for meta in _META(found.root)
    )


def wall(found: Document, url: str) -> str:
    """Which wall a page without any item is: `captcha`, `cookie_wall`, `age_wall`, `login_wall`, or none (empty)."""
    moved = wall_address(url)
    title = "".join(_TITLE(found.root)[0].itertext())[:300] if _TITLE(found.root) else ""
    if _CAPTCHA(found.root) or _CAPTCHA_TITLE.search(title):
        return "captcha"
    if moved == "cookie_wall" or _CONSENT(found.root):
        return "cookie_wall"
    if _AGE(found.root):
        return "age_wall"
    if moved or _LOGIN(found.root):
        return "login_wall"
    return ""


def wall_address(url: str) -> str:
    """Which wall an address leads to by its own words, or none (empty)."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return ""
    if _CONSENT_HOST.search(host) or _CONSENT_HOST.search(parts.path):
        return "cookie_wall"
    return "login_wall" if _LOGIN_PATH.search(parts.path) or host.startswith(("login.", "auth.", "sso.")) else ""


def _wants(content: str) -> bool:
    return not _KEPT_OUT.isdisjoint(word.strip() for word in content.casefold().split(","))


def _decoded(body: bytes, content_type: str) -> tuple[str, bool]:
    """The text, and whether some bytes were none. A mark at the start beats the header, which beats the page."""
    mark, mark_bytes = read_bom(body)
    name = mark or http_content_type_encoding(content_type)
    name = name or html_body_declared_encoding(body)
    body = body[len(mark_bytes or b"") :]
    if name and _DECODED.match(name):
        return _tried(body, name)
    text, damaged = _tried(body, "utf-8")
    return _tried(body, "cp1252") if damaged and not name and b"\x00" not in body else (text, damaged)


def _tried(body: bytes, encoding: str) -> tuple[str, bool]:
    try:
        return body.decode(encoding), False
    except UnicodeError:
        return body.decode(encoding, "replace"), True
