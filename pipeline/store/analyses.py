"""The book of analyses: one row per analysed version of a post, without text; for promise 4 and for counts."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, text

from signals.analysed import Analysed

_INSERT = text("""
    INSERT INTO analyses (event_id, post_id, revision, source, flagged, score, category, level, genre, lang, model,
                          terms, settings, analysed_at)
    SELECT *, CAST(:now AS timestamptz)
      FROM unnest(CAST(:event_id AS uuid[]), CAST(:post_id AS uuid[]), CAST(:revision AS bigint[]),
                  CAST(:source AS text[]), CAST(:flagged AS boolean[]), CAST(:score AS real[]),
                  CAST(:category AS text[]), CAST(:level AS text[]), CAST(:genre AS text[]), CAST(:lang AS text[]),
                  CAST(:model AS text[]), CAST(:terms AS text[]), CAST(:settings AS text[]))
    ON CONFLICT (event_id) DO NOTHING
""")


def add(connection: Connection, records: Sequence[Analysed], now: datetime) -> None:
    """Note each analysis once."""
    if not records:
        return
    connection.execute(
        _INSERT,
        {
            "now": now,
            "event_id": [r.event_id for r in records],
            "post_id": [r.post_id for r in records],
            "revision": [r.revision for r in records],
            "source": [r.source.value for r in records],
            "flagged": [r.analysis.flagged for r in records],
            "score": [r.analysis.score for r in records],
            "category": [r.analysis.category.value for r in records],
            "level": [r.analysis.level.value for r in records],
            "genre": [r.analysis.genre.value for r in records],
            "lang": [r.analysis.lang.value for r in records],
            "model": [r.analysis.versions.model for r in records],
            "terms": [r.analysis.versions.terms for r in records],
            "settings": [r.analysis.versions.settings for r in records],
        },
    )
