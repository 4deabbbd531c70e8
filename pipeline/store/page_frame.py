"""What stands around every whole page of an expert: the reader's own day, the sources, golden cards not told yet.

One question for all three, because every page asks it. Run as an expert; it changes nothing.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, text

from pipeline.store.golden import Untold
from pipeline.store.queue import SOURCES_NOW, SourcesNow
from pipeline.store.reader import Desk, desk_of


@dataclass(frozen=True)
class PageFrame:
    """The three together, of one moment."""

    desk: Desk
    sources: SourcesNow
    golden: tuple[Untold, ...]


_AROUND = text(
    "SELECT r.*, s.active, s.silent,"  # noqa: S608 -- a constant of `queue`
    "       (SELECT json_agg(json_build_array(g.note, g.verdict, g.given)) FROM seinpost.golden_untold() g) AS golden"
    f"  FROM seinpost.my_reading(:since) r, ({SOURCES_NOW}) s"
)


def page_frame(connection: Connection, since: datetime) -> PageFrame:
    """The frame of the acting expert; readings since `since`."""
    row = connection.execute(_AROUND, {"since": since}).one()
    return PageFrame(
        desk=desk_of(row),
        sources=SourcesNow(row.active, row.silent),
        golden=tuple(Untold(*card) for card in row.golden or ()),
    )
