"""What is the matter with a source, sorted by what a person can do about it, and that in plain words.

A new reason code needs no entry: it falls under what its state says. It quotes no source and no seed.
"""

from enum import StrEnum

from collectors.health import HealthState
from collectors.health_states import first_code


class Matter(StrEnum):
    """What a person should know of a source now."""

    READS = "reads"
    QUIET = "quiet"
    SILENT = "silent"
    UNHEARD = "unheard"
    NOT_STARTED = "not_started"
    ASKS_PATIENCE = "asks_patience"
    QUOTA = "quota"
    NO_ANSWER = "no_answer"
    KEY = "key"
    ADDRESS = "address"
    CLOSED = "closed"
    REFUSED = "refused"
    ASKS_NOT = "asks_not"
    GONE = "gone"
    CHANGED = "changed"
    ORDER_OVER = "order_over"


ALARMS = frozenset(
    {
        *(Matter.SILENT, Matter.UNHEARD, Matter.KEY, Matter.ADDRESS, Matter.CLOSED, Matter.REFUSED),
        *(Matter.ASKS_NOT, Matter.GONE, Matter.CHANGED, Matter.NO_ANSWER),
    }
)
"""Matters in which posts may be missed now."""

_OF_STATE: dict[HealthState, Matter] = {
    HealthState.OK: Matter.READS,
    HealthState.NOTHING_NEW: Matter.QUIET,
    HealthState.SLOWED: Matter.ASKS_PATIENCE,
    HealthState.FAILING: Matter.NO_ANSWER,
    HealthState.BLOCKED: Matter.REFUSED,
    HealthState.MISPARSED: Matter.CHANGED,
    HealthState.STOPPED_BY_ORDER: Matter.ORDER_OVER,
}
_BLOCKED: dict[Matter, frozenset[str]] = {
    Matter.KEY: frozenset(
        {
            *("no_key", "key_missing", "key_invalid", "key_restricted", "access_not_configured"),
            *("ip_referer_blocked", "token_refused", "no_token"),
        }
    ),
    Matter.ADDRESS: frozenset({"address_wrong", "bad_request", "http_400", "another_channel", "other_domain"}),
    Matter.CLOSED: frozenset(
        {
            *("login_wall", "login_needed", "captcha", "age_wall", "cookie_wall", "no_preview", "timeline_closed"),
            *("subreddit_private", "subreddit_quarantined", "subreddit_gated"),
        }
    ),
    Matter.ASKS_NOT: frozenset(
        {"noindex", "robots_disallow", "robots_forbidden", "robots_unreachable", "crawl_delay_too_long"}
    ),
    Matter.GONE: frozenset(
        {
            *("http_404", "http_410", "not_found", "account_gone", "channel_gone", "playlist_gone"),
            *("subreddit_banned",),
        }
    ),
}
_QUOTA = frozenset({"quota_spent", "quota_exceeded"})

EXPLAINED: dict[Matter, tuple[str, str]] = {
    Matter.READS: ("new posts come in", ""),
    Matter.QUIET: ("it answers; there was nothing new", ""),
    Matter.SILENT: (
        "silent: far fewer posts than usual at this hour",
        "open the source yourself; if it has posts, its reading is broken, if it stopped, end the seed",
    ),
    Matter.UNHEARD: ("no collector reported on it when it should have", "see whether `seinpost collect` runs"),
    Matter.NOT_STARTED: ("not visited yet", "start `seinpost collect`"),
    Matter.ASKS_PATIENCE: ("it asked for patience; we wait as long as it said", "nothing; it goes on by itself"),
    Matter.QUOTA: ("the day's quota is spent", "wait for the new day, or follow fewer seeds"),
    Matter.NO_ANSWER: ("it gives no answer or an error", "nothing at first; after a day, look whether it still exists"),
    Matter.KEY: ("our key for it is missing or refused", "put a valid key in the folder `sources` of the key folder"),
    Matter.ADDRESS: ("its address is not one that can be read", "renew the order with the right address"),
    Matter.CLOSED: ("it can no longer be read without an account", "end the seed; no account is ever used"),
    Matter.REFUSED: ("it refused us", "look at it and its terms, then `seinpost collect --resume`, or end the seed"),
    Matter.ASKS_NOT: ("it asks not to be read by programs", "respect it; end the seed or ask its owner"),
    Matter.GONE: ("it is gone", "end the seed, or renew the order with its new address"),
    Matter.CHANGED: ("it answers with something that we do not understand", "tell who maintains the readers"),
    Matter.ORDER_OVER: ("the collection order stopped or ended", "nothing; renew the order if it is still needed"),
}
"""What is the matter, and what to do."""


def matter(state: HealthState, reason: str) -> Matter:
    """What is the matter with a source in this state, for this reason."""
    code = first_code(reason)
    if state is HealthState.BLOCKED:
        return next((one for one, codes in _BLOCKED.items() if code in codes), Matter.REFUSED)
    if state is HealthState.SLOWED and code in _QUOTA:
        return Matter.QUOTA
    return _OF_STATE[state]


def overall(state: HealthState, reason: str, *, over: bool, unheard: bool, silent: bool) -> Matter:
    """What matters most of a source: its order, whether anyone looks at all, its state, and else its silence."""
    if over:
        return Matter.ORDER_OVER
    if unheard:
        return Matter.UNHEARD
    told = matter(state, reason)
    return Matter.SILENT if silent and told not in ALARMS else told
