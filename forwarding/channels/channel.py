"""What a way of telling is: it gets one notice, hands it over and says in one code what came of it.

A notice holds reference, category or theme, level, place, time window and expiry; a channel gets nothing else and has
no way to ask for more. It keeps no list and retries nothing: the dispatcher does.
"""

from contextlib import AbstractAsyncContextManager
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from pipeline.store.notices import ChannelName, DueNotice


class Outcome(StrEnum):
    """What became of a notice. The values are the problem codes that screens translate."""

    ACCEPTED = "accepted"
    UNREACHABLE = "unreachable"
    NOT_ENCRYPTED = "not_encrypted"
    NOT_SIGNED_IN = "not_signed_in"
    TRY_LATER = "try_later"
    SENDER_REFUSED = "sender_refused"
    NO_KEY = "no_key"
    NOT_VERIFIED = "not_verified"
    ADDRESS_REFUSED = "address_refused"
    REDIRECTED = "redirected"
    REFUSED = "refused"
    CERTIFICATE = "certificate"
    """The contact's own certificate has ended or is not for its address: sealing is what was agreed, so it waits."""

    @property
    def final(self) -> bool:
        """Whether trying again cannot help: a person must mend something first."""
        return self in _FINAL


_FINAL = frozenset({Outcome.REFUSED, Outcome.ADDRESS_REFUSED, Outcome.REDIRECTED, Outcome.CERTIFICATE})


class Line(Protocol):
    """An open way to a receiver, used by one thread; it may be asked to tell `together` notices at the same time."""

    async def hand_over(self, notice: DueNotice, now: datetime) -> Outcome:
        """Tell one notice. Bounded in time; raises nothing for what the other side does."""
        ...


class Channel(Protocol):
    """A way of telling, and how many lines it may have open at once."""

    @property
    def name(self) -> ChannelName:
        """Which notices are for this channel."""
        ...

    @property
    def lines(self) -> int:
        """How many lines work at the same time, none waiting for another."""
        ...

    @property
    def together(self) -> int:
        """How many notices a line tells at once and writes down together: all wait for the slowest of them."""
        ...

    def line(self) -> AbstractAsyncContextManager[Line]:
        """A line of its own, closed at the end of the block."""
        ...
