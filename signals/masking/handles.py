"""Finds handles: with an `@`, with `u/`, as a Bluesky domain, or named after a platform (`insta: …`, `mn snap is …`).

An `@` inside a word is left alone: it is how street language writes an a (`z@@ndam`).
"""

import re
from collections.abc import Iterator

from signals.masking.reading import GAP
from signals.masking.token import Found, Token
from signals.masking.word_lists import word_list

_NAME = r"\w(?:[\w.\-]{0,62}\w)?"
_AT = re.compile(
    rf"""
      (?<![\w@])@{{1,3}}(?!\d{{1,4}}(?!\w|\.\w))(?!\d{{1,2}}[:.u])(?:{_NAME})(?:@(?:{_NAME}))?
    | (?<=\w)@(?=\w{{0,40}}(?:_|\.[^\W\d]|\d\d))(?:{_NAME})
    """,
    re.VERBOSE,
)
_REDDIT = re.compile(r"(?<![\w/])/?(?:u|user)/(?!jullie\b|jij\b)[\w-]{3,30}", re.IGNORECASE)
_BLUESKY = re.compile(r"(?<![\w.-])[\w-]{1,63}(?:\.[\w-]{1,63}){0,2}\.bsky\.(?:social|app)\b", re.IGNORECASE)
_DISCORD = re.compile(r"(?<![\w.#])[\w.]{2,32}#\d{4}(?!\w)")

_PLATFORM = (
    r"(?:insta(?:gram)?|ig|snap(?:chat)?|sc|tik\s?tok|tt|telegram|tele|tg|kik|discord|twitter|bsky|threads|youtube|yt"
    r"|wickr|signal|threema|soundcloud|facebook|fb|whatsapp|roblox|psn)"
)
_CUE = re.compile(
    rf"(?<!\w)(?:add|volg|dm|app|hit|stuur|m'?n|mijn|me|zijn|z'?n|haar|d'r|my|his|her|via|op|on){GAP}{{1,3}}$"
)
_AT_PLATFORM = re.compile(rf"(?<!\w){_PLATFORM}(?!\w)")
_NAMED = re.compile(
    r"(?P<link>[ ]?[:=][ ]?|[ ]?@[ ]?|[ ](?:is|heet|naam|user|acc(?:ount)?)[ ]?[:=]?[ ]|[ ])@?(?P<name>[\w.\-]{2,40})",
    re.IGNORECASE,
)
_ENDS = re.compile(r"[ \t]*(?:$|[\n.,!?()\[\]|/&+]|(?!\w)[^\s\w]|(?:en|voor|of|and|for|add)\b)", re.IGNORECASE)
_NAME_LIKE = re.compile(r"[^\W\d_].*(?:\d|_|\.\w)|\d.*[^\W\d_]|_")


def find(buffer: str) -> Iterator[Found]:
    """Every handle; the name of the platform stays readable."""
    found: list[Found] = []
    if "@" in buffer:
        found += (Found(*m.span(), Token.HANDLE) for m in _AT.finditer(buffer))
    if "/" in buffer:
        found += (Found(*m.span(), Token.HANDLE) for m in _REDDIT.finditer(buffer))
    if ".bsky." in buffer:
        found += (Found(*m.span(), Token.HANDLE) for m in _BLUESKY.finditer(buffer))
    if "#" in buffer:
        found += (Found(*m.span(), Token.HANDLE) for m in _DISCORD.finditer(buffer))
    found += _named(buffer)
    yield from sorted(found)


def _named(buffer: str) -> Iterator[Found]:
    lowered = buffer.lower()
    if len(lowered) != len(buffer):  # a few letters grow in lower case, and then places no longer agree
        lowered = buffer
    for platform in _AT_PLATFORM.finditer(lowered):
        match = _NAMED.match(buffer, platform.end())
        if match is None:
            continue
        name = match["name"].rstrip(".-")
        start, end = match.start("name"), match.start("name") + len(name)
        if len(name) < 2 or name.lower() in word_list("not_handles.txt") or name.isdigit():
            continue
        cue = _CUE.search(lowered, max(0, platform.start() - 12), platform.start()) is not None
        link = match["link"].strip()
        told = link != "" and (any(sign in link for sign in ":=@") or cue)
        if told or _NAME_LIKE.search(name) or (cue and _ENDS.match(buffer, end)):
            yield Found(start, end, Token.HANDLE)
