"""Finds e-mail addresses, plain and written out, and the handles of the fediverse that look like them."""

import re
from collections.abc import Iterator

from signals.masking.links import DOT
from signals.masking.token import Found, Token

_AT = re.compile(r"@|\s?[\[({<]\s?(?:at|apenstaart(?:je)?|@)\s?[\])}>]\s?|\sapenstaart(?:je)?\s|\sat\s", re.IGNORECASE)
_TRIGGERS = ("@", "apenst", " at ", "(at", "[at", "{at", "<at", "( at", "[ at", "\tat", "\nat", "\u00a0at")
_LABEL = r"[\w-]{1,63}"
_DOMAIN = re.compile(rf"{_LABEL}(?:(?:{DOT}|\s(?:dot|punt)\s){_LABEL}){{1,6}}", re.IGNORECASE)
_SPOKEN = re.compile(
    rf"{_LABEL}(?:(?:{DOT}|\s(?:dot|punt)\s){_LABEL}){{0,4}}(?:\.|\s(?:dot|punt)\s)(?:nl|com|net|org|eu|be|de|me|fr)\b",
    re.IGNORECASE,
)
_LONGEST_LOCAL = 64
_LOCAL_SIGNS = "._%+'-"


def find(buffer: str) -> Iterator[Found]:
    """Every `name@domain`; a name that itself follows an `@` is a handle on a server."""
    lowered = buffer.lower()
    if not any(map(lowered.__contains__, _TRIGGERS)):
        return
    done = 0
    for sign in _AT.finditer(buffer):
        spoken = "@" not in sign[0] and sign[0].strip().lower() == "at"
        domain = (_SPOKEN if spoken else _DOMAIN).match(buffer, sign.end())
        if domain is None:
            continue
        start = sign.start()
        lowest = max(done, start - _LONGEST_LOCAL)
        while start > lowest and (buffer[start - 1].isalnum() or buffer[start - 1] in _LOCAL_SIGNS):
            start -= 1
        while start < sign.start() and buffer[start] in _LOCAL_SIGNS:
            start += 1
        if start == sign.start():
            continue
        token = Token.EMAIL
        if start and buffer[start - 1] == "@":
            start, token = start - 1, Token.HANDLE
        elif domain[0].lower().endswith(".bsky.social"):
            token = Token.HANDLE
        done = domain.end()
        yield Found(start, done, token)
