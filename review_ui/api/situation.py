"""The JSON API of the situation thread, for the experts of a signal: reading along, and the team's own lines.

The same functions as the pages', so the same rules. Recipients read and write in the portal alone.
"""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import Field

from pipeline.store.situation import Said
from review_ui.access.signed_in import Expert, OwnCall
from review_ui.api.shapes import Shape
from review_ui.situation.seats import TEAMS, add, read
from signals.referral import RecipientKind
from signals.situation import ClosedMessage

router = APIRouter(prefix="/api/v1/signals/{signal_id}/situation", tags=["v1"])


class LineAnswer(Shape):
    """One line. `kind` null: the team. `body` is masked, or null where it is one of the closed messages (`said`)."""

    at: datetime
    kind: RecipientKind | None
    organisation: str | None
    role: str | None
    said: ClosedMessage | None
    body: str | None


class SituationAnswer(Shape):
    """The thread, the oldest line first. `goes_on`: a line can be added; `chooses`: only from the closed messages."""

    goes_on: bool
    chooses: bool
    lines: list[LineAnswer]


class LineQuestion(Shape):
    """A closed message or words, which are masked. `key` is the caller's own: under the same key a line stands once."""

    key: UUID
    message: ClosedMessage | None = None
    words: Annotated[str, Field(max_length=2000)] = ""


class LineAdded(Shape):
    """What came of it: `said`, `again` (it stood there), or `closed` or `full`: nothing can be added any more."""

    came_of_it: Said


@router.get("")
def read_situation(request: Request, signal_id: UUID, found: Expert) -> SituationAnswer:
    """What recipients and team told each other; 404 for an expert who may still have to read the signal blind."""
    return SituationAnswer.model_validate(read(request, TEAMS, signal_id, found))


@router.post("", dependencies=[OwnCall])
def say_in_situation(request: Request, signal_id: UUID, found: Expert, question: LineQuestion) -> LineAdded:
    """Add the team's line."""
    return LineAdded(came_of_it=add(request, TEAMS, signal_id, found, question.key, question.message, question.words))
