"""What stands around an expert's whole page: the sources, the reader's own day, golden cards not told yet,
and the acute signals whose second reader is late.

Only a page that has a frame asks for it: no heartbeat, no list alone, no form that leads on.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from pipeline.store.connection import acting
from pipeline.store.golden import Untold
from pipeline.store.late_readings import Late
from pipeline.store.page_frame import PageFrame, page_frame
from pipeline.store.queue import SourcesNow
from pipeline.store.users import UserRole
from review_ui.access.signed_in import EXPERT_ROLE, SignedIn
from review_ui.dependencies import Dependencies
from review_ui.reader.care import Care, care, midnight

KEPT = "page_frame"
"""Under this name a page that asked already, in a transaction of its own, hands on what it got."""


@dataclass(frozen=True)
class Frame:
    """The values of `base.html`."""

    sources: SourcesNow
    care: Care
    golden: tuple[Untold, ...]
    late: tuple[Late, ...]


def frame(
    dependencies: Dependencies, found: SignedIn | None, now: datetime, context: Mapping[str, object]
) -> Frame | None:
    """The frame of this reader's page; None for who is no expert."""
    if found is None or not found.user.has(UserRole.EXPERT):
        return None
    kept = context.get(KEPT)
    if not isinstance(kept, PageFrame):
        with acting(dependencies.engine, found.user.id, EXPERT_ROLE) as connection:
            kept = page_frame(connection, midnight(now), now)
    return Frame(kept.sources, care(kept.desk, now), kept.golden, kept.late)
