"""What the directory's page shows: what is missing, gathered by kind, and one page of organisations.

It changes nothing.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import Connection

from forwarding.directory_gaps import Gap, GapKind, gaps
from forwarding.places import PlaceBook
from pipeline.store import directory_listing, trial_messages
from pipeline.store.directory_listing import PAGE, ListedContact, ListedOrganisation, Wanted
from pipeline.store.directory_upkeep import kept_directory
from pipeline.store.trial_messages import Trial
from signals.referral import RecipientKind

MOST_LINES = 25
"""Gaps of one kind that are named; more are counted."""
MOST_PLACES = 12
"""Places of one contact that are named; more are counted."""


@dataclass(frozen=True)
class Missing:
    """All gaps of one kind; `more` are counted and not named."""

    kind: GapKind
    lines: tuple[Gap, ...]
    more: int

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self.lines) + self.more


@dataclass(frozen=True)
class Board:
    """The page."""

    missing: tuple[Missing, ...]
    organisations: Sequence[ListedOrganisation]
    lacks: dict[str, tuple[Gap, ...]]
    """What an organisation and its contacts lack, by its name."""
    trials: dict[UUID, tuple[Trial, ...]]
    municipalities: tuple[str, ...]
    of_all: int
    page: int

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return max(1, -(-self.of_all // PAGE))


def board(
    connection: Connection,
    kind: RecipientKind | None,
    municipality: str | None,
    lacking: bool,
    page: int,
    today: date,
    book: PlaceBook,
) -> Board:
    """One page of the directory. With a municipality, its other schools that nobody has are among what is missing."""
    found = gaps(kept_directory(connection), book, today, municipalities=(municipality,) if municipality else ())
    if municipality:
        found = [gap for gap in found if gap.municipality == municipality]
    lacks: dict[str, list[Gap]] = defaultdict(list)
    for gap in found:
        if gap.organisation:
            lacks[gap.organisation].append(gap)
    wanted = Wanted(kind, municipality, frozenset(lacks) if lacking else None)
    organisations, of_all = directory_listing.listed(connection, wanted, page, today)
    contacts = [contact.id for organisation in organisations for contact in organisation.contacts]
    return Board(
        _gathered(found),
        organisations,
        {name: tuple(its) for name, its in lacks.items()},
        trial_messages.latest(connection, contacts),
        tuple(directory_listing.municipalities(connection)),
        of_all,
        page,
    )


def place_names(contact: ListedContact, book: PlaceBook) -> tuple[list[str], int]:
    """The names of the places that a contact serves, in the order of the alphabet, and how many more there are."""
    names = sorted(entry.name if (entry := book.entry(place)) is not None else place for place in contact.places)
    return names[:MOST_PLACES], max(0, len(names) - MOST_PLACES)


def _gathered(found: Iterable[Gap]) -> tuple[Missing, ...]:
    by_kind: dict[GapKind, list[Gap]] = defaultdict(list)
    for gap in found:
        by_kind[gap.kind].append(gap)
    missing = []
    for kind, its in by_kind.items():
        its.sort(key=lambda gap: (gap.due_on or date.min, gap.name.casefold(), gap.detail))
        missing.append(Missing(kind, tuple(its[:MOST_LINES]), max(0, len(its) - MOST_LINES)))
    return tuple(missing)
