"""Golden cards: invented posts with a known answer, unannounced among the signals, so that a team sees how it reads.

Only a share of what truly arrives, never an acute one, at most two at a time. One reading ends a card and the database
sees to it that nothing of it is told, sent or counted as a signal; its rows go minutes later. Off unless it is set.
"""

import hashlib
import hmac
import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from importlib import resources
from uuid import UUID

from sqlalchemy import Connection, text

from pipeline.store import listed_words
from signals.analysis import Analysis, Fact, Facts, Reason, Versions
from signals.ids import uuid8
from signals.label import Category, Genre, Lang, Level

MOST_OPEN = 2
LOOKS_BACK = timedelta(days=1)
UNDO = timedelta(minutes=2)
"""A judged card stays so long: its reader may still stand on its page."""
NOBODY_TOOK_IT = timedelta(days=3)

_WHY = {Fact.CALL: "call to act", Fact.MEANS: "means", Fact.TARGET: "who or what is aimed at", Fact.TIME: "time"}

# The newest real post lends what a card would lack: source, order and the versions that it says it was found with.
_LIKE = text("""
    SELECT g.source, g.order_id, g.analysis -> 'versions' AS versions
      FROM sightings g JOIN signals s ON s.id = g.signal_id
     WHERE s.queued_at > :since AND s.source NOT IN ('tip', 'observation') AND g.analysis ? 'versions'
     ORDER BY s.queued_at DESC LIMIT 1
""")
_ARRIVED = text("SELECT count(*) FROM signals s WHERE s.queued_at > :since")
_PLACED = text("SELECT count(*) FROM golden_cards g WHERE g.placed_at > :since")
_OPEN = text("SELECT count(*) FROM golden_cards g WHERE g.judged_at IS NULL")
_WHEN = text("SELECT item, placed_at FROM golden_items")
_SIGNAL = text("""
    INSERT INTO signals (id, lane, state, category, level, imminent, genre, lang, source, sightings, posted_at, seen_at,
                         queued_at, changed_at)
    VALUES (:signal, 'ordinary', 'new', :category, :level, :imminent, :genre, :lang, :source, 1, :posted, :seen,
            :now, :now)
""")
_SIGHTING = text("""
    INSERT INTO sightings (post_id, signal_id, event_id, revision, source, order_id, posted_at, seen_at, text, analysis)
    VALUES (:post, :signal, :event, :revision, :source, :order, :posted, :seen, :text, CAST(:analysis AS jsonb))
""")
_EVENT = text("""
    INSERT INTO signal_events (signal_id, at, step, to_state) VALUES (:signal, :now, 'arrive', 'new')
""")
_CARD = text("""
    INSERT INTO golden_cards (signal_id, item, verdict, note, placed_at) VALUES (:signal, :item, :verdict, :note, :now)
""")
_ITEM = text("""
    INSERT INTO golden_items (item, placed_at) VALUES (:item, :now)
    ON CONFLICT (item) DO UPDATE SET placed_at = excluded.placed_at
""")


@dataclass(frozen=True)
class GoldenItem:
    """One invented post: what it says, how its card looks, and what the labelling guide makes of it."""

    id: str
    text: str
    actionable: bool
    category: Category
    level: Level
    imminent: bool
    genre: Genre
    lang: Lang
    facts: Facts
    note: str

    @property
    def verdict(self) -> str:
        """What the guide asks of a reader."""
        return "confirm" if self.actionable else "reject"

    def analysis(self, versions: Versions) -> Analysis:
        """As if the machine had found it."""
        reasons = [
            Reason(start=start, end=end, why=why) for fact, why in _WHY.items() for start, end in self.facts.spans(fact)
        ]
        return Analysis(
            flagged=True,
            score=0.9,
            category=self.category,
            imminent=self.imminent,
            genre=self.genre,
            lang=self.lang,
            level=self.level,
            facts=self.facts,
            places=(),
            reasons=tuple(reasons[:3]),
            window=None,
            versions=versions,
        )


@cache
def shipped() -> tuple[GoldenItem, ...]:
    """The items that come with the product."""
    lines = (resources.files("pipeline.quality") / "golden.jsonl").read_text().splitlines()
    return tuple(_item(json.loads(line)) for line in lines)


def place(connection: Connection, share: float, key: bytes, now: datetime) -> int:
    """Place a card when fewer of them came in the last day than `share` of what truly came; says how many (0 or 1)."""
    since = {"since": now - LOOKS_BACK}
    if share <= 0 or connection.execute(_OPEN).scalar_one() >= MOST_OPEN:
        return 0
    placed: int = connection.execute(_PLACED, since).scalar_one()
    arrived: int = connection.execute(_ARRIVED, since).scalar_one()
    like = connection.execute(_LIKE, since).one_or_none()
    if like is None or placed + 1 > share * arrived:
        return 0
    item = _next(connection, key)
    signal, post, event = (_id(key, part, item.id, now) for part in ("signal", "post", "event"))
    posted, seen = now - timedelta(minutes=3), now - timedelta(seconds=20)
    given = {"signal": signal, "source": like.source, "posted": posted, "seen": seen, "now": now}
    connection.execute(_CARD, {"item": item.id, "verdict": item.verdict, "note": item.note, **given})
    connection.execute(
        _SIGNAL,
        {
            "category": item.category,
            "level": item.level,
            "imminent": item.imminent,
            "genre": item.genre,
            "lang": item.lang,
            **given,
        },
    )
    connection.execute(
        _SIGHTING,
        {
            "post": post,
            "event": event,
            "revision": int(posted.timestamp() * 1_000_000),
            "order": like.order_id,
            "text": item.text,
            "analysis": item.analysis(Versions.model_validate(like.versions)).model_dump_json(),
            **given,
        },
    )
    listed_words.note(connection, [(post, item.text)])  # it is found like any other
    connection.execute(_EVENT, given)
    connection.execute(_ITEM, {"item": item.id, "now": now})
    return 1


def clear(connection: Connection, now: datetime) -> int:
    """Take away what was judged, and what nobody took for days; says how many cards."""
    gone: int = connection.execute(
        text("SELECT golden_clear(:judged, :placed)"), {"judged": now - UNDO, "placed": now - NOBODY_TOOK_IT}
    ).scalar_one()
    return gone


def _next(connection: Connection, key: bytes) -> GoldenItem:
    """The one that was longest away; among those never placed, in an order that nobody can foresee."""
    when = {row.item: row.placed_at.timestamp() for row in connection.execute(_WHEN)}
    return min(shipped(), key=lambda item: (when.get(item.id, 0.0), hmac.digest(key, item.id.encode(), hashlib.sha256)))


def _id(key: bytes, part: str, item: str, now: datetime) -> UUID:
    return uuid8(hmac.digest(key, f"golden {part} {item} {now.isoformat()}".encode(), hashlib.sha256))


def _item(row: dict[str, object]) -> GoldenItem:
    words, shown, facts = str(row["text"]), row["shown"], row["facts"]
    if not isinstance(shown, dict) or not isinstance(facts, dict):
        raise TypeError("a golden item lacks its card or its facts")
    spans = {
        name: tuple((words.index(part), words.index(part) + len(part)) for part in parts)
        for name, parts in facts.items()
    }
    return GoldenItem(
        id=str(row["id"]),
        text=words,
        actionable=bool(row["actionable"]),
        category=Category(shown["category"]),
        level=Level(shown["level"]),
        imminent=bool(row["imminent"]),
        genre=Genre(str(row["genre"])),
        lang=Lang(str(row["lang"])),
        facts=Facts(**spans),
        note=str(row["note"]),
    )
