"""What stands around every whole page of an expert: the reader's own day, the sources, golden cards not told yet, and
the acute signals whose second reader is late.

One question for all four, because every page asks it. Run as an expert; it changes nothing.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, text

from pipeline.store.golden import Untold
from pipeline.store.late_readings import LATE, Late
from pipeline.store.queue import SOURCES_NOW, SourcesNow
from pipeline.store.reader import Desk, desk_of


@dataclass(frozen=True)
class PageFrame:
    """The four together, of one moment."""

    desk: Desk
    sources: SourcesNow
    golden: tuple[Untold, ...]
    late: tuple[Late, ...]


_AROUND = text(
    "SELECT r.*, s.active, s.silent,"  # noqa: S608 -- a constant of `queue`
    "       (SELECT json_agg(json_build_array(g.note, g.verdict, g.given)) FROM seinpost.golden_untold() g) AS golden,"
    f"       (SELECT json_agg(json_build_array(l.id, l.number)) FROM ({LATE}) l) AS late"
    f"  FROM seinpost.my_reading(:since) r, ({SOURCES_NOW}) s"
)


def page_frame(connection: Connection, since: datetime, now: datetime) -> PageFrame:
    """The frame of the acting expert at `now`; readings since `since`."""
    row = connection.execute(_AROUND, {"since": since, "now": now}).one()
    return PageFrame(
        desk=desk_of(row),
        sources=SourcesNow(row.active, row.silent),
        golden=tuple(Untold(*card) for card in row.golden or ()),
        late=tuple(Late(UUID(signal), number) for signal, number in row.late or ()),
    )
