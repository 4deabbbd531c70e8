"""Ten thousand posts while every process is killed with -9 again and again: nothing lost, nothing twice."""

import os
import random
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import pytest

from nlp.settings import default_settings
from pipeline.analysing import Analyse
from pipeline.kafka.local_broker import LocalBroker
from seinpost import composition
from seinpost.settings import Settings
from signals.ids import IdKey
from tests.road.chaos import BROKER, IMPORT, POSTGRES, Chaos
from tests.road.decisions import decisions_told, in_order, leave_for
from tests.road.invented import Maker
from tests.road.kafka_road import flow
from tests.road.kill_export import BAD, Expected, expected_of, flagged_texts, write_export
from tests.whole_road.house import House, house

ID_KEY = b"an id key for the kill test, 32B"
KILLS = 5
SECONDS = 900
SEED = int(os.environ.get("KILL_SEED", random.SystemRandom().randrange(10**6)))
"""Another one each run, printed; give KILL_SEED to run the same again."""
DECIDED = 60


@pytest.fixture(scope="module")
def detection() -> Analyse:
    """The real models."""
    return composition.analyser(Settings())


@pytest.fixture(scope="module")
def export(tmp_path_factory: pytest.TempPathFactory, detection: Analyse) -> Path:
    """The export, the same for both roads."""
    file = tmp_path_factory.mktemp("kill") / "export.jsonl"
    flagged = flagged_texts(Maker(IdKey(ID_KEY), uuid4()), detection, default_settings(), SEED)
    assert len(flagged) >= 100
    write_export(file, SEED, flagged)
    return file


@pytest.fixture(scope="module")
def expected(export: Path, detection: Analyse, tmp_path_factory: pytest.TempPathFactory) -> Expected:
    """What must come of it, known before anything runs."""
    found = expected_of(export, ID_KEY, tmp_path_factory.mktemp("keys"), detection, default_settings())
    assert len(found.heads) >= 10_000
    assert len(found.sightings) >= 500
    return found


def _check(built: House, expected: Expected) -> None:
    """The books hold exactly what was expected, each thing once."""
    versions = set(built.rows("SELECT DISTINCT model, terms, settings FROM analyses"))
    assert versions == expected.versions, "the detection changed while the test ran"
    assert {e for (e,) in built.rows("SELECT event_id FROM analyses")} == expected.events
    heads = {p: (e, removed) for p, e, removed in built.rows("SELECT post_id, event_id, removed FROM post_heads")}
    assert heads == expected.heads
    assert {p: s for p, s in built.rows("SELECT post_id, signal_id FROM sightings")} == expected.sightings  # noqa: C416
    states = {i: str(state) for i, state in built.rows("SELECT id, state FROM signals")}
    standing = set(expected.sightings.values())
    assert set(states) == expected.ever_flagged
    assert {i for i, state in states.items() if state == "new"} == standing
    assert set(states.values()) <= {"new", "expired"}
    assert built.rows("SELECT sum(sightings) FROM signals") == [(len(expected.sightings),)]
    assert built.rows("SELECT count(*) FROM dead_letters") == [(BAD,)]
    arrivals = "SELECT signal_id FROM signal_events WHERE step = 'arrive' GROUP BY 1 HAVING count(*) > 1"
    assert built.rows(arrivals) == []


@pytest.mark.timeout(2 * SECONDS)
@pytest.mark.kafka
@pytest.mark.soak
def test_the_kafka_road_survives_every_kill(
    export: Path, expected: Expected, tmp_path: Path, start_kafka: Callable[[Path], LocalBroker]
) -> None:
    print(f"KILL_SEED={SEED}")
    with house(tmp_path / "house", start_kafka, id_key=ID_KEY) as built:
        assert built.broker is not None
        built.add_order("export")
        leave_for("kill", built.broker.bootstrap, built.database, DECIDED)  # before the chaos begins
        built.start_workers()
        chaos = Chaos(built, export, SEED)
        victims = [IMPORT, "analyse", "intake", "relay", POSTGRES, BROKER]
        chaos.run(victims, KILLS, SECONDS)
        assert chaos.kills == dict.fromkeys(victims, KILLS)
        road = built.database.engine_for("seinpost_road")
        flow(built.broker.bootstrap, road, SECONDS)
        road.dispose()
        built.wait_for(lambda: built.rows("SELECT count(*) FROM outbox WHERE published_at IS NULL") == [(0,)])
        _check(built, expected)
        told = decisions_told("kill", built.broker.bootstrap)
        assert {key: [body["step"] for _, body in events] for key, events in told.items()} == in_order(DECIDED)


@pytest.mark.timeout(2 * SECONDS)
def test_the_embedded_road_survives_every_kill(export: Path, expected: Expected, tmp_path: Path) -> None:
    print(f"KILL_SEED={SEED}")
    with house(tmp_path / "house", id_key=ID_KEY) as built:
        built.add_order("export")
        chaos = Chaos(built, export, SEED)
        chaos.run([IMPORT, POSTGRES], KILLS, SECONDS)
        assert chaos.kills == {IMPORT: KILLS, POSTGRES: KILLS}
        _check(built, expected)
