"""What the JSON API takes and gives, version 1. Fields may be added; none is removed or changes its meaning."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from pipeline.store.assessments import LONGEST_DUIDING, Verdict
from pipeline.store.corrections import MOST_PLACES
from pipeline.store.queue_counts import QueueView
from pipeline.store.thread import LONGEST_MESSAGE
from signals.label import Category, Genre, Level
from signals.place import PlaceKind
from signals.post import Source
from signals.referral import Feedback, RecipientKind, ReferralState
from signals.referral import Field as ReferralField
from signals.signal import Outcome, SignalState

PlaceId = Annotated[str, Field(max_length=60)]


class Shape(BaseModel):
    """A frozen answer or question; unknown fields in a question are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", from_attributes=True)


class Who(Shape):
    """The signed-in user, and the token that unsafe calls must carry in the header X-CSRF-Token."""

    user_id: UUID
    display_name: str
    csrf: str


class Place(Shape):
    """A place that a signal names."""

    id: str
    kind: PlaceKind
    name: str


class QueueRow(Shape):
    """One open signal, without text."""

    id: UUID
    number: int
    state: SignalState
    category: Category
    level: Level
    source: Source
    sightings: int
    seen_at: datetime
    queued_at: datetime
    window_start: datetime | None
    window_end: datetime | None
    source_removed: bool
    places: tuple[Place, ...]
    mine: bool
    taken: bool
    read_by_me: bool
    escalated: bool


class QueueAnswer(Shape):
    """The queue in reading order, with how many signals each view holds."""

    items: list[QueueRow]
    counts: dict[QueueView, int]


class Stretch(Shape):
    """A part of the text, in code points."""

    start: int
    end: int


class Why(Stretch):
    """A part of the text that made the machine flag it."""

    why: str


class Judged(Shape):
    """A reading that the caller may see: the own one, or all once blindness is over. `id` is what undo names."""

    id: UUID
    reading: int
    user_id: UUID
    verdict: Verdict
    reason: str
    category: Category
    level: Level
    duiding: str
    created_at: datetime


class Referred(Shape):
    """A referral and where it stands."""

    id: UUID
    contact_id: UUID
    organisation: str
    role_name: str
    kind: RecipientKind
    state: ReferralState
    place_notice: bool
    called_at: datetime | None
    feedback: Feedback | None


class ParkedUntil(Shape):
    """How long a signal is parked: `until` is when it comes back, null where it stays until it `ends` by itself."""

    until: datetime | None
    ends: datetime
    extended: bool


class SignalAnswer(Shape):
    """One signal with its masked text (null once it had to go), places, readings and referrals."""

    id: UUID
    number: int
    state: SignalState
    category: Category
    level: Level
    genre: Genre
    source: Source
    sightings: int
    posted_at: datetime | None
    seen_at: datetime
    window_start: datetime | None
    window_end: datetime | None
    source_removed_at: datetime | None
    text: str | None
    facts: dict[str, list[Stretch]]
    reasons: list[Why]
    doubts: list[str]
    places: tuple[Place, ...]
    escalated_at: datetime | None
    outcome: Outcome | None
    term: ParkedUntil | None
    claimed_by_me: bool
    claim_ends_at: datetime | None
    readings: list[Judged]
    referrals: list[Referred]


class Claimed(Shape):
    """A lease on a signal."""

    ends_at: datetime


class TimeWindow(Shape):
    """The moment that a signal names, as a reader corrects it; null twice: it names none."""

    start: AwareDatetime | None
    end: AwareDatetime | None


class AssessmentQuestion(Shape):
    """A judgement. `reason` is a code of the verdict's own list; `reading` is the one the caller saw.

    With a confirmation go corrections: `places` are the ids of all that the signal names, `window` is its moment; null
    leaves them as they stand. `until` goes with parking, `decision` (what the team decided) with the third reading.
    """

    reading: Annotated[int, Field(ge=1, le=3)]
    verdict: Verdict
    reason: Annotated[str, Field(max_length=40)]
    category: Category
    level: Level
    duiding: Annotated[str, Field(max_length=LONGEST_DUIDING)] = ""
    places: Annotated[list[PlaceId], Field(max_length=MOST_PLACES)] | None = None
    window: TimeWindow | None = None
    until: AwareDatetime | None = None
    decision: Annotated[str, Field(max_length=LONGEST_MESSAGE)] = ""


class Assessed(Shape):
    """The state after a judgement."""

    state: SignalState


class ProposalRow(Shape):
    """A contact that the directory proposes, what it would see and why; `hindrance` says why it cannot be sent."""

    contact_id: UUID
    organisation: str
    role_name: str
    kind: RecipientKind
    why: str
    fields: list[ReferralField]
    hindrance: str | None
    referral_state: ReferralState | None


class ReferralQuestion(Shape):
    """To whom a signal goes. `place_notice` is the exception for acute signals, by one reader."""

    contact_ids: Annotated[list[UUID], Field(min_length=1, max_length=100)]
    place_notice: bool = False


class ReferralAnswer(Shape):
    """The referrals that are new."""

    referral_ids: list[UUID]
