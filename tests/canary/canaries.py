"""Invented values that must not survive anywhere, and a search for them in any bytes the house leaves behind.

Nothing here exists: the domain is reserved, the numbers carry no valid check digits. It feeds nothing in; tests do.
"""

import base64
from collections.abc import Iterable
from functools import cache
from typing import NamedTuple
from urllib.parse import quote

CORE = "qzcanary7"
"""In every handle, link and e-mail address; no other text in the project holds it."""

_SUBSCRIBER = "91827364"
_ACCOUNT = "0987654321"


class Canary(NamedTuple):
    """One value as somebody might write it. `needles`: what must be found nowhere afterwards."""

    kind: str
    written: str
    needles: tuple[str, ...]

    @property
    def sentence(self) -> str:
        """The value inside a post."""
        return f"Vanmiddag bij het hek. {self.written} , neem iedereen mee."


_HANDLES = (
    *(f"@{CORE}", f"@{CORE}.zaan", f"@{CORE}.bsky.social", f"{CORE}.bsky.social", f"@{CORE}@server.invalid"),
    *(f"u/{CORE}", f"t.me/{CORE}", f"insta: {CORE}", f"snap {CORE}", f"mijn sc is {CORE}", f"tiktok @ {CORE}"),
    *(f"@{CORE.upper()}", f"@{CORE[:2]}\u200b{CORE[2:]}"),
)
_LINKS = (
    *(f"https://{CORE}.invalid/pad?x=1#y", f"http://www.voorbeeld.invalid/{CORE}", f"www.{CORE}.invalid"),
    *(f"{CORE}.invalid/pad", f"hxxps://{CORE}[.]invalid/pad", f"discord.gg/{CORE}", f"[kijk](https://{CORE}.invalid)"),
    *(f"HTTPS://{CORE.upper()}.INVALID/PAD", f"voorbeeld(.)invalid/{CORE}", f"https://voorbeeld.invalid/%40{CORE}"),
)
_MAIL = (
    *(f"{CORE}@voorbeeld.invalid", f"{CORE}+x@mail.voorbeeld.invalid", f"bericht@{CORE}.invalid"),
    *(f"{CORE} (at) voorbeeld [dot] invalid", f"{CORE} at voorbeeld punt nl", f"mailto:{CORE}@voorbeeld.invalid"),
)
_PHONES = (
    *("06{0}{1}{2}{3}", "06-{0}{1}{2}{3}", "06 {0} {1} {2} {3}", "06.{0}.{1}.{2}.{3}", "o6 {0}{1}{2}{3}"),
    *("+316{0}{1}{2}{3}", "+31 6 {0} {1} {2} {3}", "0031 6 {0}{1} {2}{3}", "+31(0)6{0}{1}{2}{3}"),
)
_IBANS = ("NL00QZQZ0987654321", "NL00 QZQZ 0987 6543 21", "nl00 qzqz 0987 6543 21", "NL00.QZQZ.0987.6543.21")
_PLATES = ("XZ-987-K", "xz-987-k", "XZ987K", "kenteken XZ 987 K")
_DOORS = ("Westzijde 98761-QZ", "kerkstraat 98761-QZ", "Gedempte Gracht nr 98761-QZ", "Jan van Galenstraat 98761 - QZ")


def forms() -> list[Canary]:
    """Every canary in every way it is written."""
    return [
        *(Canary("handle", written, (CORE, CORE[2:])) for written in _HANDLES),
        *(Canary("link", written, (CORE,)) for written in _LINKS),
        *(Canary("e-mail", written, (CORE,)) for written in _MAIL),
        *(_numbered("phone", form.format(*_pairs(_SUBSCRIBER)), _SUBSCRIBER) for form in _PHONES),
        *(_numbered("iban", written, _ACCOUNT) for written in _IBANS),
        *(_numbered("plate", written.removeprefix("kenteken "), "XZ987K", written) for written in _PLATES),
        *(Canary("house number", written, ("98761-QZ", "98761 - QZ")) for written in _DOORS),
    ]


def find_in_bytes(data: bytes, needles: Iterable[str]) -> list[str]:
    """Which needles stand in the bytes, each with the form it was found in; upper and lower case are one.

    Looks through UTF-8, UTF-16, base64 (also the form for addresses), percent signs, hex and JSON escapes. It does not
    unpack: give it what a compressed record or archive holds.
    """
    folded = data.lower()
    return sorted(
        f"{needle} as {form}"
        for needle in set(needles)
        for form, exact, patterns in _patterns(needle)
        if any(pattern in (data if exact else folded) for pattern in patterns)
    )


def _pairs(digits: str) -> list[str]:
    return [digits[place : place + 2] for place in range(0, len(digits), 2)]


def _numbered(kind: str, value: str, core: str, written: str | None = None) -> Canary:
    """A canary that is told by its digits: bare, and as they stand in this form."""
    return Canary(kind, written or value, tuple(dict.fromkeys((core, value))))


@cache
def _patterns(needle: str) -> tuple[tuple[str, bool, tuple[bytes, ...]], ...]:
    """Per form its name, whether case counts in it, and the bytes to look for."""
    low = needle.lower()
    plain = low.encode()
    spellings = {needle, low, needle.upper()}
    every = ["".join(f"%{byte:02x}" for byte in spelling.encode()) for spelling in spellings]
    escaped = "".join(f"\\u{ord(character):04x}" for character in low)
    return (
        ("utf-8", False, (plain,)),
        ("utf-16", False, (low.encode("utf-16-le"), low.encode("utf-16-be"))),
        ("percent signs", False, (quote(low, safe="").lower().encode(), *(text.encode() for text in every))),
        ("hex", False, tuple(spelling.encode().hex().encode() for spelling in spellings)),
        ("json escapes", False, (escaped.encode(),)),
        ("base64", True, tuple(form for spelling in spellings for form in _base64(spelling.encode()))),
    )


def _base64(value: bytes) -> list[bytes]:
    """The part of a base64 text that does not depend on what stands around the value, at each of three places."""
    found = []
    for offset in range(3):
        text = base64.b64encode(bytes(offset) + value + bytes(3))
        whole = text[-(-8 * offset // 6) : 8 * (offset + len(value)) // 6]
        found += [whole, whole.replace(b"+", b"-").replace(b"/", b"_")]
    return found
