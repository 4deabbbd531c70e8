"""What an error of the YouTube Data API means: wait, go on without, take something away, or ask a person.

It switches on reason codes of the documentation; the source's own words are never repeated.
"""

from dataclasses import replace

from collectors.health import HealthState
from collectors.politeness import retry_after
from collectors.readers.lenient_json import fields, items, load
from collectors.readers.reader import Answer, Page
from collectors.readers.youtube.calls import ID
from collectors.readers.youtube.comment import comment_gone
from collectors.readers.youtube.quota import seconds_to_reset
from collectors.readers.youtube.video import video_gone

DAY = 24 * 3600
_FIRST_WAIT = 60
_DAY_OVER = frozenset({"quotaExceeded", "dailyLimitExceeded", "dailyLimitExceededUnreg", "RESOURCE_EXHAUSTED"})
_TOO_FAST = frozenset(
    {
        "rateLimitExceeded",
        "userRateLimitExceeded",
        "RATE_LIMIT_EXCEEDED",
        "servingLimitExceeded",
        "concurrentLimitExceeded",
    }
)
_NOT_OURS = {
    "keyInvalid": "key_invalid",
    "API_KEY_INVALID": "key_invalid",
    "keyExpired": "key_invalid",
    "forbidden": "forbidden",
    "accessNotConfigured": "access_not_configured",
    "SERVICE_DISABLED": "access_not_configured",
    "ipRefererBlocked": "ip_referer_blocked",
    "API_KEY_SERVICE_BLOCKED": "key_restricted",
    "PERMISSION_DENIED": "forbidden",
    "UNAUTHENTICATED": "key_missing",
    "authError": "key_missing",
    "required": "key_missing",
    "insufficientPermissions": "forbidden",
    "playlistItemsNotAccessible": "forbidden",
    "watchHistoryNotAccessible": "forbidden",
    "channelForbidden": "forbidden",
    "playlistForbidden": "forbidden",
    "channelClosed": "channel_gone",
    "channelSuspended": "channel_gone",
    "channelNotFound": "channel_gone",
    "playlistNotFound": "playlist_gone",
    # What the token server says, in its own form.
    "invalid_grant": "token_refused",
    "invalid_client": "token_refused",
    "unauthorized_client": "token_refused",
    "invalid_request": "bad_request",
}
_AGAIN = frozenset({"invalidPageToken", "processingFailure"})
_WRONG = frozenset({"badRequest", "invalid", "invalidParameter", "missingRequiredParameter", "INVALID_ARGUMENT"})


def refusal(answer: Answer, cost: int) -> Page | None:
    """The page for an error, or None where it says nothing that its status does not say."""
    loaded = load(answer)
    if isinstance(loaded, Page):
        return replace(loaded, cost=cost) if loaded.state is HealthState.BLOCKED else None
    reasons = reasons_of(fields(loaded.value).get("error"))
    return next((page for reason in reasons if (page := _meaning(reason, answer, cost)) is not None), None)


def reasons_of(error: object) -> list[str]:
    """The reason codes of an error body, the most telling first."""
    if isinstance(error, str):
        return [error]
    told = fields(error)
    found = [fields(one).get("reason") for one in (*items(told.get("errors")), *items(told.get("details")))]
    if any(
        str(fields(fields(one).get("metadata")).get("quota_unit")).startswith("1/d/")
        for one in items(told.get("details"))
    ):
        found.insert(0, "dailyLimitExceeded")
    # A wrong key is told as a bad request, with the true reason among the details.
    codes = [code for code in (*found, told.get("status")) if isinstance(code, str)]
    return sorted(dict.fromkeys(codes), key=lambda code: code in _WRONG)


def _meaning(reason: str, answer: Answer, cost: int) -> Page | None:
    if reason in _DAY_OVER:
        wait = seconds_to_reset(answer.seen_at)
        return Page(state=HealthState.SLOWED, reason="quota_exceeded", wait=wait, cost=cost)
    if reason in _TOO_FAST:
        wait = retry_after(answer.headers, answer.seen_at) or _FIRST_WAIT
        return Page(state=HealthState.SLOWED, reason="rate_limited", wait=wait, cost=cost)
    if reason in ("commentsDisabled", "videoNotFound", "commentThreadNotFound", "commentNotFound"):
        return _without(reason, answer, cost)
    if reason in _AGAIN:
        again = _from_the_start(answer, cost)
        return again or (Page(oddities={reason: 1}, cost=cost) if "video" in answer.ask.carry else None)
    if reason == "forbidden" and "video" in answer.ask.carry:
        return Page(oddities={"forbidden": 1}, cost=cost)
    if reason in _NOT_OURS:
        # What is not there may come back; a key or a right has to be mended by a person.
        code = _NOT_OURS[reason]
        return Page(state=HealthState.BLOCKED, reason=code, wait=DAY if code.endswith("_gone") else 0, cost=cost)
    if reason in _WRONG:
        return Page(state=HealthState.BLOCKED, reason="bad_request", cost=cost)
    return None


def _without(reason: str, answer: Answer, cost: int) -> Page:
    """What concerns one video or comment leaves the rest of the visit as it is."""
    carry = answer.ask.carry
    video, parent = carry.get("video", ""), carry.get("parent", "")
    if reason == "commentsDisabled":
        return Page(marks=marks_of(video, carry.get("count", ""), ""), oddities={"comments_disabled": 1}, cost=cost)
    if reason == "videoNotFound" and ID.match(video):
        gone = video_gone(video, answer.seen_at)
        return Page(gone=(gone,), marks={f"n:{video}": ""}, oddities={"not_found": 1}, cost=cost)
    if ID.match(parent):
        return Page(gone=(comment_gone(parent, answer.seen_at),), oddities={"not_found": 1}, cost=cost)
    return Page(oddities={"not_found": 1}, cost=cost)


def _from_the_start(answer: Answer, cost: int) -> Page | None:
    """A page token that went stale: asked once more without it."""
    ask = answer.ask
    if "pageToken" not in ask.params or "again" in ask.carry:
        return None
    params = {name: value for name, value in ask.params.items() if name != "pageToken"}
    again = replace(ask, params=params, carry={**ask.carry, "again": "1"}, back=False)
    return Page(next=(again,), oddities={"stale_page_token": 1}, cost=cost)


def marks_of(video: str, count: str, newest: str) -> dict[str, str]:
    """What is remembered of the comments under a video: how many there were, and when the newest was written."""
    return {f"n:{video}": f"{count}|{newest}"} if video else {}
