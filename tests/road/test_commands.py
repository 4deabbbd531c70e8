"""The recovery commands as a person uses them, on an installation with one bad line in its import."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.whole_road.house import house
from tests.whole_road.planted import row


def test_dead_letters_and_replay_from_the_command_line(tmp_path: Path) -> None:
    file = tmp_path / "export.jsonl"
    file.write_text(row(1, "a", "Het boek heeft 12 bladzijden").line() + '\n{"id": "half", "te\n')
    began = datetime.now(UTC) - timedelta(minutes=1)
    with house(tmp_path / "house") as built:
        built.add_order("export")
        assert built.run("import", str(file), "--source", "proef").returncode == 1
        (letter,) = json.loads(built.run("dead-letters", "list", "--json").stdout)
        shown = json.loads(built.run("dead-letters", "show", letter["id"], "--json").stdout)
        assert shown["reason"] == "malformed"
        assert "advice" in shown
        assert "bytes" not in shown
        opened = built.run("dead-letters", "show", letter["id"], "--bytes", "import nakijken", "--json")
        assert '"half"' in json.loads(opened.stdout)["bytes"]
        assert built.rows("SELECT count(*) FROM trail WHERE position('dead_letter_opened' in payload) > 0") == [(1,)]
        retried = built.run("dead-letters", "retry", letter["id"])
        assert retried.returncode == 1
        assert b"bring it in again" in retried.stdout
        assert built.run("dead-letters", "retry").returncode == 2
        before = built.rows("SELECT count(*) FROM signals")
        replayed = built.run("replay", "--from", began.isoformat(timespec="seconds")[:19], "--json")
        assert replayed.returncode == 0, replayed.stderr.decode()
        counts = json.loads(replayed.stdout)
        assert counts["posts"] == 1
        assert counts["newly_flagged"] == counts["no_longer_flagged"] == 0
        assert built.rows("SELECT count(*) FROM signals") == before
        assert built.run("topics", "check").returncode == 2


def test_a_letter_that_is_not_there_is_said_in_one_line(tmp_path: Path) -> None:
    with house(tmp_path / "house") as built:
        done = built.run("dead-letters", "show", "00000000-0000-4000-8000-000000000001")
        assert done.returncode == 2
        assert done.stderr.decode().count("\n") == 1
        assert "seinpost dead-letters list" in done.stderr.decode()
