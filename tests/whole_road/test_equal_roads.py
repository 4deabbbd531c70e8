"""Real input gives the same on both roads: ids, versions, spans, levels and states, at least 300 signals."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from pipeline.kafka.local_broker import LocalBroker
from tests.whole_road.house import House, house
from tests.whole_road.planted import START, Row, planted, row, shuffled

SHARED = Path(__file__).parents[3] / "shared"
SEED = 20261123
ID_KEY = b"an id key for both roads, 32 B!!"


@pytest.fixture(scope="module")
def export(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Real ordinary posts, the dev corpus and 500 planted posts, mixed by seed."""
    if not SHARED.is_dir():
        pytest.skip("the shared folder with real posts is not beside the project")
    posts: list[list[Row]] = planted(SEED)
    assert len(posts) + 60 == 500
    for name in ("ordinary_nl", "ordinary_en"):
        for number, line in enumerate((SHARED / "data" / "posts" / f"{name}.jsonl").read_text().splitlines()):
            post = json.loads(line)
            posts.append([row(number, post["id"], post["text"])])
    for line in (SHARED / "corpus" / "dev.jsonl").read_text().splitlines():
        post = json.loads(line)
        moment = datetime.fromisoformat(post["posted_at"])
        if moment > START:
            moment -= timedelta(weeks=52)  # the same weekday and hour, but past
        posts.append([Row(post["id"], post["text"], moment.isoformat(), moment.isoformat())])
    file = tmp_path_factory.mktemp("export") / "posts.jsonl"
    file.write_text("\n".join(r.line() for r in shuffled(posts, SEED)) + "\n")
    return file


def _outcome(built: House) -> dict[str, list[tuple[object, ...]]]:
    return {
        "signals": built.rows(
            "SELECT id, state, category, level, genre, lang, sightings, reopened_from, source_removed_at IS NOT NULL,"
            " source_edited_at IS NOT NULL FROM signals ORDER BY id"
        ),
        # A signal whose post was edited away or removed within one batch has had no moment in the queue: its lane,
        # window and places depend on where batches fall. For every signal that stands, they are equal.
        "standing": built.rows(
            "SELECT id, lane, imminent, posted_at, window_start, window_end FROM signals WHERE sightings > 0 ORDER BY 1"
        ),
        "sightings": built.rows(
            "SELECT post_id, signal_id, event_id, revision, text, analysis::text, link_hash FROM sightings"
            " ORDER BY post_id"
        ),
        "places": built.rows(
            "SELECT signal_id, place_id, p.kind, name FROM signal_places p JOIN signals s ON s.id = p.signal_id"
            " WHERE s.sightings > 0 ORDER BY 1, 2"
        ),
        "analyses": built.rows(
            "SELECT event_id, post_id, revision, flagged, score, category, level, model, terms, settings"
            " FROM analyses ORDER BY event_id"
        ),
        "heads": built.rows("SELECT post_id, revision, event_id, removed, signal_id FROM post_heads ORDER BY post_id"),
    }


def _import(built: House, export: Path) -> None:
    built.add_order("export")
    built.start_workers()
    done = built.run("import", str(export), "--source", "proef", seconds=600)
    assert done.returncode == 0, done.stderr.decode()[-2000:]
    versions = len(export.read_text().splitlines())
    built.wait_for(lambda: built.rows("SELECT count(*) FROM post_heads")[0][0] == _posts(export), 300)
    if built.broker is not None:
        built.wait_for(lambda: _settled(built), 300)
    assert versions > 6000


def _posts(export: Path) -> int:
    return len({json.loads(line)["id"] for line in export.read_text().splitlines()})


def _settled(built: House) -> bool:
    """All of the signals topic has been taken: stored offsets have reached the end of each partition."""
    from tests.whole_road.lag import waiting

    assert built.broker is not None
    return waiting(built.broker.bootstrap, built.database) == 0


@pytest.mark.timeout(1500)
@pytest.mark.kafka
def test_both_roads_end_in_the_same_place(
    export: Path, tmp_path: Path, start_kafka: Callable[[Path], LocalBroker]
) -> None:
    with house(tmp_path / "embedded", id_key=ID_KEY) as built:
        _import(built, export)
        embedded = _outcome(built)
    with house(tmp_path / "kafka", start_kafka, id_key=ID_KEY) as built:
        _import(built, export)
        kafka = _outcome(built)
    assert len(embedded["signals"]) >= 300
    for table in embedded:
        assert embedded[table] == kafka[table], table
