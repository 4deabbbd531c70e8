"""Who sits at the situation thread: a recipient at its referral, the team at the signal. Pages and API share it.

Who may read or write, and what of a speaker is shown, is decided in the database (`pipeline.store.situation`).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from fastapi import Request
from sqlalchemy import Connection

from forwarding.places import schools_named
from pipeline.store import situation
from pipeline.store.connection import acting
from pipeline.store.situation import Line, NoSuchThread, Said, SchoolsNamed
from pipeline.store.users import User
from review_ui.access.signed_in import EXPERT_ROLE, RECIPIENT_ROLE, SignedIn
from review_ui.dependencies import given
from signals.situation import ClosedMessage


@dataclass(frozen=True)
class Standing:
    """The thread as its reader may see it. `goes_on`: a line can be added; `chooses`: only from the closed messages."""

    lines: tuple[Line, ...]
    goes_on: bool
    chooses: bool


@dataclass(frozen=True)
class Seat:
    """One side of the thread: as whom the database is asked, and the two questions."""

    role: str
    look: Callable[[Connection, UUID, User], Standing]
    say: Callable[[Connection, UUID, UUID, ClosedMessage | None, str, datetime, SchoolsNamed], Said]


def read(request: Request, seat: Seat, at: UUID, found: SignedIn) -> Standing:
    """The thread from this seat. Raises NoSuchThread."""
    with acting(given(request).engine, found.user.id, seat.role) as connection:
        return seat.look(connection, at, found.user)


def add(
    request: Request, seat: Seat, at: UUID, found: SignedIn, key: UUID, code: ClosedMessage | None, words: str
) -> Said:
    """Add a line from this seat, once under one key. Raises NoSuchThread, NothingChosen or LineTooLong."""
    dependencies = given(request)
    with acting(dependencies.engine, found.user.id, seat.role) as connection:
        return seat.say(connection, at, key, code, words, dependencies.clock(), schools_named)


def _recipients(connection: Connection, referral_id: UUID, _: User) -> Standing:
    glance = situation.glance(connection, referral_id)
    if glance is None:
        raise NoSuchThread("there is no thread here for this user")
    return Standing(situation.lines_for(connection, referral_id), glance.goes_on, glance.chooses)


def _teams(connection: Connection, signal_id: UUID, user: User) -> Standing:
    lines = situation.lines_of(connection, signal_id)
    return Standing(lines, situation.goes_on(connection, signal_id), chooses=user.police)


RECIPIENTS = Seat(RECIPIENT_ROLE, _recipients, situation.say)
"""At a referral."""
TEAMS = Seat(EXPERT_ROLE, _teams, situation.say_as_team)
"""At a signal, for an expert who need not read it blind any more; with every organisation."""
