"""The JSON API beside judging: taking back, casusoverleg, escalating, parking terms, closing and withdrawing.

The same functions as the pages', so the same rules; an outcome that a rule forbids is 409 with its code.
"""

from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from forwarding.referrals import called, withdraw
from pipeline.store import closing, parking, thread, undo
from pipeline.store.case import case
from pipeline.store.connection import acting
from review_ui.access.signed_in import EXPERT_ROLE, Expert, OwnCall
from review_ui.api.act_shapes import (
    After,
    ClosingQuestion,
    Colleague,
    EscalationQuestion,
    ExtensionQuestion,
    Said,
    SayQuestion,
    ThreadAnswer,
    UndoQuestion,
    WithdrawalAnswer,
    WithdrawalQuestion,
)
from review_ui.dependencies import given
from signals.signal import SignalState

router = APIRouter(prefix="/api/v1/signals/{signal_id}", tags=["v1"])


@router.post("/undo", dependencies=[OwnCall])
def take_back(request: Request, signal_id: UUID, found: Expert, question: UndoQuestion) -> After:
    """Take the own last reading back."""
    dependencies = given(request)
    with acting(dependencies.engine, found.user.id, EXPERT_ROLE) as connection:
        state = undo.undo(connection, signal_id, question.assessment_id, found.user.id, dependencies.clock())
    return After(state=state)


@router.get("/overleg")
def read_thread(request: Request, signal_id: UUID, found: Expert) -> ThreadAnswer:
    """The casusoverleg of a signal; without messages while it is closed to the caller."""
    dependencies = given(request)
    with acting(dependencies.engine, found.user.id, EXPERT_ROLE) as connection:
        case(connection, signal_id, dependencies.clock())  # 404 before anything is said about it
        seen = thread.thread(connection, signal_id)
    return ThreadAnswer(
        open_to_me=seen.open_to_me,
        costs_blindness=seen.costs_blindness,
        messages=[Said.model_validate(message) for message in seen.messages],
        took_part=seen.took_part,
        colleagues=[Colleague(id=one.id, display_name=one.display_name) for one in seen.colleagues],
    )


@router.post("/overleg", dependencies=[OwnCall], status_code=201)
def ask(request: Request, signal_id: UUID, found: Expert, question: SayQuestion) -> After:
    """Bring a signal that nobody judged yet to the team, with a question. The claim goes back."""
    dependencies = given(request)
    with acting(dependencies.engine, found.user.id, EXPERT_ROLE) as connection:
        thread.ask(connection, signal_id, found.user.id, question.words, question.asked, dependencies.clock())
    return After(state=SignalState.CASUSOVERLEG)


@router.post("/overleg/join", dependencies=[OwnCall], status_code=204)
def join(request: Request, signal_id: UUID, found: Expert) -> Response:
    """Take part: from now on the thread is open to the caller."""
    dependencies = given(request)
    with acting(dependencies.engine, found.user.id, EXPERT_ROLE) as connection:
        thread.join(connection, signal_id, found.user.id, dependencies.clock())
    return Response(status_code=204)


@router.post("/overleg/messages", dependencies=[OwnCall], status_code=204)
def say(request: Request, signal_id: UUID, found: Expert, question: SayQuestion) -> Response:
    """Add a message; who speaks takes part."""
    dependencies = given(request)
    with acting(dependencies.engine, found.user.id, EXPERT_ROLE) as connection:
        thread.say(connection, signal_id, found.user.id, question.words, question.asked, dependencies.clock())
    return Response(status_code=204)


@router.post("/escalation", dependencies=[OwnCall], status_code=204)
def escalate(request: Request, signal_id: UUID, found: Expert, question: EscalationQuestion) -> Response:
    """To the head of everybody's queue, or back in its place."""
    dependencies = given(request)
    with acting(dependencies.engine, found.user.id, EXPERT_ROLE) as connection:
        closing.escalate(connection, signal_id, found.user.id, dependencies.clock(), up=question.up)
    return Response(status_code=204)


@router.post("/resume", dependencies=[OwnCall])
def resume(request: Request, signal_id: UUID, found: Expert) -> After:
    """Take a parked signal up again and claim it."""
    dependencies = given(request)
    with acting(dependencies.engine, found.user.id, EXPERT_ROLE) as connection:
        parking.resume(connection, signal_id, found.user.id, dependencies.clock())
    return After(state=SignalState.NEW)


@router.post("/extension", dependencies=[OwnCall], status_code=204)
def extend(request: Request, signal_id: UUID, found: Expert, question: ExtensionQuestion) -> Response:
    """One more term for a parked signal, by somebody else than who parked it."""
    dependencies = given(request)
    with acting(dependencies.engine, found.user.id, EXPERT_ROLE) as connection:
        parking.extend(connection, signal_id, found.user.id, question.until, dependencies.clock())
    return Response(status_code=204)


@router.post("/closing", dependencies=[OwnCall])
def close(request: Request, signal_id: UUID, found: Expert, question: ClosingQuestion) -> After:
    """Close a confirmed or forwarded signal with what came of it."""
    dependencies = given(request)
    with acting(dependencies.engine, found.user.id, EXPERT_ROLE) as connection:
        closing.close(connection, signal_id, found.user.id, question.outcome, dependencies.clock())
    return After(state=SignalState.CLOSED)


@router.post("/withdrawal", dependencies=[OwnCall])
def withdraw_all(request: Request, signal_id: UUID, found: Expert, question: WithdrawalQuestion) -> WithdrawalAnswer:
    """Withdraw what was sent; every recipient is told."""
    dependencies = given(request)
    with acting(dependencies.engine, found.user.id, EXPERT_ROLE) as connection:
        gone = withdraw(connection, signal_id, found.user.id, dependencies.clock(), question.reason)
    return WithdrawalAnswer(referral_ids=gone)


@router.post("/referrals/{referral_id}/call", dependencies=[OwnCall], status_code=204)
def note_call(request: Request, signal_id: UUID, referral_id: UUID, found: Expert) -> Response:
    """Note that this recipient was called (*gebeld*)."""
    dependencies = given(request)
    with acting(dependencies.engine, found.user.id, EXPERT_ROLE) as connection:
        case(connection, signal_id, dependencies.clock())  # 404 before anything is noted
        called(connection, referral_id, found.user.id, dependencies.clock())
    return Response(status_code=204)
