"""Random faults while posts flow from sink to queue and experts decide: nothing lost, nothing twice."""

import os
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from uuid import UUID

import pytest

from pipeline import topics
from pipeline.kafka.sink import KafkaSink
from seinpost import composition
from signals.ids import IdKey
from tests.conftest import CACHE
from tests.road.decisions import decisions_told, leave_for, leave_one
from tests.road.invented import Maker
from tests.road.storm.brokers import Brokers
from tests.road.storm.experts import Experts
from tests.road.storm.feeder import Feeder
from tests.road.storm.plan import FAR, ONE_BROKER, THREE_BROKERS, Kind, plan
from tests.road.storm.reckoning import reckon_decisions, reckon_posts, reckon_signals, reckon_told
from tests.road.storm.run import Storm
from tests.road.storm.said import Said, outcome, stream
from tests.road.storm.staff import STOPS_WITHIN, Staff, clocks_can_jump
from tests.road.storm.strikes import Scene
from tests.road.storm.wires import make_wire
from tests.soak import Soak
from tests.whole_road.house import House, house

pytestmark = pytest.mark.kafka
ID_KEY = b"an id key for the storm test 32B"
ORDER = UUID("00000000-0000-4000-8000-000000000001")
SYSTEM = "storm"
REST = 240.0
"""Seconds in which the road must become quiet after the last fault."""


@pytest.mark.timeout(900)
def test_twelve_faults_on_one_broker_lose_and_double_nothing(tmp_path: Path, soak: Soak) -> None:
    faults, posts = int(os.environ.get("CHAOS_FAULTS", 12)), int(os.environ.get("CHAOS_POSTS", 3_000))
    _storm(tmp_path, soak, brokers=1, faults=faults, posts=posts, kinds=ONE_BROKER)


@pytest.mark.soak
@pytest.mark.timeout(7200)
def test_two_hundred_faults_on_three_brokers_lose_and_double_nothing(tmp_path: Path, soak: Soak) -> None:
    faults, posts = int(os.environ.get("CHAOS_FAULTS", 210)), int(os.environ.get("CHAOS_POSTS", 100_000))
    _storm(tmp_path, soak, brokers=3, faults=faults, posts=posts, kinds=THREE_BROKERS)


def test_the_same_seed_gives_the_same_faults_and_another_seed_others() -> None:
    first, again, other = (plan(seed, 40, 10_000, ONE_BROKER) for seed in (1, 1, 2))
    assert first == again
    assert [f.kind for f in first] != [f.kind for f in other]
    assert stream(1, 500) == stream(1, 500)
    assert set(plan(3, 12, 3_000, ONE_BROKER)[n].kind for n in range(12)) == set(ONE_BROKER)  # noqa: C401


def _storm(folder: Path, soak: Soak, brokers: int, faults: int, posts: int, kinds: Sequence[Kind]) -> None:
    print(f"SOAK_SEED={soak.seed}")
    if not clocks_can_jump():
        print("no clock jumps: libfaketime is not here (Debian: apt-get install faketime)")
        kinds = [k for k in kinds if k is not Kind.CLOCK_JUMP]
    said, maker = stream(soak.seed, posts), Maker(IdKey(ID_KEY), ORDER)
    wanted = outcome(said, maker)
    began = time.monotonic()
    with _scene(folder, soak, brokers, kinds, said, maker) as (scene, kinds_here):
        storm = Storm(scene, _experts(scene.house, soak.seed), plan(soak.seed, faults, len(said), kinds_here))
        try:
            _blow(storm)
        finally:
            _halt(storm)
        quiet = time.monotonic() - began
        rows = scene.house.rows
        scene.house.wait_for(lambda: rows("SELECT count(*) FROM outbox WHERE published_at IS NULL") == [(0,)])
        reckon_posts(rows, wanted)
        reckon_signals(rows, wanted)
        decided = reckon_decisions(rows, storm.experts.made)
        assert reckon_told(rows, decisions_told(SYSTEM, scene.brokers.bootstrap)) >= decided // 2
        assert list(storm.struck) == list(storm.faults)
        assert all(seconds < STOPS_WITHIN for seconds in scene.staff.stops)
        told = (
            f"{len(said)} records of {posts} posts, {len(wanted.flagged_posts)} flagged, {brokers} broker(s),"
            f" {faults} faults in {quiet:.0f} s: 0 lost, 0 double signals, {decided} decisions, 0 lost;"
            f" {sum(wanted.dead.values())} dead letters; batches given again {scene.feeder.given_again};"
            f" longest stop {max(scene.staff.stops, default=0):.1f} s"
        )
        print(told, *(f"\n  {n} x {kind}" for kind, n in Counter(f.kind for f in storm.struck).items()))
        print(*(f"\nfell: {fall}" for fall in scene.staff.falls))
        assert [fall for fall in scene.staff.falls if not fall.at_a_broker_that_is_away] == []
        soak.record("random faults (`tests/road/test_chaos.py`)", told)


@contextmanager
def _scene(
    folder: Path, soak: Soak, count: int, kinds: Sequence[Kind], said: list[Said], maker: Maker
) -> Iterator[tuple[Scene, Sequence[Kind]]]:
    with ExitStack() as stack:
        wires = {name: make_wire(n, proxy=os.environ.get("CHAOS_PROXY") == "1") for n, name in enumerate(FAR)}
        for wire in wires.values():
            stack.callback(wire.close)
        brokers = Brokers(folder / "kafka", CACHE, count, list(wires.values()))
        stack.callback(brokers.stop)
        if Kind.FOLDER_FULL in kinds and not brokers.put_last_on_tmpfs():
            print("no full log folder: mounting a tmpfs is not allowed here")
            kinds = [k for k in kinds if k is not Kind.FOLDER_FULL]
        brokers.start()
        topics.apply(brokers.bootstrap)
        built = stack.enter_context(house(folder / "house", id_key=ID_KEY, kafka=brokers.bootstrap))
        built.add_order("export")
        leave_for(SYSTEM, brokers.bootstrap, built.database, 1)
        staff = Staff(built, brokers, wires)
        staff.mend()
        keys = composition.key_folder(built.settings)
        collect = built.database.engine_for("seinpost_collect")
        stack.callback(collect.dispose)
        retries = KafkaSink(brokers.bootstrap, keys, collect, composition.now)
        stack.callback(retries.close)
        feeder = Feeder(KafkaSink(brokers.bootstrap, keys, collect, composition.now), maker, said)
        yield Scene(built, brokers, staff, feeder, retries, maker, said), kinds


def _experts(built: House, seed: int) -> Experts:
    return Experts(built.database, seed, pause=0.1, after_each=lambda: leave_one(SYSTEM, built.database))


def _blow(storm: Storm) -> None:
    storm.scene.feeder.start()
    storm.experts.start()
    storm.blow()
    storm.rest(REST)


def _halt(storm: Storm) -> None:
    for each in (storm.scene.feeder, storm.experts):
        each.halt()
        if each.is_alive():
            each.join(30)
