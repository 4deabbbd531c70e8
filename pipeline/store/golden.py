"""Golden cards as a reader meets them afterwards: what was an invented card, told once; and how the team did.

Placing and clearing them is `pipeline.quality.golden`'s work; `pipeline.store.page_frame` asks what is not told yet.
"""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, text


@dataclass(frozen=True)
class Untold:
    """A card that the acting reader judged: the guide's answer, the reader's own, and why."""

    note: str
    verdict: str
    given: str

    @property
    def alike(self) -> bool:
        """Whether the reader judged as the guide does."""
        return self.verdict == self.given


def told(connection: Connection) -> None:
    """The acting reader knows; from now on nothing says who read them."""
    connection.execute(text("SELECT seinpost.golden_told()"))


def counts(connection: Connection, since: date) -> tuple[int, int]:
    """How many cards were judged since a month, and how many as the guide does."""
    row = connection.execute(text("SELECT answers, agreed FROM seinpost.golden_counts(:since)"), {"since": since}).one()
    return row.answers, row.agreed
