"""A process begins on no database that is older than itself: one line that says what to run, and exit status 2."""

import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from sqlalchemy import create_engine

from pipeline.key_folder import KeyFolder
from pipeline.store import schema
from pipeline.store.connection import Database
from seinpost.cli.main import main
from seinpost.schema_first import begin_on
from tests.database import owner_connection


@pytest.fixture
def installation(
    database: Database, keys: KeyFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Database]:
    """The settings of an installation on this database, without a Kafka."""
    monkeypatch.chdir(tmp_path)
    address = database.url.set(drivername="postgresql").render_as_string(hide_password=False)
    for name, value in {
        "DATABASE_URL": address,
        "KEYS": keys.path,
        "DATA": tmp_path,
        "CONTACT": "x@example.org",
    }.items():
        monkeypatch.setenv(f"SEINPOST_{name}", str(value))
    handlers = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    yield database
    for number, handler in handlers.items():
        signal.signal(number, handler)
    structlog.reset_defaults()


@pytest.mark.parametrize("words", ["serve", "unseal", "collect --wait", "work recheck"])
def test_a_process_newer_than_its_database_says_so_and_ends(
    installation: Database, capsys: pytest.CaptureFixture[str], words: str
) -> None:
    with owner_connection(installation) as owner:
        owner.execute("UPDATE public.alembic_version SET version_num = '0001'")
    with pytest.raises(SystemExit) as ended:
        main(words.split())
    assert ended.value.code == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line == (
        f"seinpost: the database has schema 0001 and this program needs {schema.newest()}; run seinpost setup first"
    )


def test_while_the_database_is_away_a_process_waits_and_still_stops_when_asked() -> None:
    nowhere, stop, ended = create_engine("postgresql+psycopg:///x?host=/nowhere"), threading.Event(), threading.Event()

    def begin() -> None:
        begin_on(nowhere, stop)
        ended.set()

    with structlog.testing.capture_logs() as logs:
        waiting = threading.Thread(target=begin, daemon=True)
        waiting.start()
        time.sleep(0.5)
        assert not ended.is_set()
        stop.set()
        assert ended.wait(5)
    nowhere.dispose()
    assert {(line["event"], line["fault"]) for line in logs} == {("waiting", "DatabaseAway")}
