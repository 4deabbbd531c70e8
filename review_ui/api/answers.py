"""The JSON API of answering back: what waits, a signal's questions and their answers, and correcting what was sent.

The same functions as the pages', so the same rules; an outcome that a rule forbids is 409 with its code.
"""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import Field
from starlette.responses import Response

from forwarding.answering import answer
from forwarding.correcting import Corrected, agree_to_correction, drop_correction, propose_correction
from pipeline.store import questions, waiting
from pipeline.store.answer_clocks import Stage, WaitsFor
from pipeline.store.case import case
from pipeline.store.connection import acting
from pipeline.store.corrections import MOST_PLACES
from pipeline.store.questions import LONGEST, Topic
from review_ui.access.signed_in import EXPERT_ROLE, Expert, OwnCall
from review_ui.api.judging import places_of, window_of
from review_ui.api.shapes import Shape, TimeWindow
from review_ui.dependencies import given
from signals.label import Category, Level
from signals.referral import ReferralState

router = APIRouter(prefix="/api/v1", tags=["v1"])


class WaitingAnswer(Shape):
    """One thing that a recipient still has to do, and how far its clock came."""

    referral_id: UUID
    signal_id: UUID
    number: int
    organisation: str
    role_name: str
    state: ReferralState
    waits_for: WaitsFor
    stage: Stage
    since: datetime
    called_at: datetime | None


class QuestionAnswer(Shape):
    """A recipient's question, masked; words are empty once they had to go."""

    id: UUID
    referral_id: UUID
    organisation: str
    role_name: str
    topic: Topic
    body: str
    asked_at: datetime
    answer: str
    answered_at: datetime | None


class AnswerQuestion(Shape):
    """A short answer, masked before it is stored."""

    words: Annotated[str, Field(min_length=1, max_length=LONGEST)]


class CorrectionQuestion(Shape):
    """What the signal is from now on. `places` are ids of the gazetteer; both moments, or neither."""

    category: Category
    level: Level
    places: Annotated[list[Annotated[str, Field(max_length=60)]], Field(max_length=MOST_PLACES)]
    window: TimeWindow


class ProposedAnswer(Shape):
    """The proposal that waits for a colleague; none when the signal is like that already."""

    proposal_id: UUID | None


class CorrectionAnswer(Shape):
    """Referrals whose recipients see something else now, and those that were withdrawn."""

    changed: list[UUID]
    withdrawn: list[UUID]


@router.get("/waiting")
def all_waiting(request: Request, found: Expert) -> list[WaitingAnswer]:
    """All that recipients still have to answer, alarms first; at most 200."""
    with acting(given(request).engine, found.user.id, EXPERT_ROLE) as connection:
        rows = waiting.waiting(connection)
    return [WaitingAnswer.model_validate(row) for row in rows]


@router.get("/signals/{signal_id}/questions")
def of_signal(request: Request, signal_id: UUID, found: Expert) -> list[QuestionAnswer]:
    """What recipients asked about a signal; what waits for an answer first."""
    dependencies = given(request)
    with acting(dependencies.engine, found.user.id, EXPERT_ROLE) as connection:
        case(connection, signal_id, dependencies.clock())  # 404 before anything is said about it
        rows = questions.of_signal(connection, signal_id)
    return [QuestionAnswer.model_validate(row) for row in rows]


@router.post("/signals/{signal_id}/questions/{question_id}/answer", dependencies=[OwnCall], status_code=204)
def answer_one(request: Request, signal_id: UUID, question_id: UUID, found: Expert, said: AnswerQuestion) -> Response:
    """Answer a question, once; its recipient gets a message without the words."""
    dependencies = given(request)
    with acting(dependencies.engine, found.user.id, EXPERT_ROLE) as connection:
        answer(connection, signal_id, question_id, said.words, found.user.id, dependencies.clock())
    return Response(status_code=204)


@router.post("/signals/{signal_id}/correction", dependencies=[OwnCall])
def propose_one(request: Request, signal_id: UUID, found: Expert, question: CorrectionQuestion) -> ProposedAnswer:
    """Propose what a forwarded signal is from now on; nothing leaves before a colleague agrees."""
    dependencies = given(request)
    now = dependencies.clock()
    with acting(dependencies.engine, found.user.id, EXPERT_ROLE) as connection:
        places = places_of(question.places, case(connection, signal_id, now).places)
        after = Corrected(question.category, question.level, places, window_of(question.window, now))
        return ProposedAnswer(proposal_id=propose_correction(connection, signal_id, after, found.user.id, now))


@router.post("/signals/{signal_id}/correction/{proposal_id}/agree", dependencies=[OwnCall])
def agree_to_one(request: Request, signal_id: UUID, proposal_id: UUID, found: Expert) -> CorrectionAnswer:
    """Agree to a colleague's proposal; each recipient sees the signal anew and is asked to say so."""
    dependencies = given(request)
    now = dependencies.clock()
    with acting(dependencies.engine, found.user.id, EXPERT_ROLE) as connection:
        case(connection, signal_id, now)  # 404 before anything is said about it
        reached = agree_to_correction(
            connection, signal_id, proposal_id, found.user.id, now, dependencies.police_excerpt
        )
    return CorrectionAnswer(changed=list(reached.changed), withdrawn=list(reached.withdrawn))


@router.delete("/signals/{signal_id}/correction/{proposal_id}", dependencies=[OwnCall], status_code=204)
def drop_one(request: Request, signal_id: UUID, proposal_id: UUID, found: Expert) -> Response:
    """Leave the signal as it is."""
    dependencies = given(request)
    with acting(dependencies.engine, found.user.id, EXPERT_ROLE) as connection:
        drop_correction(connection, signal_id, proposal_id, dependencies.clock())
    return Response(status_code=204)
