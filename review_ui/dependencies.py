"""What the screens are given from outside: database, clock, sink and settings values. It builds none of them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol
from uuid import UUID

from fastapi import Request
from sqlalchemy import Engine

from collectors.post_maker import PostMaker
from collectors.tips_code import TipCodes
from pipeline.retry import Stays
from pipeline.unseal import UnsealAnswer, UnsealRequest
from review_ui.staffing import StaffedHours
from signals.ports import PostSink


class Unsealer(Protocol):
    """Opens a sealed link or name, after it wrote the trail."""

    def ask(self, request: UnsealRequest) -> UnsealAnswer:
        """Answer one request, or raise UnsealUnreachable."""
        ...


@dataclass(frozen=True)
class Reporting:
    """What a tip needs on its way to the queue: what masks and seals it, and where it goes.

    `codes` makes codes to follow a tip with; none where the installation does not give them.
    """

    maker: PostMaker
    sink: PostSink
    codes: TipCodes | None = None


class LetterDesk(Protocol):
    """Gives a dead letter back to the road, or opens its bytes. Who may is settled before it is asked."""

    def retry(self, letter: UUID) -> Stays | None:
        """Give one back; None when it went, else why it stays."""
        ...

    def opened(self, letter: UUID) -> bytes:
        """The bytes; raises HourKeyGone or Undecryptable."""
        ...


@dataclass(frozen=True)
class Dependencies:
    """Everything `create_app` needs. `engine` is logged in as seinpost_web."""

    engine: Engine
    clock: Callable[[], datetime]
    unseal: Unsealer
    reporting: Reporting
    base_url: str
    police_excerpt: bool = False
    staffed: StaffedHours = field(default_factory=StaffedHours)
    letters: LetterDesk | None = None

    @property
    def https(self) -> bool:
        """Whether people reach this installation over https; cookies are then marked Secure."""
        return self.base_url.startswith("https://")


def given(request: Request) -> Dependencies:
    """The dependencies of the app that answers this request."""
    dependencies = request.app.state.dependencies
    if not isinstance(dependencies, Dependencies):
        raise TypeError("the app was not made by create_app")
    return dependencies
