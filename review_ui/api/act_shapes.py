"""What the acts beside judging take and give: undo, casusoverleg, escalating, parking terms, closing, withdrawing."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, Field

from forwarding.referrals import WithdrawReason
from pipeline.store.thread import LONGEST_MESSAGE, Kind
from review_ui.api.shapes import Shape
from signals.signal import Outcome, SignalState


class After(Shape):
    """The state after an act."""

    state: SignalState


class UndoQuestion(Shape):
    """Which reading is taken back: the caller's own last one, within a minute, before anything left."""

    assessment_id: UUID


class SayQuestion(Shape):
    """Words for the team, masked before they are stored, and the colleagues who are asked."""

    words: Annotated[str, Field(min_length=1, max_length=LONGEST_MESSAGE)]
    asked: Annotated[list[UUID], Field(max_length=100)] = []


class Said(Shape):
    """What somebody said in a casusoverleg. `body` is empty once it had to go."""

    user_id: UUID
    display_name: str
    kind: Kind
    body: str
    at: datetime
    asked: tuple[str, ...]


class Colleague(Shape):
    """Who may be asked about a signal."""

    id: UUID
    display_name: str


class ThreadAnswer(Shape):
    """A casusoverleg as the caller may see it. `costs_blindness`: who takes part cannot be the blind second reader."""

    open_to_me: bool
    costs_blindness: bool
    messages: list[Said]
    took_part: tuple[str, ...]
    colleagues: list[Colleague]


class EscalationQuestion(Shape):
    """To the head of everybody's queue, or back in its place."""

    up: bool = True


class ExtensionQuestion(Shape):
    """One more term of 14 days; `until` is when the signal comes back, null leaves it parked until the term ends."""

    until: AwareDatetime | None = None


class ClosingQuestion(Shape):
    """What came of a confirmed signal."""

    outcome: Outcome


class WithdrawalQuestion(Shape):
    """Why what was sent is taken back; every recipient is told."""

    reason: WithdrawReason


class WithdrawalAnswer(Shape):
    """The referrals that were withdrawn now."""

    referral_ids: list[UUID]
