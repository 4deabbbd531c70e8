"""Connections to PostgreSQL: one engine per serving role, and the one function that sets the acting user.

It creates nothing (`pipeline.store.setup`) and holds no query.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import URL, Connection, Engine, create_engine, text

from pipeline.store.roles import ACTING_ROLES, SERVING_ROLES


class UnknownRole(Exception):
    """A role that this installation does not have."""


@dataclass(frozen=True)
class Database:
    """A PostgreSQL database: where it is (no user in the address) and how to get a role's password."""

    url: URL
    password: Callable[[str], str]

    def engine_for(self, role: str, pool_size: int = 5) -> Engine:
        """A pool of connections logged in as one serving role. A lost server is noticed before a connection is used."""
        if role not in SERVING_ROLES:
            raise UnknownRole(f"{role} is no serving role; choose one of {', '.join(SERVING_ROLES)}")
        return create_engine(
            self.url.set(username=role, password=self.password(role)),
            pool_size=pool_size,
            max_overflow=0,
            pool_pre_ping=True,
            hide_parameters=True,  # an error message must never carry a text
            connect_args={"application_name": role, "connect_timeout": 5},
        )


def acting_as(connection: Connection, user_id: UUID | None, role: str | None = None) -> None:
    """Say for the running transaction who acts, and in which acting role. The only place that sets either.

    `role` None stays in the login role (a worker that acts for a user on the trail).
    """
    user = {"user": str(user_id) if user_id else ""}
    if role is None:
        connection.execute(text("SELECT set_config('seinpost.user_id', :user, true)"), user)
        return
    if role not in ACTING_ROLES:
        raise UnknownRole(f"{role} is no acting role; choose one of {', '.join(ACTING_ROLES)}")
    # SET LOCAL ROLE as a function, so that both go in one question.
    connection.execute(
        text("SELECT set_config('role', :role, true), set_config('seinpost.user_id', :user, true)"),
        {"role": role, **user},
    )


@contextmanager
def acting(engine: Engine, user_id: UUID | None, role: str | None = None) -> Iterator[Connection]:
    """One transaction as a user in a role; committed at the end of the block, rolled back on an error."""
    with engine.begin() as connection:
        if user_id is not None or role is not None:  # a transaction begins as nobody
            acting_as(connection, user_id, role)
        yield connection
