"""Notices as events on a partner's MISP instance, through its REST interface with the key that the partner gave us.

A notice that is told again meets its own event by its id and changes it; MISP never holds two.
"""

import json
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus

from forwarding.channels.calling import Caller, EndpointKey, meaning
from forwarding.channels.channel import Line, Outcome
from forwarding.channels.misp_event import event_id, misp_event
from pipeline.store.notices import ChannelName, DueNotice, NoticeKind

_THERE_ALREADY = (HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT)
"""How versions of MISP answer an event that they have: then it is changed instead."""


@dataclass(frozen=True)
class Misp:
    """The channel: at most two calls for a notice. It keeps no connection open, so it is its own line."""

    caller: Caller
    key: EndpointKey
    base_url: str
    lines: int = 1

    @property
    def name(self) -> ChannelName:
        """MISP."""
        return ChannelName.MISP

    @property
    def together(self) -> int:
        """One: a system that is slow holds up no other."""
        return 1

    def line(self) -> AbstractAsyncContextManager[Line]:
        """One event after the other."""
        return nullcontext(self)

    async def hand_over(self, notice: DueNotice, now: datetime) -> Outcome:
        """Add the event, or change it when it is there."""
        key = self.key(notice.endpoint_id) if notice.endpoint_id is not None else None
        if key is None or notice.sharing_group is None:
            return Outcome.NO_KEY
        body = json.dumps({"Event": misp_event(notice, self.base_url, now)}).encode()
        headers = {"authorization": key.decode(), "accept": "application/json", "content-type": "application/json"}
        home = notice.address.rstrip("/")
        add, edit = f"{home}/events/add", f"{home}/events/edit/{event_id(notice)}"
        first, second = (add, edit) if notice.kind in (NoticeKind.NEW, NoticeKind.TRIAL) else (edit, add)
        answer = await self.caller.ask(first, headers, body)
        if answer in _THERE_ALREADY:
            answer = await self.caller.ask(second, headers, body)
        return answer if isinstance(answer, Outcome) else meaning(answer)
