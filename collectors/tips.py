"""What a professional hands in: a post seen elsewhere (tip), or something seen with one's own eyes (observation).

Pure but for the keys it is given; it needs no order, takes no photo and never fetches the link.
"""

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from collectors.links import canonical
from collectors.post_maker import PostMaker
from collectors.refused import Refused
from collectors.tips_photo import is_photo_in_words
from collectors.unmasked import UnmaskedPost
from signals.dead_letter import DeadReason
from signals.post import Post, Source

LONGEST_TIP = 5_000
"""Code points of a tip; a person who types more is copying something that is no post."""

LONGEST_ANSWER = 200
"""Code points of an observation's place, moment or number."""

_AMSTERDAM = ZoneInfo("Europe/Amsterdam")


class TipFault(StrEnum):
    """Why a tip or observation cannot be taken."""

    EMPTY = "empty"
    NO_PLACE = "no_place"
    NO_MOMENT = "no_moment"
    TOO_LONG = "too_long"
    PHOTO = "photo"
    LINK = "link"
    UNSTORABLE = "unstorable"


WHAT_TO_DO: dict[TipFault, str] = {
    TipFault.EMPTY: "the text is empty; write what you saw",
    TipFault.NO_PLACE: "an observation says where; fill it in",
    TipFault.NO_MOMENT: "an observation says when; fill it in",
    TipFault.TOO_LONG: f"a tip has at most {LONGEST_TIP} characters, a place or moment {LONGEST_ANSWER};"
    " keep what matters",
    TipFault.PHOTO: "photos, screenshots and videos are not taken, because faces are not kept here;"
    " describe in words what can be seen, or type over what it says",
    TipFault.LINK: "the link is no web address; leave it out or copy it whole, starting with https://",
    TipFault.UNSTORABLE: "the text holds characters that cannot be stored; type it again",
}
"""Each fault in one line: why, and what to do."""


class TipRefused(Exception):
    """A tip that cannot be taken; says in one line why and what to do."""

    def __init__(self, fault: TipFault) -> None:
        super().__init__(WHAT_TO_DO[fault])
        self.fault = fault


@dataclass(frozen=True, slots=True, repr=False)
class Observation:
    """What someone saw, in four answers: where, when, what, and how many; about the act, never about a person."""

    where: str
    when: str
    what: str
    how_many: str = ""

    def __repr__(self) -> str:
        return "Observation(…)"


def make_tip(maker: PostMaker, text: str, now: datetime, link: str | None = None, lang: str | None = None) -> Post:
    """A masked post from what a professional copied; the same words in the same hour are one. Raises `TipRefused`."""
    _no_photo(text)
    if link is not None and link.strip() and canonical(link) is None:
        raise TipRefused(TipFault.PHOTO if is_photo_in_words(link) else TipFault.LINK)
    return _make(maker, Source.TIP, text, now, link or None, lang)


def make_observation(maker: PostMaker, seen: Observation, now: datetime) -> Post:
    """A masked post from what a professional saw, as one short Dutch sentence. Raises `TipRefused`."""
    for answer, fault in (
        (seen.what, TipFault.EMPTY),
        (seen.where, TipFault.NO_PLACE),
        (seen.when, TipFault.NO_MOMENT),
    ):
        if not answer.strip():
            raise TipRefused(fault)
        _no_photo(answer)
    if max(len(seen.where), len(seen.when), len(seen.how_many)) > LONGEST_ANSWER:
        raise TipRefused(TipFault.TOO_LONG)
    return _make(maker, Source.OBSERVATION, sentence(seen), now, None, "nl")


def sentence(seen: Observation) -> str:
    """The observation in words: 'Waarneming: <what>, <how many>, bij <where>, <when>.'"""
    where = seen.where.strip()
    if not re.match(r"(?i)(?:bij|op|in|aan|achter|voor|rond|tussen|naast)\b", where):
        where = f"bij {where}"
    how_many = seen.how_many.strip()
    if how_many.isdecimal():
        how_many = "1 persoon" if int(how_many) == 1 else f"{int(how_many)} personen"
    parts = [seen.what.strip().rstrip(".!"), how_many, where.rstrip("."), seen.when.strip().rstrip(".")]
    return f"Waarneming: {', '.join(' '.join(part.split()) for part in parts if part)}."


def _make(maker: PostMaker, source: Source, text: str, now: datetime, link: str | None, lang: str | None) -> Post:
    if len(text) > LONGEST_TIP:
        raise TipRefused(TipFault.TOO_LONG)
    # Handing in the same twice, by a double click or by two colleagues, must not make two.
    hour = f"{now.astimezone(_AMSTERDAM):%Y-%m-%dT%H}"
    native_id = hashlib.sha256("\0".join((hour, text.strip(), link or "")).encode("utf-8", "replace")).hexdigest()
    found = UnmaskedPost(
        source=source,
        native_id=native_id,
        version="1",
        revision=int(now.timestamp() * 1_000_000),
        text=text,
        link=link,
        lang=lang,
    )
    try:
        post = maker.make(found, None, None, now)
    except Refused as refused:
        raise TipRefused(_WHY[refused.reason]) from None
    if post is None:
        raise TipRefused(TipFault.EMPTY)
    return post


_WHY = {
    DeadReason.SCHEMA: TipFault.EMPTY,
    DeadReason.INVALID_UTF8: TipFault.UNSTORABLE,
    DeadReason.TOO_LARGE: TipFault.TOO_LONG,
}


def _no_photo(text: str) -> None:
    if is_photo_in_words(text):
        raise TipRefused(TipFault.PHOTO)
