"""Near-copies at the queue's door: which signal that somebody still has to judge a post in other words joins.

Only posts that a collector brought join, and only where all readable wordings of the signal say the same
(`pipeline.joining.sameness`) and the post is of no higher level. It makes no signal and moves none.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

from sqlalchemy import Connection, text

from pipeline.joining.bands import Banding
from pipeline.joining.sameness import Said, says_the_same
from pipeline.joining.wording import wording
from pipeline.store.columns import column, joined
from pipeline.store.sighting_book import UNDECIDED, Row, signal_id_of
from signals.analysed import Analysed
from signals.analysis import Analysis
from signals.ids import IdKey
from signals.label import LEVEL_ORDER, Level
from signals.post import HUMAN_SOURCES

MOST_SIGNALS = 4
"""Signals that a post is compared with: those that share most bands. Among the texts of 700 labelled pairs at most two
others share as many as the copy (docs/measurements.md)."""
MOST_WORDINGS = 12
"""Different wordings of one signal that a post is compared with, its own words first."""
MOST_BANDED = 8
"""Sightings of one signal that others are found by."""
MOST_COMPARED = 40_000
"""Words of a post times words of wordings that it is laid along, some 50 ms; beyond it a post is a card of its own."""

_KNOWN = text(f"SELECT id FROM signals WHERE id = ANY({column('ids', 'uuid')})")  # noqa: S608 -- a constant
# Per band no more than 64 posts are looked at: a text that everybody copies has at most 8 of its own there.
# Each post is looked up once for a whole batch, however many of its texts share bands with it.
NEAR = text(f"""
    WITH met AS MATERIALIZED (
        SELECT b.band, b.post_id FROM (SELECT DISTINCT unnest({column("bands", "bigint")}) AS band) AS asked
         CROSS JOIN LATERAL (SELECT o.band, o.post_id FROM sighting_bands o
                              WHERE o.band = asked.band ORDER BY o.post_id LIMIT 64) AS b),
    held AS MATERIALIZED (
        SELECT g.post_id, g.signal_id FROM sightings g JOIN signals s ON s.id = g.signal_id
         WHERE g.post_id IN (SELECT post_id FROM met) AND s.state = ANY(CAST(:states AS text[]))
           AND g.post_id <> g.event_id AND g.text IS NOT NULL AND NOT g.source = ANY(CAST(:human AS text[]))
           AND NOT EXISTS (SELECT 1 FROM second_readings r WHERE r.signal_id = s.id AND r.outcome IS NULL)),
    cards AS MATERIALIZED (SELECT DISTINCT m.band, h.signal_id FROM met m JOIN held h ON h.post_id = m.post_id)
    SELECT asker, signal_id, shared FROM (
        SELECT a.asker, c.signal_id, count(*) AS shared,
               row_number() OVER (PARTITION BY a.asker ORDER BY count(*) DESC, c.signal_id) AS place
          FROM unnest({column("askers", "integer")}, {column("bands", "bigint")}) AS a (asker, band)
          JOIN cards c ON c.band = a.band GROUP BY a.asker, c.signal_id) AS ranked
     WHERE place <= :most
""")  # noqa: S608 -- constants
_WORDINGS = text("""
    SELECT s.id, s.level, w.text, w.analysis
      FROM signals s CROSS JOIN LATERAL (
        SELECT DISTINCT ON (g.own_signal) g.own_signal, g.text, CAST(g.analysis AS text) AS analysis FROM sightings g
         WHERE g.signal_id = s.id AND g.text IS NOT NULL ORDER BY g.own_signal NULLS FIRST, g.post_id LIMIT :most) w
     WHERE s.id = ANY(CAST(:ids AS uuid[])) ORDER BY s.id, w.own_signal NULLS FIRST
""")
_BANDED = text("""
    SELECT g.signal_id, count(*) AS number FROM sightings g
     WHERE g.signal_id = ANY(CAST(:ids AS uuid[]))
       AND EXISTS (SELECT 1 FROM sighting_bands b WHERE b.post_id = g.post_id)
     GROUP BY g.signal_id
""")
_CLEAR = text("DELETE FROM sighting_bands WHERE post_id = ANY(CAST(:posts AS uuid[]))")
_NOTE = text(f"""
    INSERT INTO sighting_bands (band, post_id)
    SELECT * FROM unnest({column("bands", "bigint")}, {column("posts", "uuid")}) AS new (band, post_id)
     ORDER BY band, post_id
    ON CONFLICT DO NOTHING
""")  # noqa: S608 -- constants


@dataclass
class _Card:
    """A signal that may be joined: its level and its wordings, of which the first one speaks for it."""

    level: Level
    first: Analysis
    wordings: list[Said]

    def takes(self, said: Said, found: Analysis) -> bool:
        """Whether all its wordings say the same as this one, in which nothing was found that the card does not tell."""
        return (
            len(self.wordings) < MOST_WORDINGS
            and not self._lacks(found)
            and sum(map(_length, self.wordings)) * _length(said) <= MOST_COMPARED
            and all(says_the_same(known, said) for known in self.wordings)
        )

    def _lacks(self, found: Analysis) -> bool:
        """A place, a moment or haste that only the other words gave away: who has to know would not hear of it."""
        return (
            LEVEL_ORDER.index(found.level) < LEVEL_ORDER.index(self.level)
            or (found.imminent and not self.first.imminent)
            or (found.window is not None and self.first.window is None)
            or not {place.id for place in found.places} <= {place.id for place in self.first.places}
        )


class Door:
    """Near-copies of one batch: what its texts join, and by what others find them. Each text is read once."""

    def __init__(self, connection: Connection, id_key: IdKey) -> None:
        self._connection, self._id_key, self._banding = connection, id_key, _banding(id_key)
        self._bands: dict[str, tuple[int, ...]] = {}

    def find(self, versions: Sequence[Analysed]) -> dict[UUID, UUID]:
        """For texts that are no signal yet: the signal they join, by the id that they alone would have.

        The records' order counts, and a card of this batch is found as one that stands: by the bands it shares.
        """
        texts: dict[UUID, tuple[str, Analysis]] = {}
        for version in versions:
            if version.post is not None and version.source not in HUMAN_SOURCES:
                texts.setdefault(signal_id_of(self._id_key, version.post.text), (version.post.text, version.analysis))
        if not texts:
            return {}
        known = set(self._connection.execute(_KNOWN, {"ids": joined(texts)}).scalars())
        fresh = {own: given for own, given in texts.items() if own not in known and self._bands_of(given[0])}
        stored = self._stored([self._bands_of(words) for words, _ in fresh.values()])
        cards = self._load({card for shared in stored for card in shared})
        here: dict[int, set[UUID]] = {}
        joins: dict[UUID, UUID] = {}
        for (own, (words, found)), there in zip(fresh.items(), stored, strict=True):
            said, bands = _said(words, found), self._bands_of(words)
            shared = there | Counter(card for band in bands for card in here.get(band, ()))
            near = sorted(shared, key=lambda card: (-shared[card], card))[:MOST_SIGNALS]
            # One that was found and is not there any more lost its last text in between.
            target = next((card for card in near if card in cards and cards[card].takes(said, found)), own)
            if target == own:
                cards[own] = _Card(found.level, found, [said])
            else:
                joins[own] = target
                cards[target].wordings.append(said)
            for band in bands:
                here.setdefault(band, set()).add(target)
        return joins

    def note(self, rows: Iterable[tuple[UUID, Row, Analysed]], standing: Mapping[UUID, str]) -> None:
        """Let near-copies find these sightings: what stands under their own id, readable and brought by a collector."""
        fresh = [
            (key, row.signal_id, version.post.text)
            for key, row, version in rows
            if version.post and row.readable and key == row.post_id and version.source not in HUMAN_SOURCES
            and standing.get(row.signal_id) in UNDECIDED
        ]  # fmt: skip
        if not fresh:
            return
        self._connection.execute(_CLEAR, {"posts": [key for key, _, _ in fresh]})
        banded = self._connection.execute(_BANDED, {"ids": list({signal for _, signal, _ in fresh})})
        number: dict[UUID, int] = {r.signal_id: r.number for r in banded}
        noted: list[tuple[int, str]] = []
        for key, signal, words in fresh:
            number[signal] = number.get(signal, 0) + 1
            if number[signal] <= MOST_BANDED:
                post = str(key)
                noted += [(band, post) for band in self._bands_of(words)]
        if noted:
            asked = {"bands": joined(band for band, _ in noted), "posts": joined(post for _, post in noted)}
            self._connection.execute(_NOTE, asked)

    def close(self) -> None:
        """The batch is written: no text outlives it here."""
        self._bands.clear()
        wording.cache_clear()

    def _bands_of(self, words: str) -> tuple[int, ...]:
        found = self._bands.get(words)
        if found is None:
            found = self._bands[words] = tuple(set(self._banding.bands(words)))
        return found

    def _stored(self, asked: Sequence[Sequence[int]]) -> list[Counter[UUID]]:
        """For each of these texts' bands, the signals that share most of them, and how many."""
        found: list[Counter[UUID]] = [Counter() for _ in asked]
        if asked:
            rows = [(asker, band) for asker, bands in enumerate(asked) for band in bands]
            values = {
                "askers": joined(asker for asker, _ in rows),
                "bands": joined(band for _, band in rows),
                "states": sorted(state.value for state in UNDECIDED),
                "human": sorted(source.value for source in HUMAN_SOURCES),
                "most": MOST_SIGNALS,
            }
            for row in self._connection.execute(NEAR, values):
                found[row.asker][row.signal_id] = row.shared
        return found

    def _load(self, ids: Collection[UUID]) -> dict[UUID, _Card]:
        cards: dict[UUID, _Card] = {}
        if ids:
            for row in self._connection.execute(_WORDINGS, {"ids": list(ids), "most": MOST_WORDINGS}):
                found = Analysis.model_validate_json(row.analysis)
                cards.setdefault(row.id, _Card(Level(row.level), found, [])).wordings.append(_said(row.text, found))
        return cards


def _length(said: Said) -> int:
    return 1 + said.text.count(" ")


def _said(words: str, analysis: Analysis) -> Said:
    return Said(words, analysis.places, analysis.category, analysis.window)


@lru_cache(maxsize=4)
def _banding(id_key: IdKey) -> Banding:
    return Banding(id_key)
