"""No serving role can get round row-level security, and no table is without it."""

from uuid import uuid4

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from pipeline.store.connection import Database, acting
from pipeline.store.roles import ACTING_ROLES, OWNER, RECIPIENT_ROLES, SERVING_ROLES
from pipeline.store.setup import roles_that_bypass
from tests.database import owner_connection
from tests.people import SCHOOL, add_contact, add_signal, add_user, assess, refer


def test_every_table_forces_row_level_security(database: Database) -> None:
    with owner_connection(database) as owner:
        loose = owner.execute(
            "SELECT relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
            " WHERE n.nspname = 'seinpost' AND c.relkind IN ('r', 'p') AND NOT (relrowsecurity AND relforcerowsecurity)"
        ).fetchall()
        tables = owner.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'seinpost'").fetchone()
    assert loose == []
    assert tables is not None
    assert tables[0] > 25


def test_no_role_of_ours_is_superuser_or_bypasses(database: Database) -> None:
    with owner_connection(database) as owner:
        assert roles_that_bypass(owner) == []


@pytest.mark.parametrize("role", SERVING_ROLES)
def test_a_serving_role_cannot_make_itself_stronger(database: Database, role: str) -> None:
    engine = database.engine_for(role)
    for attempt in (
        f"ALTER ROLE {role} BYPASSRLS",
        f"ALTER ROLE {role} SUPERUSER",
        f"SET ROLE {OWNER}",
        "ALTER TABLE seinpost.signals DISABLE ROW LEVEL SECURITY",
        "ALTER TABLE seinpost.signals NO FORCE ROW LEVEL SECURITY",
        "CREATE POLICY all_mine ON seinpost.signals USING (true)",
        "SET session_replication_role = replica",
    ):
        with pytest.raises(ProgrammingError), engine.begin() as connection:
            connection.execute(text(attempt))
    engine.dispose()


def test_the_web_server_sees_no_signal_before_it_acts_for_someone(database: Database) -> None:
    add_signal(database)
    engine = database.engine_for("seinpost_web")
    with pytest.raises(ProgrammingError, match="permission denied"), engine.begin() as connection:
        connection.execute(text("SELECT * FROM signals"))
    with acting(engine, None, "seinpost_expert") as connection:
        assert connection.execute(text("SELECT count(*) FROM signals")).scalar_one() == 0
    with acting(engine, uuid4(), "seinpost_expert") as connection:
        assert connection.execute(text("SELECT count(*) FROM signals")).scalar_one() == 0
    engine.dispose()


def test_an_expert_attached_to_the_named_school_does_not_see_its_signal(database: Database) -> None:
    signal = add_signal(database, school=SCHOOL)
    outside = add_user(database, "buiten", "expert")
    inside = add_user(database, "binnen", "expert", school=SCHOOL)
    engine = database.engine_for("seinpost_web")
    for user, seen in ((outside, 1), (inside, 0)):
        with acting(engine, user, "seinpost_expert") as connection:
            for table in ("signals", "sightings", "signal_places"):
                column = "post_id" if table == "sightings" else "*"
                found = connection.execute(text(f"SELECT {column} FROM {table}")).fetchall()
                assert len(found) == seen, table
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        assess(database, signal.id, inside, 1)
    engine.dispose()


def test_the_second_reader_does_not_see_the_first_reading(database: Database) -> None:
    signal = add_signal(database, state="waiting_second")
    first, second = add_user(database, "een", "expert"), add_user(database, "twee", "expert")
    assess(database, signal.id, first, 1)
    engine = database.engine_for("seinpost_web")
    with acting(engine, second, "seinpost_expert") as connection:
        assert connection.execute(text("SELECT count(*) FROM assessments")).scalar_one() == 0
    assess(database, signal.id, second, 2)
    with acting(engine, second, "seinpost_expert") as connection:
        assert connection.execute(text("SELECT count(*) FROM assessments")).scalar_one() == 2
    engine.dispose()


def test_nothing_leaves_without_two_readers_of_whom_one_is_not_police(database: Database) -> None:
    signal = add_signal(database)
    contact, agreement = add_contact(database)
    readers = [add_user(database, name, "expert") for name in ("een", "twee", "drie")]
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="two readers"):
        refer(database, signal.id, contact, agreement, readers[0])
    assess(database, signal.id, readers[0], 1, police=True)
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="two readers"):
        refer(database, signal.id, contact, agreement, readers[0])
    assess(database, signal.id, readers[1], 2, police=True)
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="not police"):
        refer(database, signal.id, contact, agreement, readers[0])
    assess(database, signal.id, readers[2], 3)
    assert refer(database, signal.id, contact, agreement, readers[0])


def test_one_reader_can_send_a_place_notice_only_when_it_is_acuut(database: Database) -> None:
    calm, acute = add_signal(database), add_signal(database, level="acuut")
    contact, agreement = add_contact(database)
    reader = add_user(database, "een", "expert")
    assess(database, calm.id, reader, 1)
    assess(database, acute.id, reader, 1, level="acuut")
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="acuut"):
        refer(database, calm.id, contact, agreement, reader, notice=True)
    notice = refer(database, acute.id, contact, agreement, reader, notice=True)
    with owner_connection(database) as owner:
        with pytest.raises(psycopg.errors.CheckViolation):
            owner.execute("UPDATE referrals SET excerpt = 'tekst' WHERE id = %s", (notice,))
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            owner.execute("UPDATE referrals SET place_notice = false, excerpt = 'tekst' WHERE id = %s", (notice,))


@pytest.mark.parametrize("role", RECIPIENT_ROLES)
def test_a_recipient_role_reaches_its_own_view_and_no_table(database: Database, role: str) -> None:
    engine = database.engine_for("seinpost_web")
    with owner_connection(database) as owner:
        tables = [name for (name,) in owner.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'seinpost'")]
    for table in tables:
        with pytest.raises(ProgrammingError, match="permission denied"), acting(engine, None, role) as connection:
            connection.execute(text(f"SELECT * FROM seinpost.{table}"))
    for other in RECIPIENT_ROLES:
        view = f"portal_{other.removeprefix('seinpost_recipient_')}"
        with engine.connect() as connection:
            allowed = connection.execute(text("SELECT has_table_privilege(:r, :v, 'SELECT')"), {"r": role, "v": view})
            assert allowed.scalar_one() is (other == role)
    engine.dispose()


def test_a_recipient_sees_only_referrals_to_itself_while_agreement_and_term_last(database: Database) -> None:
    signal = add_signal(database)
    mine, other = add_user(database, "mijn", "recipient"), add_user(database, "ander", "recipient")
    readers = [add_user(database, name, "expert") for name in ("een", "twee")]
    for number, reader in enumerate(readers, 1):
        assess(database, signal.id, reader, number)
    contact, agreement = add_contact(database, "school", mine)
    refer(database, signal.id, contact, agreement, readers[0])
    engine = database.engine_for("seinpost_web")

    def seen(user: object) -> int:
        with acting(engine, user, "seinpost_recipient_school") as connection:  # type: ignore[arg-type]
            return int(connection.execute(text("SELECT count(*) FROM portal_school")).scalar_one())

    assert (seen(mine), seen(other), seen(None)) == (1, 0, 0)
    with owner_connection(database) as owner:
        owner.execute("UPDATE agreements SET ends_on = current_date - 1")
        assert seen(mine) == 0
        owner.execute("UPDATE agreements SET ends_on = current_date + 1")
        owner.execute("UPDATE referrals SET expires_at = now() - interval '1 second'")
        assert seen(mine) == 0
    engine.dispose()


def test_acting_roles_cannot_log_in(database: Database) -> None:
    with owner_connection(database) as owner:
        rows = owner.execute(
            "SELECT rolname FROM pg_roles WHERE rolcanlogin AND rolname = ANY(%s)", (list(ACTING_ROLES),)
        )
        assert rows.fetchall() == []
