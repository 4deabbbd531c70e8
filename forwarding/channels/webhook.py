"""Notices as signed webhooks (Standard Webhooks) with a CloudEvent inside, for systems of police and municipalities.

The webhook-id is the notice's id, so a receiver drops what it got twice; the signature carries the moment of each try.
"""

from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from standardwebhooks import Webhook as Signer

from forwarding.channels.calling import Caller, EndpointKey
from forwarding.channels.channel import Line, Outcome
from forwarding.channels.event import CONTENT_TYPE, cloud_event
from pipeline.store.notices import ChannelName, DueNotice


@dataclass(frozen=True)
class Webhooks:
    """The channel: one call for each notice, `lines` at a time. It keeps no connection open, so it is its own line."""

    caller: Caller
    secret: EndpointKey
    base_url: str
    lines: int = 4

    @property
    def name(self) -> ChannelName:
        """Webhooks."""
        return ChannelName.WEBHOOK

    @property
    def together(self) -> int:
        """One: a system that is slow holds up no other."""
        return 1

    def line(self) -> AbstractAsyncContextManager[Line]:
        """One webhook after the other."""
        return nullcontext(self)

    async def hand_over(self, notice: DueNotice, now: datetime) -> Outcome:
        """Sign and call."""
        secret = self.secret(notice.endpoint_id) if notice.endpoint_id is not None else None
        if secret is None:
            return Outcome.NO_KEY
        body = cloud_event(notice, self.base_url)
        return await self.caller.post(notice.address, signed(secret, notice.id, now, body), body)


def signed(secret: bytes, notice: UUID, now: datetime, body: bytes) -> dict[str, str]:
    """The headers of Standard Webhooks."""
    return {
        "webhook-id": str(notice),
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": Signer(secret).sign(str(notice), now.astimezone(UTC), body.decode()),
        "content-type": CONTENT_TYPE,
    }
