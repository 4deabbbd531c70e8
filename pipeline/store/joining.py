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

MOST_SIGNALS = 8
"""Signals that a post is compared with: those that share most bands."""
MOST_WORDINGS = 12
"""Different wordings of one signal that a post is compared with, its own words first."""
MOST_BANDED = 8
"""Sightings of one signal that others are found by."""
MOST_COMPARED = 40_000
"""Words of a post times words of wordings that it is laid along, some 50 ms; beyond it a post is a card of its own."""

_KNOWN = text(f"SELECT id FROM signals WHERE id = ANY({column('ids', 'uuid')})")  # noqa: S608 -- a constant
# Per band no more than 64 posts are looked at: a text that everybody copies has at most 8 of its own there.
NEAR = text("""
    SELECT g.signal_id, count(DISTINCT b.band) AS shared
      FROM unnest(CAST(:bands AS bigint[])) AS asked (band)
     CROSS JOIN LATERAL (SELECT o.band, o.post_id FROM sighting_bands o
                          WHERE o.band = asked.band ORDER BY o.post_id LIMIT 64) AS b
      JOIN sightings g ON g.post_id = b.post_id
      JOIN signals s ON s.id = g.signal_id AND s.state = ANY(CAST(:states AS text[]))
     WHERE g.post_id <> g.event_id AND g.text IS NOT NULL AND NOT g.source = ANY(CAST(:human AS text[]))
       AND NOT EXISTS (SELECT 1 FROM second_readings r WHERE r.signal_id = s.id AND r.outcome IS NULL)
     GROUP BY g.signal_id ORDER BY shared DESC, g.signal_id LIMIT :most
""")
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
_NOTE = text("""
    INSERT INTO sighting_bands (band, post_id)
    SELECT * FROM unnest(CAST(:bands AS bigint[]), CAST(:posts AS uuid[])) AS new (band, post_id) ORDER BY band, post_id
    ON CONFLICT DO NOTHING
""")


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


def find(connection: Connection, versions: Sequence[Analysed], id_key: IdKey) -> dict[UUID, UUID]:
    """For texts that are no signal yet: the signal they join, by the id that they alone would have.

    The records' order counts, and a card of this batch is found as one that stands: by the bands it shares.
    """
    texts: dict[UUID, Analysed] = {}
    for version in versions:
        if version.post is not None and version.source not in HUMAN_SOURCES:
            texts.setdefault(signal_id_of(id_key, version.post.text), version)
    if not texts:
        return {}
    known = set(connection.execute(_KNOWN, {"ids": joined(texts)}).scalars())
    banding = _banding(id_key)
    cards: dict[UUID, _Card] = {}
    here: dict[int, set[UUID]] = {}
    joins: dict[UUID, UUID] = {}
    for own, version in texts.items():
        if own in known or version.post is None or not (bands := set(banding.bands(version.post.text))):
            continue
        said, found = _said(version.post.text, version.analysis), version.analysis
        shared = Counter(_near(connection, bands))
        shared |= Counter(card for band in bands for card in here.get(band, ()))
        near = sorted(shared, key=lambda card: (-shared[card], card))[:MOST_SIGNALS]
        cards |= _load(connection, [card for card in near if card not in cards])
        # One that was found and is not there any more lost its last text in between.
        target = next((card for card in near if card in cards and cards[card].takes(said, found)), own)
        if target == own:
            cards[own] = _Card(found.level, found, [said])
        else:
            joins[own] = target
            cards[target].wordings.append(said)
        for band in bands:
            here.setdefault(band, set()).add(target)
    wording.cache_clear()  # no text outlives its batch here
    return joins


def note_bands(
    connection: Connection, rows: Iterable[tuple[UUID, Row, Analysed]], standing: Mapping[UUID, str], id_key: IdKey
) -> None:
    """Let near-copies find these sightings: what stands under their own id, readable and brought by a collector."""
    fresh = [
        (key, row.signal_id, version.post.text)
        for key, row, version in rows
        if version.post and row.readable and key == row.post_id and version.source not in HUMAN_SOURCES
        and standing.get(row.signal_id) in UNDECIDED
    ]  # fmt: skip
    if not fresh:
        return
    connection.execute(_CLEAR, {"posts": [key for key, _, _ in fresh]})
    banded = connection.execute(_BANDED, {"ids": list({signal for _, signal, _ in fresh})})
    number: dict[UUID, int] = {r.signal_id: r.number for r in banded}
    banding, noted = _banding(id_key), list[tuple[int, UUID]]()
    for key, signal, words in fresh:
        number[signal] = number.get(signal, 0) + 1
        if number[signal] <= MOST_BANDED:
            noted += [(band, key) for band in set(banding.bands(words))]
    if noted:
        connection.execute(_NOTE, {"bands": [band for band, _ in noted], "posts": [post for _, post in noted]})


def _near(connection: Connection, bands: Collection[int]) -> dict[UUID, int]:
    asked = {
        "bands": sorted(bands),
        "states": sorted(state.value for state in UNDECIDED),
        "human": sorted(source.value for source in HUMAN_SOURCES),
        "most": MOST_SIGNALS,
    }
    return {row.signal_id: row.shared for row in connection.execute(NEAR, asked)}


def _load(connection: Connection, ids: Sequence[UUID]) -> dict[UUID, _Card]:
    cards: dict[UUID, _Card] = {}
    if ids:
        for row in connection.execute(_WORDINGS, {"ids": list(ids), "most": MOST_WORDINGS}):
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
