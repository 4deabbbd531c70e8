"""A source's states are a machine: `since` moves with the state alone, and no report brings it where it may not go."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from collectors.health import HealthState, SourceHealth
from collectors.health_reasons import EXPLAINED, Matter, matter
from collectors.health_states import ALLOWED, OUR_SIDE, Standing, after, codes, first_code

ORDER = uuid4()
T0 = datetime(2026, 11, 27, 20, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
REASONS = st.sampled_from(
    ["", "http_403", "timeout", "no_key", "schema gap:3", "een heel verhaal, met https://x.example"]
)


def said(
    state: HealthState, at: datetime, reason: str = "", seen: datetime | None = None, accepted: int = 0
) -> SourceHealth:
    return SourceHealth("feeds", ORDER, 1, state, at, reason, seen, accepted)


class AnySource(RuleBasedStateMachine):
    """Any reports in any order, some of them late."""

    def __init__(self) -> None:
        super().__init__()
        self.standing: Standing | None = None
        self.clock = T0
        self.total = 0

    @initialize(state=st.sampled_from(HealthState), reason=REASONS, accepted=st.integers(0, 50))
    def begins(self, state: HealthState, reason: str, accepted: int) -> None:
        self.standing = after(None, said(state, self.clock, reason, accepted=accepted))
        self.total = accepted

    @rule(
        state=st.sampled_from(HealthState),
        reason=REASONS,
        minutes=st.integers(-30, 300),
        accepted=st.integers(0, 50),
    )
    def reports(self, state: HealthState, reason: str, minutes: int, accepted: int) -> None:
        before = self.standing
        assert before is not None
        at = self.clock + minutes * MINUTE
        now = after(before, said(state, at, reason, at if accepted else None, accepted))
        self.total += accepted
        if at < before.reported_at:
            assert (now.state, now.reason, now.since) == (before.state, before.reason, before.since)
            assert now.reported_at == before.reported_at
        elif now.state is before.state:
            assert now.since == before.since, "the same state goes on"
        else:
            assert now.since == at
            assert now.state is state
            assert now.state in ALLOWED[before.state] or first_code(before.reason) in OUR_SIDE
        if before.last_seen_at is not None:
            assert now.last_seen_at is not None
            assert now.last_seen_at >= before.last_seen_at
        self.standing, self.clock = now, max(self.clock, at)

    @invariant()
    def holds(self) -> None:
        if self.standing is None:
            return
        assert self.standing.since <= self.standing.reported_at
        assert self.standing.accepted == self.total
        assert codes(self.standing.reason) == self.standing.reason, "codes only"
        if self.standing.state not in (HealthState.OK, HealthState.NOTHING_NEW):
            assert self.standing.reason, "trouble has a reason"


TestAnySource = AnySource.TestCase


@pytest.mark.parametrize("hiccup", [HealthState.SLOWED, HealthState.FAILING])
@pytest.mark.parametrize("trouble", [HealthState.BLOCKED, HealthState.MISPARSED])
def test_a_hiccup_does_not_hide_what_needs_a_person(trouble: HealthState, hiccup: HealthState) -> None:
    refused = after(None, said(trouble, T0, "http_403"))
    still = after(refused, said(hiccup, T0 + MINUTE, "timeout"))
    assert (still.state, still.since, still.reason) == (trouble, T0, "http_403 then_timeout")
    again = after(still, said(hiccup, T0 + 2 * MINUTE, "http_503"))
    assert again.reason == "http_403 then_http_503"
    mended = after(again, said(HealthState.NOTHING_NEW, T0 + 3 * MINUTE))
    assert (mended.state, mended.since, mended.reason) == (HealthState.NOTHING_NEW, T0 + 3 * MINUTE, "")


def test_a_missing_key_is_over_as_soon_as_the_source_was_asked() -> None:
    waiting = after(None, said(HealthState.BLOCKED, T0, "no_key"))
    assert after(waiting, said(HealthState.FAILING, T0 + MINUTE, "timeout")).state is HealthState.FAILING


def test_a_report_that_comes_late_counts_its_posts_and_changes_nothing_else() -> None:
    stopped = after(None, said(HealthState.STOPPED_BY_ORDER, T0))
    late = after(stopped, said(HealthState.OK, T0 - MINUTE, accepted=3))
    assert (late.state, late.since, late.accepted) == (HealthState.STOPPED_BY_ORDER, T0, 3)


@given(st.text(max_size=300))
def test_a_reason_holds_codes_and_never_a_sources_own_words(words: str) -> None:
    for code in codes(words).split():
        assert set(code) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_:")
    assert codes("zie https://voorbeeld.example/kanaal @iemand") == codes("een heel verhaal") == "unknown"
    assert codes("http_403 gap:3 then_timeout") == "http_403 gap:3 then_timeout"
    assert len(codes(words)) <= 12 * 51


def test_every_state_has_its_row_and_every_matter_its_words() -> None:
    assert set(ALLOWED) == set(HealthState)
    assert set(EXPLAINED) == set(Matter)
    assert {matter(state, "a_new_code") for state in HealthState} <= set(Matter)
    assert matter(HealthState.BLOCKED, "captcha then_timeout") is Matter.CLOSED
    assert matter(HealthState.SLOWED, "quota_spent") is Matter.QUOTA
