"""The state tables of signals and referrals: whole, reachable and labelled in Dutch."""

from collections.abc import Iterable
from enum import StrEnum
from typing import TypeVar

import pytest

from signals.analysis import FACT_LABELS, Fact
from signals.dead_letter import DEAD_REASON_ADVICE, DeadReason
from signals.label import CATEGORY_LABELS, LEVEL_LABELS, Category, Level
from signals.place import PLACE_KIND_LABELS, PlaceKind
from signals.post import SOURCE_LABELS, Source
from signals.referral import (
    ALLOWED,
    FEEDBACK_LABELS,
    RECIPIENT_KIND_LABELS,
    REFERRAL_STATE_LABELS,
    REFERRAL_STEPS,
    Feedback,
    Field,
    RecipientKind,
    ReferralState,
    may_step,
)
from signals.signal import (
    CONFIRM_REASON_LABELS,
    REJECT_REASON_LABELS,
    SIGNAL_STATE_LABELS,
    SIGNAL_STEPS,
    ConfirmReason,
    RejectReason,
    SignalState,
    SignalStep,
    step,
)

State = TypeVar("State", bound=StrEnum)
FORBIDDEN = ("dader", "verdachte", "bende", "risicojongere", "score", "treffer", "target")
TABLES: list[tuple[type[StrEnum], dict[StrEnum, str]]] = [
    (SignalState, dict(SIGNAL_STATE_LABELS)),
    (ReferralState, dict(REFERRAL_STATE_LABELS)),
    (RejectReason, dict(REJECT_REASON_LABELS)),
    (ConfirmReason, dict(CONFIRM_REASON_LABELS)),
    (Feedback, dict(FEEDBACK_LABELS)),
    (RecipientKind, dict(RECIPIENT_KIND_LABELS)),
    (Category, dict(CATEGORY_LABELS)),
    (Level, dict(LEVEL_LABELS)),
    (Fact, dict(FACT_LABELS)),
    (PlaceKind, dict(PLACE_KIND_LABELS)),
    (Source, dict(SOURCE_LABELS)),
    (DeadReason, dict(DEAD_REASON_ADVICE)),
]


def reachable(start: State, steps: Iterable[tuple[State, State]]) -> set[State]:
    known, edges = {start}, set(steps)
    while more := {after for before, after in edges if before in known} - known:
        known |= more
    return known


@pytest.mark.parametrize(("words", "labels"), TABLES, ids=lambda value: getattr(value, "__name__", ""))
def test_every_word_has_a_label_of_its_own(words: type[StrEnum], labels: dict[StrEnum, str]) -> None:
    assert set(labels) == set(words)
    assert len(set(labels.values())) == len(labels)
    assert all(label.strip() for label in labels.values())


@pytest.mark.parametrize(("words", "labels"), TABLES, ids=lambda value: getattr(value, "__name__", ""))
def test_no_label_names_a_person_as_an_offender(words: type[StrEnum], labels: dict[StrEnum, str]) -> None:
    assert not [label for label in labels.values() for word in FORBIDDEN if word in label.lower()]


def test_every_state_of_a_signal_is_reached_from_new() -> None:
    steps = [(before, after) for (before, _), after in SIGNAL_STEPS.items()]
    assert reachable(SignalState.NEW, steps) == set(SignalState)


def test_every_state_of_a_referral_is_reached_from_prepared() -> None:
    assert reachable(ReferralState.PREPARED, REFERRAL_STEPS) == set(ReferralState)


def test_every_step_is_used() -> None:
    assert {action for _, action in SIGNAL_STEPS} == set(SignalStep)


def test_no_signal_is_confirmed_by_one_reader() -> None:
    before = {state for (state, _), after in SIGNAL_STEPS.items() if after is SignalState.CONFIRMED}
    assert before == {SignalState.WAITING_SECOND, SignalState.CASUSOVERLEG}


def test_only_a_confirmed_signal_is_referred() -> None:
    before = {state for (state, _), after in SIGNAL_STEPS.items() if after is SignalState.REFERRED}
    assert before - {SignalState.REFERRED} == {SignalState.CONFIRMED}, "a correction leaves it referred"


def test_a_step_that_is_not_allowed_is_refused_by_name() -> None:
    assert step(SignalState.NEW, SignalStep.CLAIM) is SignalState.CLAIMED
    with pytest.raises(ValueError, match=r"new.*refer"):
        step(SignalState.NEW, SignalStep.REFER)


def test_a_withdrawn_referral_goes_nowhere_and_any_open_one_can_be_withdrawn() -> None:
    assert not [after for before, after in REFERRAL_STEPS if before is ReferralState.WITHDRAWN]
    ends = {ReferralState.WITHDRAWN, ReferralState.FED_BACK}
    assert all(may_step(state, ReferralState.WITHDRAWN) for state in set(ReferralState) - ends)


def test_only_schools_and_police_may_ever_see_words_of_a_post() -> None:
    assert set(ALLOWED) == set(RecipientKind)
    assert {kind for kind, fields in ALLOWED.items() if Field.EXCERPT in fields} == {
        RecipientKind.SCHOOL,
        RecipientKind.POLICE,
    }
