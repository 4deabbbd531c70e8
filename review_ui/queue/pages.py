"""The queue (*werkvoorraad*): its page, its list alone for a refresh, and how many signals arrived since."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse
from pydantic import BaseModel, ConfigDict
from sqlalchemy import Connection

from pipeline.store import queue
from pipeline.store.connection import acting
from pipeline.store.queue import QueueFilter, QueueView
from pipeline.store.users import User
from review_ui.access.signed_in import EXPERT_ROLE, Expert
from review_ui.dependencies import given
from review_ui.staffing import HOME
from review_ui.templating import render
from signals.label import Category, Level
from signals.post import Source

router = APIRouter(include_in_schema=False)


class Narrowing(BaseModel):
    """The filters as they stand in an address; an empty choice is no filter."""

    model_config = ConfigDict(extra="ignore")

    lijst: QueueView = QueueView.ALL
    soort: Category | None = None
    niveau: Level | None = None
    bron: Source | None = None
    plaats: Annotated[str, Query(max_length=60)] | None = None

    def wanted(self) -> QueueFilter:
        """The same, as the store takes it."""
        return QueueFilter(self.lijst, self.soort, self.niveau, self.bron, self.plaats or None)

    def address(self, **changes: str) -> str:
        """The part of an address after '?', with some filters changed."""
        values = {
            "lijst": self.lijst.value if self.lijst is not QueueView.ALL else "",
            "soort": self.soort or "",
            "niveau": self.niveau or "",
            "bron": self.bron or "",
            "plaats": self.plaats or "",
            **changes,
        }
        return "&".join(f"{name}={value}" for name, value in values.items() if value)


def narrowing(request: Request) -> Narrowing:
    """Read the filters from the address; what cannot be read is left out."""
    known = {name: value for name, value in request.query_params.items() if value and name in Narrowing.model_fields}
    for name, kind in (("lijst", QueueView), ("soort", Category), ("niveau", Level), ("bron", Source)):
        if known.get(name) not in {member.value for member in kind}:
            known.pop(name, None)
    return Narrowing.model_validate({**known, "plaats": known.get("plaats", "")[:60] or None})


def queue_context(
    connection: Connection, user: User, narrowed: Narrowing, now: datetime, current: UUID | None = None
) -> Mapping[str, object]:
    """What the list part of a page shows. `current` is the signal that stands open beside it."""
    midnight = now.astimezone(HOME).replace(hour=0, minute=0, second=0, microsecond=0)
    return {
        "items": queue.open_signals(connection, user.id, user.police, narrowed.wanted(), now),
        "counts": queue.counts(connection, user.id, user.police, now),
        "narrowed": narrowed,
        "read_today": queue.read_today(connection, user.id, midnight),
        "current": current,
    }


@router.get("/werkvoorraad")
def queue_page(request: Request, found: Expert) -> HTMLResponse:
    """The queue with nothing open yet."""
    return _page(request, found, "queue/page.html")


@router.get("/werkvoorraad/lijst")
def queue_list(request: Request, found: Expert) -> HTMLResponse:
    """The list alone, for a refresh in place."""
    return _page(request, found, "queue/list.html")


@router.get("/werkvoorraad/nieuw")
def arrived(request: Request, found: Expert, sinds: datetime) -> HTMLResponse:
    """How many signals arrived since a list was drawn: a line to press, or nothing."""
    dependencies = given(request)
    with acting(dependencies.engine, found.user.id, EXPERT_ROLE) as connection:
        count = queue.arrived_since(connection, sinds) if sinds.tzinfo else 0
    return render(request, "queue/arrived.html", {"count": count}, found)


def _page(request: Request, found: Expert, template: str) -> HTMLResponse:
    dependencies = given(request)
    now = dependencies.clock()
    with acting(dependencies.engine, found.user.id, EXPERT_ROLE) as connection:
        context = queue_context(connection, found.user, narrowing(request), now)
    return render(request, template, {**context, "done": request.query_params.get("gedaan", "")}, found)
