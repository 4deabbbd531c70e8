"""An organisation with an endpoint, a signal referred to it, and a dispatcher that tells it."""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from uuid import UUID

from forwarding.channels.channel import Channel
from forwarding.dispatcher import Patience, lines_of, run
from forwarding.referrals import WithdrawReason, prepare, withdraw
from tests.forwarding.town import BOOK, CITY, DUIDING, SCHOOL_X, STATION, Town

BASE = "https://seinpost.example.org"
QUICK = Patience(tries=3, first=timedelta(milliseconds=30), longest=timedelta(milliseconds=60))
CANARY = "zqkanarie vanmiddag bij het station zqkanarie"
Clock = Callable[[], datetime]


def true_time() -> datetime:
    """Now: the public library compares a signature with the clock on the wall."""
    return datetime.now(UTC)


def give_endpoint(
    town: Town, name: str, url: str, channel: str = "webhook", agreed: bool = True, group: UUID | None = None
) -> UUID:
    """An endpoint for the organisation of a contact; its agreement allows it or not."""
    with town.owner() as owner:
        if agreed:
            owner.execute(
                "UPDATE agreements SET channels = channels || %s::text WHERE organisation_id ="
                " (SELECT organisation_id FROM contacts WHERE id = %s)",
                (channel, town.contacts[name]),
            )
        row = owner.execute(
            "INSERT INTO endpoints (organisation_id, channel, url, sharing_group, added_at)"
            " SELECT organisation_id, %s, %s, %s, now() FROM contacts WHERE id = %s RETURNING id",
            (channel, url, group, town.contacts[name]),
        ).fetchone()
    assert row is not None
    found: UUID = row[0]
    return found


def refer(town: Town, *names: str, clock: Clock = true_time) -> UUID:
    """A signal sent to these contacts, with content that no channel may carry."""
    signal = town.add_signal(STATION, SCHOOL_X, CITY, text=CANARY, duiding=f"{DUIDING} zqkanarie")
    with town.expert() as connection:
        prepare(connection, signal, [town.contacts[name] for name in names], town.reader, clock(), True, book=BOOK)
    return signal


def take_back(town: Town, signal: UUID, clock: Clock = true_time) -> None:
    """Withdraw what was sent."""
    with town.expert() as connection:
        withdraw(connection, signal, town.reader, clock(), WithdrawReason.FALSE_SIGNAL)


@contextmanager
def dispatching(
    town: Town,
    channels: Sequence[Channel],
    patience: Patience = QUICK,
    clock: Clock = true_time,
    poll: timedelta = timedelta(milliseconds=50),
) -> Iterator[None]:
    """A dispatcher in a thread."""
    engine = town.database.engine_for("seinpost_dispatch", lines_of(channels) + 1)
    stop = threading.Event()
    thread = threading.Thread(target=run, args=(engine, channels, clock, stop, patience, poll))
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(10)
        engine.dispose()
        assert not thread.is_alive(), "the dispatcher did not stop"


def notices(town: Town, channel: str = "webhook") -> list[tuple[object, ...]]:
    """The channel's notices: kind, state, attempts, problem."""
    with town.owner() as owner:
        return owner.execute(
            "SELECT kind, state, attempts, last_problem FROM notices WHERE channel = %s ORDER BY kind, state",
            (channel,),
        ).fetchall()


def settled(town: Town, channel: str = "webhook") -> bool:
    """Whether nothing waits on the channel."""
    return all(state != "waiting" for _, state, _, _ in notices(town, channel))
