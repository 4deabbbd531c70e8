"""A web page where data should stand: a log-in, consent or challenge page, told by its address and its first words.

For APIs that answer with data. Pages that are read as pages have `html_document`.
"""

import re

from collectors.health import HealthState
from collectors.readers.reader import Answer, Page

_LOOKED_AT = 64 * 1024
_LOGIN_PATH = re.compile(r"/(?:auth/sign_in|users/sign_in|login|sign-?in)$")
# In this order: a page with a field for a password asks for one, whatever else it says.
_WALLS = (
    ("login_wall", re.compile(r"type=[\"']?password|/auth/sign_in")),
    ("cookie_wall", re.compile(r"https://consent\.(?:youtube|google)\.|before you continue to|cookie[- ]?wall")),
    (
        "bot_wall",
        re.compile(
            r"captcha|unusual traffic|whoa there, pardner|blocked by (?:network|mistake)|just a moment|cf-chl"
            r"|challenge-platform|not a bot|turnstile|anubis"
        ),
    ),
    ("login_wall", re.compile(r"servicelogin|accounts\.google\.com/|reddit\.com/login|log in to")),
)
_CONSENT = re.compile(r"consent|accept|akkoord|toestemming")


def instead_of_data(answer: Answer) -> Page | None:
    """What a page with markup in the place of data means; None for a body that has none."""
    start = answer.body[:_LOOKED_AT].decode("utf-8", "replace").lstrip("\ufeff \t\r\n").casefold()
    if not start.startswith("<"):
        return None
    url = answer.url.casefold()
    if _LOGIN_PATH.search(url.partition("?")[0]):
        return Page(state=HealthState.BLOCKED, reason="login_wall")
    shown = f"{url}\n{start}"
    walled = next((reason for reason, mark in _WALLS if mark.search(shown)), "")
    if not walled and "cookie" in start and _CONSENT.search(start):
        walled = "cookie_wall"
    if walled:
        return Page(state=HealthState.BLOCKED, reason=walled)
    return Page(state=HealthState.MISPARSED, reason="html_page")
