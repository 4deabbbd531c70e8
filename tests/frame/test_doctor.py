"""`doctor` finds what would break a promise, says what to mend, and sees a role that could get round the walls."""

import smtplib
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Sink

from pipeline.embedded_postgres import EmbeddedPostgres
from pipeline.kafka.local_broker import LocalBroker, free_port
from pipeline.key_folder import KeyFolder
from pipeline.store.connection import Database
from seinpost.examination import Finding, examine
from seinpost.settings import Settings


def settings_for(database: Database, keys: KeyFolder, **more: object) -> Settings:
    url = f"postgresql:///{database.url.database}?host={database.url.query['host']}"
    return Settings.model_validate({"database_url": url, "keys": keys.path, "data": keys.path.parent, **more})


def found(settings: Settings, what: str) -> list[Finding]:
    return [finding for finding in examine(settings) if finding.what == what]


@pytest.fixture
def administrator(postgres: EmbeddedPostgres) -> Iterator[psycopg.Connection]:
    address = postgres.admin_url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address, autocommit=True) as connection:
        yield connection


def test_a_fresh_installation_has_closed_walls(database: Database, keys: KeyFolder) -> None:
    findings = {finding.what: finding for finding in examine(settings_for(database, keys))}
    for what in ("keys", "database", "database roles", "database tables", "kafka"):
        assert findings[what].fine, findings[what].says


@pytest.mark.parametrize("power", ["BYPASSRLS", "SUPERUSER", "CREATEROLE"])
def test_a_serving_role_that_could_get_round_the_walls_is_found(
    database: Database, keys: KeyFolder, administrator: psycopg.Connection, power: str
) -> None:
    administrator.execute(f"ALTER ROLE seinpost_web {power}".encode())
    try:
        (finding,) = found(settings_for(database, keys), "database roles")
    finally:
        administrator.execute(f"ALTER ROLE seinpost_web NO{power}".encode())
    assert not finding.fine
    assert "ALTER ROLE seinpost_web NOSUPERUSER NOBYPASSRLS" in finding.says


def test_a_table_whose_wall_was_taken_down_is_found(
    database: Database, keys: KeyFolder, postgres: EmbeddedPostgres
) -> None:
    address = postgres.admin_url.set(drivername="postgresql", database=database.url.database)
    with psycopg.connect(address.render_as_string(hide_password=False), autocommit=True) as administrator:
        administrator.execute("ALTER TABLE seinpost.signals NO FORCE ROW LEVEL SECURITY")
    (finding,) = found(settings_for(database, keys), "database tables")
    assert not finding.fine
    assert "signals" in finding.says


def test_a_database_that_is_not_there_is_one_line(keys: KeyFolder) -> None:
    away = Settings.model_validate(
        {"database_url": f"postgresql://127.0.0.1:{free_port()}/seinpost", "keys": keys.path}
    )
    (finding,) = found(away, "database")
    assert not finding.fine
    assert "database_url" in finding.says


def test_a_key_that_others_can_read_is_found(database: Database, tmp_path: Path) -> None:
    loose = KeyFolder(tmp_path / "keys")
    loose.id_key()
    (loose.path / "id.key").chmod(0o644)
    (finding,) = found(settings_for(database, loose, data=tmp_path), "keys")
    assert not finding.fine
    assert "chmod" in finding.says


def test_mail_that_would_travel_unencrypted_to_elsewhere_is_found(database: Database, keys: KeyFolder) -> None:
    server = Controller(Sink(), hostname="127.0.0.1", port=free_port())
    server.start()
    try:
        with smtplib.SMTP("127.0.0.1", server.port):
            pass
        here = settings_for(database, keys, smtp_host="127.0.0.1", smtp_port=server.port)
        assert found(here, "mail")[0].fine
        other_name = settings_for(database, keys, smtp_host="127.0.0.2", smtp_port=server.port)
        assert not found(other_name, "mail")[0].fine
        secure = settings_for(database, keys, smtp_host="127.0.0.1", smtp_port=server.port, smtp_starttls=True)
        assert "STARTTLS" in found(secure, "mail")[0].says
    finally:
        server.stop()
    gone = settings_for(database, keys, smtp_host="127.0.0.1", smtp_port=server.port)
    assert "does not answer" in found(gone, "mail")[0].says


def test_an_address_that_is_not_https_is_found_unless_it_is_this_machine(database: Database, keys: KeyFolder) -> None:
    assert found(settings_for(database, keys), "address")[0].fine
    assert not found(settings_for(database, keys, base_url="http://seinpost.example"), "address")[0].fine
    assert found(settings_for(database, keys, base_url="https://seinpost.example"), "address")[0].fine


@pytest.mark.kafka
def test_a_broker_without_the_topics_is_found(
    database: Database, keys: KeyFolder, own_kafka_broker: LocalBroker
) -> None:
    settings = settings_for(database, keys, kafka=own_kafka_broker.bootstrap)
    (finding,) = found(settings, "kafka topics")
    assert not finding.fine
    assert "seinpost topics apply" in finding.says
    own_kafka_broker.kill()
    (finding,) = found(settings, "kafka")
    assert not finding.fine
