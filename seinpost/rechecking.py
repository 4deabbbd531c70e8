"""Puts the re-check of signals' posts together: the store's book of what is due, and the service that opens links.

What the re-check does stands in `collectors.recheck`; the key stays with the unseal service.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import Engine

from collectors.kinds import kinds
from collectors.politeness import Politeness
from collectors.recheck import OpenLink, Rechecking
from collectors.recheck_due import Due
from collectors.run import Collecting
from pipeline.store import rechecks
from pipeline.unseal import Job, Purpose, UnsealRequest
from pipeline.unseal_client import UnsealClient
from seinpost import collecting, composition
from seinpost.settings import Settings
from signals.ports import PostSink
from signals.post import Source


@dataclass(frozen=True)
class StoreRechecks:
    """The book of re-checks in the database, one short transaction each."""

    engine: Engine

    def due(self, sources: Collection[Source], last_checked: datetime, most: int) -> list[Due]:
        """Posts that are due, the longest ago first."""
        with self.engine.begin() as connection:
            return rechecks.due(connection, sources, last_checked, most)

    def note(self, stands: Mapping[UUID, bool], at: datetime) -> None:
        """Keep what was found."""
        with self.engine.begin() as connection:
            rechecks.note(connection, stands, at)


def link_opener(client: UnsealClient) -> OpenLink:
    """Opens one post's link by asking the unseal service, which writes the trail first."""

    def open_link(post_id: UUID) -> str | None:
        return client.ask(UnsealRequest(purpose=Purpose.LINK, job=Job.RECHECK, post_id=post_id)).plain

    return open_link


def beside(task: Collecting, settings: Settings, books: collecting.StoreBooks) -> Rechecking:
    """The re-check that runs beside a collector and shares its manners, so that no host is asked twice at a time."""
    return replace(
        alone(settings, books, task.sink, task.polite, task.tell), manners=task.manners, secrets=task.secrets
    )


def alone(
    settings: Settings, books: collecting.StoreBooks, sink: PostSink, polite: Politeness, tell: Callable[[str], None]
) -> Rechecking:
    """The re-check as a process of its own, where collectors run kind by kind."""
    return Rechecking(
        assignments=books.assignments,
        order=books.order,
        sink=sink,
        books=StoreRechecks(books.engine),
        open_link=link_opener(UnsealClient(composition.unseal_socket(settings))),
        id_key=composition.key_folder(settings).id_key(),
        clock=composition.now,
        polite=polite,
        secrets=collecting.secrets(settings, kinds().values()),
        tell=tell,
    )
