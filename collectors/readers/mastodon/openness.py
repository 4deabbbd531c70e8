"""Whether an account is open to everyone, asked of its ActivityPub object and its public feed.

For software whose API says of every account that it is (`software`). It reads no field but the one that answers.
"""

import re

from collectors.health import HealthState
from collectors.readers.lenient_json import fields, words
from collectors.readers.reader import Answer, Ask, Page

ACTIVITY = {"Accept": 'application/activity+json, application/ld+json; profile="https://www.w3.org/ns/activitystreams"'}
"""Asks for the object itself, as servers among each other do, and not for the page about it."""

_PATH = re.compile(r"/[A-Za-z0-9_./~@-]{1,200}")


def ask_actor(account: object, server: str, number: str) -> Ask | None:
    """The request for the account's own object; None when its address is not on the server that was asked."""
    address = words(fields(account).get("url"))
    path = address.removeprefix(server)
    if not address.startswith(server) or not _PATH.fullmatch(path):
        return None
    return Ask(address, headers=ACTIVITY, step="actor", carry={"account": number, "actor": address})


def ask_feed(answer: Answer) -> Ask:
    """The request for the account's feed: a private account has none."""
    return Ask(f"{answer.ask.carry['actor']}.rss", step="feed", carry=answer.ask.carry)


def closed(actor: object) -> Page | None:
    """What stands in the way when followers must be approved; None when anyone may follow."""
    approves = fields(actor).get("manuallyApprovesFollowers")
    if approves is False:
        return None
    if approves is True:
        return Page(state=HealthState.BLOCKED, reason="locked")
    return Page(state=HealthState.MISPARSED, reason="no_account")


def without_feed(answer: Answer) -> Page | None:
    """What it means that a feed is not shown; None when the status says nothing about the account."""
    if answer.status in (401, 403, 404):
        return Page(state=HealthState.BLOCKED, reason="private_account")
    return None
