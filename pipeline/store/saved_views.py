"""A reader's saved views of the queue: a name and the filters of an address, at most twenty, seen by nobody else."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection, text
from sqlalchemy.exc import IntegrityError

MOST_VIEWS = 20
LONGEST_NAME = 40
LONGEST_FILTERS = 300


class TooManyViews(Exception):
    """The reader keeps as many views as fit."""


class ViewNameTaken(Exception):
    """The reader has a view of this name."""


@dataclass(frozen=True)
class SavedView:
    """`filters` is the part of an address after '?'; who uses it reads it as it reads any address."""

    place: int
    name: str
    filters: str


def views_of(connection: Connection, reader: UUID) -> list[SavedView]:
    """This reader's views, in the order in which they were kept."""
    rows = connection.execute(
        text("SELECT place, name, filters FROM seinpost.saved_views WHERE user_id = :reader ORDER BY place"),
        {"reader": reader},
    )
    return [SavedView(row.place, row.name, row.filters) for row in rows]


def keep(connection: Connection, reader: UUID, name: str, filters: str) -> None:
    """Keep one more, in the first free place. Raises TooManyViews or ViewNameTaken."""
    try:
        placed = connection.execute(
            text(
                "INSERT INTO seinpost.saved_views (user_id, place, name, filters)"
                " SELECT :reader, p, :name, :filters FROM generate_series(1, :most) AS p"
                "  WHERE p NOT IN (SELECT place FROM seinpost.saved_views WHERE user_id = :reader)"
                "  ORDER BY p LIMIT 1"
            ),
            {"reader": reader, "name": name, "filters": filters, "most": MOST_VIEWS},
        ).rowcount
    except IntegrityError:
        raise ViewNameTaken("you have a view of this name; choose another") from None
    if placed == 0:
        raise TooManyViews(f"you keep {MOST_VIEWS} views; remove one first")


def drop(connection: Connection, reader: UUID, place: int) -> None:
    """Remove one; harmless when it is gone."""
    connection.execute(
        text("DELETE FROM seinpost.saved_views WHERE user_id = :reader AND place = :place"),
        {"reader": reader, "place": place},
    )
