"""The trail can be added to and checked; any edit, removal or reordering is found."""

from datetime import UTC, datetime

import psycopg
import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import ProgrammingError

from pipeline.store import trail
from pipeline.store.connection import Database, acting
from tests.database import owner_connection
from tests.people import add_user

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def _write(database: Database, lines: int) -> None:
    user = add_user(database, "schrijver", "expert")
    engine = database.engine_for("seinpost_web")
    with acting(engine, user, "seinpost_expert") as connection:
        for number in range(lines):
            trail.append(connection, "opened", "signal", str(number), NOW)
    engine.dispose()


def _verify(database: Database) -> tuple[int, list[trail.TrailProblem]]:
    auditor = add_user(database, f"auditor{datetime.now(UTC).timestamp()}".replace(".", "-"), "auditor")
    engine = database.engine_for("seinpost_web")
    with acting(engine, auditor, "seinpost_supervisor") as connection:
        found = trail.verify(connection)
    engine.dispose()
    return found


def test_an_untouched_trail_verifies(database: Database) -> None:
    _write(database, 20)
    assert _verify(database) == (20, [])


@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE trail SET payload = replace(payload, 'opened', 'closed') WHERE seq = 7",
        "UPDATE trail SET day = day - 1 WHERE seq = 7",
        "DELETE FROM trail WHERE seq = 7",
        "UPDATE trail SET hash = sha256('x') WHERE seq = 7",
        "UPDATE trail SET seq = CASE seq WHEN 7 THEN 1008 ELSE seq END",
    ],
)
def test_tampering_as_the_owner_is_found(database: Database, tampering: str) -> None:
    _write(database, 20)
    with owner_connection(database) as owner:
        owner.execute("ALTER TABLE trail DISABLE TRIGGER USER")
        owner.execute(tampering)  # type: ignore[call-overload]
    _, problems = _verify(database)
    assert problems


def test_the_trail_refuses_updates_even_from_the_owner(database: Database) -> None:
    _write(database, 1)
    with owner_connection(database) as owner, pytest.raises(psycopg.errors.RaiseException, match="append-only"):
        owner.execute("UPDATE trail SET payload = '[]'")


@pytest.mark.parametrize("statement", ["DELETE FROM trail", "UPDATE trail SET payload = ''", "SELECT * FROM trail"])
def test_an_expert_can_only_append(database: Database, statement: str) -> None:
    engine = database.engine_for("seinpost_web")

    def attempt(connection: Connection) -> None:
        connection.execute(text(statement))

    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        acting(engine, None, "seinpost_expert") as connection,
    ):
        attempt(connection)
    engine.dispose()
