"""What a refusal of Reddit means: wait, or ask a person. Its own words are never repeated."""

from collectors.health import HealthState
from collectors.readers.lenient_json import Fields, fields, load
from collectors.readers.rate_headers import asked
from collectors.readers.reader import Answer, Page

DAY = 24 * 3600
TEN_MINUTES = 600
"""Seconds: the window over which Reddit averages."""
_REASONS = {
    "private": "subreddit_private",
    "quarantined": "subreddit_quarantined",
    "banned": "subreddit_banned",
    "gated": "subreddit_gated",
}
_TOKEN_ERRORS = frozenset({"invalid_grant", "invalid_client", "unauthorized_client", "access_denied"})


def refusal(answer: Answer) -> Page | None:
    """The page for a refusal, or None where it says nothing that its status does not say."""
    if answer.status == 429:
        return _slowed(answer)
    loaded = load(answer)
    if isinstance(loaded, Page):
        return loaded if loaded.state is HealthState.BLOCKED else _of_status(answer)
    return of_error(fields(loaded.value), answer) or _of_status(answer)


def of_error(said: Fields, answer: Answer) -> Page | None:
    """The page for an error body, whatever status it came with; None for a body that tells no error."""
    reason, error = said.get("reason"), said.get("error")
    if isinstance(reason, str) and reason in _REASONS:
        return Page(state=HealthState.BLOCKED, reason=_REASONS[reason])
    if isinstance(error, str):
        known = error in _TOKEN_ERRORS
        return Page(state=HealthState.BLOCKED, reason="token_refused" if known else "error_body")
    if error == 429:
        return _slowed(answer)
    if error == 401 or (answer.status == 401 and answer.ask.step == "token"):
        return Page(state=HealthState.BLOCKED, reason="token_refused")
    if error in (403, 451):
        return Page(state=HealthState.BLOCKED, reason="forbidden")
    if error == 404:
        return Page(state=HealthState.BLOCKED, reason="not_found", wait=DAY)
    return Page(state=HealthState.FAILING, reason="error_body") if isinstance(error, int | float) else None


def _slowed(answer: Answer) -> Page:
    seconds = asked(answer.headers, answer.seen_at) or TEN_MINUTES
    return Page(state=HealthState.SLOWED, reason="rate_limited", wait=seconds)


def _of_status(answer: Answer) -> Page | None:
    return Page(state=HealthState.BLOCKED, reason="token_refused") if answer.status == 401 else None
