"""Bad input is set aside with its reason and the rest goes on; what is not there is said in one line that helps."""

import json
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.kafka.local_broker import LocalBroker
from tests.whole_road.house import House, house
from tests.whole_road.planted import row, threats

GOOD = [row(n, f"goed-{n}", text) for n, text in enumerate(threats(20, 7))]


def _export(folder: Path) -> Path:
    """Twenty good lines with five bad ones between them."""
    lines = [r.line().encode() for r in GOOD]
    lines.insert(3, b'{"id": "half", "text": "afgebroken')
    lines.insert(8, b'{"id": "bytes", "text": "\xff\xfe kapot \xc3"}')
    lines.insert(12, json.dumps({"id": "groot", "text": "mes " * 1_300_000}).encode())
    lines.insert(15, b"[1, 2, 3]")
    lines.insert(18, json.dumps({"id": "leeg"}).encode())
    file = folder / "export.jsonl"
    file.write_bytes(b"\n".join(lines) + b"\n")
    return file


def _check(built: House, folder: Path) -> None:
    built.add_order("export")
    built.start_workers()
    done = built.run("import", str(_export(folder)), "--source", "proef", "--json")
    assert done.returncode == 1, done.stderr.decode()[-2000:]
    assert b"Traceback" not in done.stderr
    report = json.loads(done.stdout)
    assert report["accepted"] == len(GOOD)
    assert sum(report["dead"].values()) == 5
    built.wait_for(lambda: built.rows("SELECT count(*) FROM post_heads")[0][0] == len(GOOD))
    listed = built.run("dead-letters", "list", "--json")
    letters = json.loads(listed.stdout)
    assert sorted(letter["reason"] for letter in letters) == [
        "invalid_utf8",
        "malformed",
        "schema",
        "schema",
        "too_large",
    ]
    assert max(letter["size"] for letter in letters) > 5_000_000
    for letter in letters:
        assert len(letter["sha256"]) == 64


def test_bad_lines_lie_in_the_dead_letters_on_the_embedded_road(tmp_path: Path) -> None:
    with house(tmp_path / "house") as built:
        _check(built, tmp_path)


@pytest.mark.kafka
def test_bad_lines_lie_in_the_dead_letters_on_the_kafka_road(
    tmp_path: Path, start_kafka: Callable[[Path], LocalBroker]
) -> None:
    with house(tmp_path / "house", start_kafka) as built:
        _check(built, tmp_path)


def _closed_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_a_database_that_is_not_there_is_one_line_that_says_what_to_do(tmp_path: Path) -> None:
    file = _export(tmp_path)
    with house(tmp_path / "house") as built:
        built.settings = built.settings.model_copy(
            update={"database_url": f"postgresql://127.0.0.1:{_closed_port()}/seinpost"}
        )
        done = built.run("import", str(file), "--source", "proef")
    said = done.stderr.decode().strip()
    assert done.returncode == 2
    assert len(said.splitlines()) == 1
    assert "SEINPOST_DATABASE_URL" in said


def test_a_broker_that_is_not_there_is_one_line_that_says_what_to_do(tmp_path: Path) -> None:
    file = _export(tmp_path)
    with house(tmp_path / "house") as built:
        built.add_order("export")
        built.settings = built.settings.model_copy(update={"kafka": f"127.0.0.1:{_closed_port()}"})
        done = built.run("import", str(file), "--source", "proef", seconds=120)
    said = done.stderr.decode().strip()
    assert done.returncode == 2
    assert len(said.splitlines()) == 1
    assert "SEINPOST_KAFKA" in said


def test_without_an_order_nothing_is_imported_and_the_line_says_why(tmp_path: Path) -> None:
    with house(tmp_path / "house") as built:
        done = built.run("import", str(_export(tmp_path)), "--source", "proef")
        assert built.rows("SELECT count(*) FROM post_heads") == [(0,)]
        assert built.rows("SELECT count(*) FROM dead_letters") == [(0,)]
    assert done.returncode == 2
    assert "order" in done.stderr.decode()
    assert len(done.stderr.decode().strip().splitlines()) == 1
