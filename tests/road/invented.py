"""Invented posts for the road's tests, and a small analysis that is easy to foresee: words decide, nothing else."""

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

from pipeline.store.connection import Database
from signals.analysed import Analysed, analysed
from signals.analysis import Analysis, Facts, Reason, TimeWindow, Versions
from signals.ids import IdKey
from signals.label import Category, Genre, Lang, Level
from signals.place import Mention, PlaceKind
from signals.post import Post, PostRemoved, Sealed, Source
from signals.settings_version import DetectionSettings
from tests.database import owner_connection

NOW = datetime(2026, 11, 22, 15, 30, tzinfo=UTC)
SETTINGS = DetectionSettings(threshold=0.5, gate_threshold=0.1)
PLACES = {"krommenie": ("area:krommenie", PlaceKind.AREA), "molencollege": ("brin:00XX00", PlaceKind.SCHOOL)}
_BREAKS = "kapotmaker"


class BrokenOnPurpose(Exception):
    """What the invented analysis raises on a post that holds the word for it."""


def analyse(posts: Sequence[Post], settings: DetectionSettings) -> list[Analysis]:
    """Flags a post that says `steken`; `vanavond` makes it acuut; two invented places are known."""
    return [_one(post, settings) for post in posts]


def found_in(post: Post) -> Analysed:
    """A post after the invented analysis."""
    return analysed(post, _one(post, SETTINGS))


def _one(post: Post, settings: DetectionSettings) -> Analysis:
    if _BREAKS in post.text:
        raise BrokenOnPurpose(post.text)
    flagged = "steken" in post.text.casefold()
    soon = flagged and "vanavond" in post.text.casefold()
    return Analysis(
        flagged=flagged,
        score=0.9 if flagged else 0.1,
        category=Category.THREAT if flagged else Category.NONE,
        imminent=soon,
        genre=Genre.CHAT,
        lang=Lang.NL,
        level=(Level.ACUUT if soon else Level.CONCREET) if flagged else Level.UITING,
        facts=Facts(),
        places=tuple(_places(post.text)),
        reasons=(Reason(start=0, end=1, why="invented"),) if flagged else (),
        window=TimeWindow(start=NOW, end=NOW + timedelta(hours=3), confidence=0.8) if soon else None,
        versions=Versions(model="invented", terms="none", settings=settings.version),
    )


def _places(text: str) -> list[Mention]:
    found = [(m, PLACES[m[0].casefold()]) for word in PLACES for m in re.finditer(word, text, re.IGNORECASE)]
    return [
        Mention(text=m[0], start=m.start(), end=m.end(), kind=kind, id=i, name=m[0].title()) for m, (i, kind) in found
    ]


class Maker:
    """Makes posts with ids as a collector would."""

    def __init__(self, id_key: IdKey, order: UUID) -> None:
        self.id_key = id_key
        self.order = order

    def post(
        self, native: str, text: str, version: int = 1, source: Source = Source.EXPORT, sealed: bool = False
    ) -> Post:
        """One version of a post."""
        return Post(
            id=self.id_key.post_id(source, native),
            event_id=self.id_key.event_id(source, native, str(version)),
            revision=version,
            source=source,
            order_id=None if source in (Source.TIP, Source.OBSERVATION) else self.order,
            text=text,
            posted_at=NOW - timedelta(minutes=5),
            seen_at=NOW,
            link=_sealed(b"link") if sealed else None,
            link_hash=self.id_key.link_hash(native) if sealed else None,
            names=_sealed(b"names") if sealed else None,
        )

    def removed(self, native: str, version: int, source: Source = Source.EXPORT) -> PostRemoved:
        """The record that a post is gone."""
        return PostRemoved(
            id=self.id_key.post_id(source, native),
            event_id=self.id_key.event_id(source, native, f"removed-{version}"),
            revision=version,
            source=source,
            order_id=self.order,
            seen_at=NOW,
        )


def _sealed(content: bytes) -> Sealed:
    return Sealed(key_day=date(2026, 11, 22), wrapped_key=b"wrapped " + content, box=b"box " + content)


def add_order(database: Database) -> UUID:
    """A draft order to collect under, with the user who drafted it."""
    with owner_connection(database) as owner:
        user = owner.execute(
            "INSERT INTO users (username, display_name, pseudonym, password_hash) VALUES (%s, 'x', %s, 'x')"
            " RETURNING id",
            (f"opsteller-{uuid4().hex[:8]}", uuid4().hex),
        ).fetchone()
        assert user is not None
        order = owner.execute(
            "INSERT INTO orders (controller, basis, occasion, scope, starts_at, ends_at, drafted_by)"
            " VALUES ('gemeente', 'basis', 'aanleiding', '{}', now(), now() + interval '7 days', %s) RETURNING id",
            (user[0],),
        ).fetchone()
    assert order is not None
    found: UUID = order[0]
    return found
