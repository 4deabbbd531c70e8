"""Backing up and restoring as a person does it: a key first, a nightly backup, a lost database, and doctor's word."""

import json
from pathlib import Path

import psycopg

from pipeline.store.setup import prepare
from seinpost import composition
from tests.people import add_signal
from tests.pipeline.backed_up import rows
from tests.whole_road.house import house


def test_a_lost_database_comes_back_from_the_command_line(tmp_path: Path) -> None:
    vault, secret = tmp_path / "backups", tmp_path / "elders.key"
    with house(tmp_path / "house") as built:
        add_signal(built.database)
        composition.key_folder(built.settings).id_key()
        refused = built.run("backup", str(vault))
        assert refused.returncode == 2
        assert b"--new-key" in refused.stderr
        made = built.run("backup", str(vault), "--new-key", str(secret), "--json")
        assert made.returncode == 0, made.stderr.decode()
        assert json.loads(made.stdout)["contents"] == 1
        before = rows(built.database, "sightings")
        admin = built.postgres.admin_url.set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(admin, autocommit=True) as administrator:
            administrator.execute("DROP DATABASE seinpost WITH (FORCE)")
        prepare(built.postgres.admin_url, "seinpost", composition.key_folder(built.settings).database_password)
        done = built.run("restore", str(vault), "--secret", str(secret))
        assert done.returncode == 0, done.stderr.decode()
        assert b"orders that were stopped" in b" ".join(done.stderr.split())
        assert rows(built.database, "sightings") == before
        again = built.run("restore", str(vault), "--secret", str(secret))
        assert again.returncode == 2
        assert b"not empty" in again.stderr
        said = {row["what"]: row["says"] for row in json.loads(built.run("doctor", "--json").stdout)}
        assert "1 signals, 1 contents, 0 forgotten since" in said["restored"]
