"""Collection orders in the real database: two others approve, seeds stay sealed, collectors see what is in force."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy.exc import DBAPIError

from collectors.health import HealthState, SourceHealth
from pipeline.key_folder import KeyFolder
from pipeline.store import cursors, health, orders
from pipeline.store.connection import Database, acting
from signals.order import Order, OrderState, Scope
from signals.ports import Cursor
from signals.post import Source
from tests.database import owner_connection
from tests.people import add_user

FEED = "https://feed.example.org/qzcanary7.xml"


def now() -> datetime:
    return datetime.now(UTC)


def draft(database: Database, keys: KeyFolder, user: UUID, days: float = 14) -> Order:
    new = orders.NewOrder(
        controller="Gemeente Voorbeeld",
        basis="AVG art. 6 lid 1 e",
        occasion="onrust rond een station",
        scope=Scope(sources=(Source.BLUESKY_POST, Source.FEED_ENTRY), places=("Krommenie",)),
        starts_at=now(),
        ends_at=now() + timedelta(days=days),
        seeds=(orders.NewSeed(Source.FEED_ENTRY, FEED, "plaatselijk nieuws", now().date()),),
    )
    with acting(database.engine_for("seinpost_web"), user, "seinpost_supervisor") as connection:
        return orders.draft(connection, new, user, keys.master_key(), now())


def approve(database: Database, number: int, user: UUID) -> Order:
    with acting(database.engine_for("seinpost_web"), user, "seinpost_supervisor") as connection:
        return orders.approve(connection, number, user, now())


def approvers(database: Database) -> tuple[UUID, UUID, UUID]:
    return (
        add_user(database, "opsteller", "order_approver"),
        add_user(database, "eerste", "order_approver"),
        add_user(database, "tweede", "order_approver"),
    )


def test_two_others_put_an_order_in_force(database: Database, keys: KeyFolder) -> None:
    drafter, first, second = approvers(database)
    order = draft(database, keys, drafter)
    assert order.state is OrderState.DRAFT
    assert approve(database, order.number, first).state is OrderState.DRAFT
    assert approve(database, order.number, second).state is OrderState.IN_FORCE
    with database.engine_for("seinpost_collect").begin() as connection:
        (found,) = orders.assignments(connection, keys.master_key(), now())
        assert orders.in_force(connection, now() + timedelta(days=15)) == []
    assert found.order.approved_by == (first, second)
    assert [seed.address for seed in found.seeds] == [FEED]
    assert FEED not in repr(found)


def test_nobody_approves_an_own_draft_or_twice_or_without_the_role(database: Database, keys: KeyFolder) -> None:
    drafter, first, _ = approvers(database)
    number = draft(database, keys, drafter).number
    with pytest.raises(orders.OrderStepRefused, match="two others"):
        approve(database, number, drafter)
    approve(database, number, first)
    with pytest.raises(orders.OrderStepRefused, match="already"):
        approve(database, number, first)
    with pytest.raises(orders.OrderStepRefused, match="order_approver"):
        approve(database, number, add_user(database, "lezer", "expert"))


def test_the_database_itself_refuses_an_order_with_one_approval(database: Database, keys: KeyFolder) -> None:
    drafter, first, _ = approvers(database)
    order = draft(database, keys, drafter)
    approve(database, order.number, first)
    with (
        pytest.raises(DBAPIError),
        acting(database.engine_for("seinpost_web"), first, "seinpost_supervisor") as connection,
    ):
        connection.exec_driver_sql("UPDATE seinpost.orders SET state = 'in_force'")


def test_a_stopped_order_lets_nothing_in_and_is_renewed_as_a_draft(database: Database, keys: KeyFolder) -> None:
    drafter, first, second = approvers(database)
    order = draft(database, keys, drafter)
    approve(database, order.number, first)
    approve(database, order.number, second)
    with acting(database.engine_for("seinpost_web"), first, "seinpost_supervisor") as connection:
        assert orders.stop(connection, order.number, now()).state is OrderState.STOPPED
    with database.engine_for("seinpost_collect").begin() as connection:
        assert orders.assignments(connection, keys.master_key(), now()) == []
    with acting(database.engine_for("seinpost_web"), first, "seinpost_supervisor") as connection:
        again = orders.renew(connection, order.number, 7, first, keys.master_key(), now())
        assert (again.state, again.drafted_by, again.approved_by) == (OrderState.DRAFT, first, ())
        assert [s.address for s in orders.seeds(connection, again.id, keys.master_key())] == [FEED]


def test_an_order_of_more_than_28_days_is_refused(database: Database, keys: KeyFolder) -> None:
    with pytest.raises(orders.OrderStepRefused, match="28 days"):
        draft(database, keys, approvers(database)[0], days=29)


def test_a_seed_is_nowhere_readable_in_the_database(database: Database, keys: KeyFolder) -> None:
    order = draft(database, keys, approvers(database)[0])
    with owner_connection(database) as owner:
        rows = owner.execute("SELECT s::text FROM seeds s UNION ALL SELECT t::text FROM trail t").fetchall()
    assert len(rows) >= 2
    assert "qzcanary7" not in str(rows)
    with (
        database.engine_for("seinpost_collect").begin() as connection,
        pytest.raises(orders.SeedUnreadable, match="key folder"),
    ):
        orders.seeds(connection, order.id, bytes(32))


def test_cursors_and_health_keep_the_newest(database: Database, keys: KeyFolder) -> None:
    order = draft(database, keys, approvers(database)[0])
    began = now()
    with database.engine_for("seinpost_collect").begin() as connection:
        assert cursors.load(connection, "jetstream", order.id, 0) is None
        for position in ("1", "2"):
            cursors.save(connection, Cursor(collector="jetstream", order_id=order.id, seed=0, position=position))
        assert cursors.load(connection, "jetstream", order.id, 0) == "2"
        for state, minutes in ((HealthState.OK, 0), (HealthState.OK, 1), (HealthState.FAILING, 2)):
            at = began + timedelta(minutes=minutes)
            health.report(connection, SourceHealth("jetstream", order.id, 0, state, at, "code", at, accepted=5))
            (row,) = health.listed(connection)
            assert (row.state, row.since) == (state, began if state is HealthState.OK else at)
        assert row.accepted == 15
