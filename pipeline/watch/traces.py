"""What a watched worker tells about single records, so that one post's way can be followed over the road.

This is the port, and the way to tell nothing; OpenTelemetry stands in `pipeline.watch.otel_traces`.
"""

from collections.abc import Sequence
from typing import Protocol

from pipeline.kafka.messages import Incoming, Outgoing


class Traces(Protocol):
    """Used by one worker's thread."""

    def begin(self, batch: Sequence[Incoming]) -> None:
        """A batch came in; one that was not ended is over, undone."""
        ...

    def end(self, done: bool) -> None:
        """The batch is over."""
        ...

    def carry(self, messages: Sequence[Outgoing]) -> Sequence[Outgoing]:
        """The messages with what their readers need to go on with the same trace."""
        ...

    def sent(self, done: bool) -> None:
        """What was carried last went out, or did not."""
        ...


class NoTraces:
    """`Traces` that are switched off."""

    def begin(self, batch: Sequence[Incoming]) -> None:
        """Tell nothing."""

    def end(self, done: bool) -> None:
        """Tell nothing."""

    def carry(self, messages: Sequence[Outgoing]) -> Sequence[Outgoing]:
        """The messages as they are."""
        return messages

    def sent(self, done: bool) -> None:
        """Tell nothing."""
