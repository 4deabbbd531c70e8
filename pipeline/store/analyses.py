"""The book of analyses: one row per analysed version of a post, without text; for promise 4 and for counts."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, text

from pipeline.store.columns import column, joined
from signals.analysed import Analysed

_COLUMNS = {
    "event_id": "uuid",
    "post_id": "uuid",
    "revision": "bigint",
    "source": "text",
    "flagged": "boolean",
    "score": "real",
    "category": "text",
    "level": "text",
    "genre": "text",
    "lang": "text",
    "model": "text",
    "terms": "text",
    "settings": "text",
}
_INSERT = text(f"""
    INSERT INTO analyses ({", ".join(_COLUMNS)}, analysed_at)
    SELECT *, CAST(:now AS timestamptz) FROM unnest({", ".join(column(name, kind) for name, kind in _COLUMNS.items())})
    ON CONFLICT (event_id) DO NOTHING
""")  # noqa: S608 -- constants of this module


def add(connection: Connection, records: Sequence[Analysed], now: datetime) -> None:
    """Note each analysis once."""
    if not records:
        return
    connection.execute(
        _INSERT,
        {
            "now": now,
            "event_id": joined(r.event_id for r in records),
            "post_id": joined(r.post_id for r in records),
            "revision": joined(r.revision for r in records),
            "source": joined(r.source.value for r in records),
            "flagged": joined(r.analysis.flagged for r in records),
            "score": joined(r.analysis.score for r in records),
            "category": joined(r.analysis.category.value for r in records),
            "level": joined(r.analysis.level.value for r in records),
            "genre": joined(r.analysis.genre.value for r in records),
            "lang": joined(r.analysis.lang.value for r in records),
            "model": joined(r.analysis.versions.model for r in records),
            "terms": joined(r.analysis.versions.terms for r in records),
            "settings": joined(r.analysis.versions.settings for r in records),
        },
    )
