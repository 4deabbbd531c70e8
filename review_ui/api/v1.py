"""The JSON API, version 1: the queue, one signal, claiming, judging and forwarding, by the pages' own functions.

Signing in is the log-in page's work; a call carries its cookie, and every unsafe one the header X-CSRF-Token.
"""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from forwarding.referrals import prepare
from forwarding.routing import propose
from pipeline.store import assessments, claims, corrections, parking, queue, thread
from pipeline.store.case import case
from pipeline.store.connection import acting
from pipeline.store.queue_counts import QueueFilter, QueueView
from review_ui.access.signed_in import EXPERT_ROLE, Expert, OwnCall, Someone
from review_ui.api.judging import judgement_of
from review_ui.api.shapes import (
    Assessed,
    AssessmentQuestion,
    Claimed,
    Judged,
    ParkedUntil,
    Place,
    ProposalRow,
    QueueAnswer,
    QueueRow,
    ReferralAnswer,
    ReferralQuestion,
    Referred,
    SignalAnswer,
    Stretch,
    Who,
    Why,
)
from review_ui.dependencies import given
from review_ui.signal.doubts import doubts
from signals.analysis import Fact
from signals.label import Category, Level
from signals.post import Source

router = APIRouter(prefix="/api/v1", tags=["v1"])


@router.get("/session")
def session(found: Someone) -> Who:
    """Who is signed in, with the token for unsafe calls."""
    return Who(user_id=found.user.id, display_name=found.user.display_name, csrf=found.csrf)


@router.get("/queue")
def read_queue(
    request: Request,
    found: Expert,
    view: QueueView = QueueView.ALL,
    category: Category | None = None,
    level: Level | None = None,
    source: Source | None = None,
    place: Annotated[str | None, Query(max_length=60)] = None,
) -> QueueAnswer:
    """The open signals that this expert may see, in reading order, at most 200."""
    dependencies = given(request)
    now, user = dependencies.clock(), found.user
    wanted = QueueFilter(view, category, level, source, place)
    with acting(dependencies.engine, user.id, EXPERT_ROLE) as connection:
        items = queue.open_signals(connection, user.id, user.police, wanted, now)
        counts = queue.counts(connection, user.id, user.police, now)
    return QueueAnswer(items=[QueueRow.model_validate(item) for item in items], counts=counts)


@router.get("/signals/{signal_id}")
def read_signal(request: Request, signal_id: UUID, found: Expert) -> SignalAnswer:
    """One signal as this expert may see it."""
    dependencies = given(request)
    with acting(dependencies.engine, found.user.id, EXPERT_ROLE) as connection:
        seen = case(connection, signal_id, dependencies.clock())
        term = parking.term(connection, signal_id)
    analysis = seen.analysis
    spans = {fact.value: analysis.facts.spans(fact) if analysis else () for fact in Fact}
    return SignalAnswer(
        id=seen.id,
        number=seen.number,
        state=seen.state,
        category=seen.category,
        level=seen.level,
        genre=seen.genre,
        source=seen.source,
        sightings=seen.sightings,
        posted_at=seen.posted_at,
        seen_at=seen.seen_at,
        window_start=seen.window_start,
        window_end=seen.window_end,
        source_removed_at=seen.source_removed_at,
        text=seen.text,
        facts={fact: [Stretch(start=start, end=end) for start, end in found] for fact, found in spans.items()},
        reasons=[Why(start=r.start, end=r.end, why=r.why) for r in analysis.reasons] if analysis else [],
        doubts=doubts(analysis, seen.source, bool(seen.places)) if analysis else [],
        places=tuple(Place.model_validate(place) for place in seen.places),
        escalated_at=seen.escalated_at,
        outcome=seen.outcome,
        term=ParkedUntil(until=term.until, ends=term.ends, extended=term.extended) if term else None,
        claimed_by_me=seen.holder == found.user.id,
        claim_ends_at=seen.claim_ends_at,
        readings=[Judged.model_validate(_shown(reading, Judged)) for reading in seen.readings],
        referrals=[Referred.model_validate(_shown(sent, Referred)) for sent in seen.referrals],
    )


@router.post("/signals/{signal_id}/claim", dependencies=[OwnCall])
@router.post("/signals/{signal_id}/heartbeat", dependencies=[OwnCall])
def claim(request: Request, signal_id: UUID, found: Expert) -> Claimed:
    """Take the signal, or keep it ten minutes longer. 409 when another reader has it or it waits for nobody."""
    dependencies = given(request)
    with acting(dependencies.engine, found.user.id, EXPERT_ROLE) as connection:
        return Claimed(ends_at=claims.claim(connection, signal_id, found.user.id, dependencies.clock()))


@router.post("/signals/{signal_id}/release", dependencies=[OwnCall], status_code=204)
def release(request: Request, signal_id: UUID, found: Expert) -> Response:
    """Give the signal back."""
    with acting(given(request).engine, found.user.id, EXPERT_ROLE) as connection:
        claims.release(connection, signal_id, found.user.id)
    return Response(status_code=204)


@router.post("/signals/{signal_id}/assessments", dependencies=[OwnCall], status_code=201)
def assess(request: Request, signal_id: UUID, found: Expert, question: AssessmentQuestion) -> Assessed:
    """Write one reading. 409 with a code when a colleague was first, or the rules do not allow it."""
    dependencies = given(request)
    now, me = dependencies.clock(), found.user.id
    with acting(dependencies.engine, me, EXPERT_ROLE) as connection:
        judgement = judgement_of(question, corrections.places_of(connection, signal_id), now)
        if question.reading == 3 and question.decision.strip():
            thread.say(connection, signal_id, me, question.decision, (), now, thread.Kind.DECISION)
        state = assessments.decide(connection, signal_id, me, question.reading, judgement, now)
    return Assessed(state=state)


@router.get("/signals/{signal_id}/proposals")
def proposals(request: Request, signal_id: UUID, found: Expert, place_notice: bool = False) -> list[ProposalRow]:
    """The contacts that the directory proposes for this signal, what each would see and why. Sends nothing."""
    dependencies = given(request)
    with acting(dependencies.engine, found.user.id, EXPERT_ROLE) as connection:
        case(connection, signal_id, dependencies.clock())  # 404 before anything is said about recipients
        rows = propose(connection, signal_id, dependencies.police_excerpt, place_notice)
    return [
        ProposalRow(
            contact_id=row.contact_id,
            organisation=row.organisation,
            role_name=row.role_name,
            kind=row.kind,
            why=row.why,
            fields=sorted(row.fields),
            hindrance=row.hindrance,
            referral_state=row.referral_state,
        )
        for row in rows
    ]


@router.post("/signals/{signal_id}/referrals", dependencies=[OwnCall], status_code=201)
def refer(request: Request, signal_id: UUID, found: Expert, question: ReferralQuestion) -> ReferralAnswer:
    """Send a confirmed signal to these contacts (or a place notice of an acute one). 409 when it may not go."""
    dependencies = given(request)
    with acting(dependencies.engine, found.user.id, EXPERT_ROLE) as connection:
        prepared = prepare(
            connection,
            signal_id,
            question.contact_ids,
            found.user.id,
            dependencies.clock(),
            dependencies.police_excerpt,
            question.place_notice,
        )
    return ReferralAnswer(referral_ids=prepared)


def _shown(value: object, shape: type[Judged] | type[Referred]) -> dict[str, object]:
    """The fields of a stored value that the API shows; the rest stays inside."""
    return {name: getattr(value, name) for name in shape.model_fields}
