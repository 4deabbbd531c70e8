"""What a professional hands in: a post seen elsewhere (tip), or something seen with one's own eyes (observation).

Pure but for the keys it is given; it needs no order, takes no photo and never fetches the link.
"""

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from collectors.links import canonical
from collectors.post_maker import PostMaker
from collectors.refused import Refused
from collectors.unmasked import UnmaskedPost
from signals.dead_letter import DeadReason
from signals.post import Post, Source

LONGEST_TIP = 5_000
"""Code points of a tip; a person who types more is copying something that is no post."""

_AMSTERDAM = ZoneInfo("Europe/Amsterdam")
_PHOTO = re.compile(r"^\s*data:image/|\.(?:jpe?g|png|gif|webp|heic|mp4|mov)\s*$", re.IGNORECASE)


class TipRefused(Exception):
    """A tip that cannot be taken; says in one line why and what to do."""


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
        raise TipRefused("the link is no web address; leave it out or copy it whole, starting with https://")
    return _make(maker, Source.TIP, text, now, link or None, lang)


def make_observation(maker: PostMaker, seen: Observation, now: datetime) -> Post:
    """A masked post from what a professional saw, as one short Dutch sentence. Raises `TipRefused`."""
    for name, answer in (("where", seen.where), ("when", seen.when), ("what", seen.what)):
        if not answer.strip():
            raise TipRefused(f"an observation says {name}; fill it in")
        _no_photo(answer)
    return _make(maker, Source.OBSERVATION, sentence(seen), now, None, "nl")


def sentence(seen: Observation) -> str:
    """The observation in words: 'Waarneming: <what>, <how many>, bij <where>, <when>.'"""
    where = seen.where.strip()
    if not re.match(r"(?i)(?:bij|op|in|aan|achter|voor|rond|tussen|naast)\b", where):
        where = f"bij {where}"
    how_many = seen.how_many.strip()
    if how_many.isdigit():
        how_many = "1 persoon" if int(how_many) == 1 else f"{int(how_many)} personen"
    parts = [seen.what.strip().rstrip(".!"), how_many, where.rstrip("."), seen.when.strip().rstrip(".")]
    return f"Waarneming: {', '.join(' '.join(part.split()) for part in parts if part)}."


def _make(maker: PostMaker, source: Source, text: str, now: datetime, link: str | None, lang: str | None) -> Post:
    if len(text) > LONGEST_TIP:
        raise TipRefused(f"a tip has at most {LONGEST_TIP} characters; keep what matters")
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
        raise TipRefused("the text is empty; write what you saw")
    return post


_WHY = {
    DeadReason.SCHEMA: "the text is empty; write what you saw",
    DeadReason.INVALID_UTF8: "the text holds characters that cannot be stored; type it again",
    DeadReason.TOO_LARGE: f"a tip has at most {LONGEST_TIP} characters; keep what matters",
}


def _no_photo(text: str) -> None:
    if _PHOTO.search(text) and len(text.split()) <= 1:
        raise TipRefused(
            "photos and videos are not taken, because faces are not kept here; describe in words what can be seen"
        )
