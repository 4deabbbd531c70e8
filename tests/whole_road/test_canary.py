"""What points at a person goes in by every way there is, whole, broken and too large, and is found nowhere afterwards.

Looked for in tables, database files, write-ahead log, topics, logs, notices and everything that commands say; then the
same search is shown to find what is planted. Links are kept, but sealed: an expert still opens one.
"""

import contextlib
import json
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest
from kafka import KafkaAdminClient, KafkaProducer

from pipeline import envelope
from pipeline.kafka.local_broker import LocalBroker, free_port
from pipeline.key_folder import KeyFolder
from pipeline.topics import POSTS
from seinpost.demo import start as demo
from seinpost.demo.replay_server import ReplayServer
from tests.canary.canaries import CORE, find_in_bytes
from tests.whole_road import canary_files, canary_screens, canary_search, canary_seeds
from tests.whole_road.canary_texts import LINK, everything, flagged, needles, one_of_each, ordinary
from tests.whole_road.canary_wire import BAD_FRAMES, FEEDS, Stream, feeds
from tests.whole_road.house import House, house
from tests.whole_road.replayed import replayed

_SLOW = 300.0
"""Seconds; for a machine that does much else."""


MASTODON_POSTS = 20
_BAD = "dead_letters WHERE NOT (field_path = 'frame' AND reason = 'too_large')"
"""What was set aside with its bytes: all but a frame too large to come in at all."""


@dataclass
class Fed:
    """A house after everything went in, with what it said, where a needle was found, and what an opened link showed."""

    house: House
    said: list[bytes] = field(default_factory=list)
    bad: int = 0
    handed_in: int = 0
    seeds: list[str] = field(default_factory=list)
    opened: str = ""
    found: list[str] = field(default_factory=list)

    def run(self, *arguments: str, given: bytes | None = None, status: int = 0) -> bytes:
        """Run a command, keep what it says, and give what it printed."""
        done = self.house.run(*arguments, given=given)
        self.said += [done.stdout, done.stderr]
        assert done.returncode == status, done.stderr[-2000:]
        return done.stdout

    def count(self, statement: str) -> int:
        """A count in the database."""
        return int(str(self.house.rows(f"SELECT count(*) FROM {statement}")[0][0]))


@pytest.fixture(scope="module", params=["embedded", pytest.param("kafka", marks=[pytest.mark.kafka, pytest.mark.soak])])
def fed(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    start_kafka: Callable[[Path], LocalBroker],
) -> Iterator[Fed]:
    """Every way in of one road was used; its processes have ended, database and broker still answer."""
    folder = tmp_path_factory.mktemp("fed")
    given = folder / "given"
    given.mkdir()
    with contextlib.ExitStack() as stack:
        kafka = start_kafka if request.param == "kafka" else None
        built = stack.enter_context(house(folder / "house", kafka, port=free_port()))
        built.settings, stream_port = demo.start_demo(built.settings, stack)
        stack.callback(built.stop)
        whole = Fed(built)
        site, addresses = stack.enter_context(feeds(ordinary(), flagged()))
        _allow(whole, ("feed-entry",), [part for address in addresses for part in ("--feed", address)])
        seeds = canary_seeds.seeds(site, ordinary()[:MASTODON_POSTS])
        whole.seeds = [*addresses, *seeds]
        _allow(whole, canary_seeds.SOURCES, [part for seed in seeds for part in ("--seed", seed)])
        server = ReplayServer([])
        stream = Stream(server, stack.enter_context(replayed(server, stream_port, play=False)))
        for name in ("serve", "unseal"):
            built.start(name, name)
        built.start_workers()
        built.start("dispatch", "work", "dispatch")
        built.start("collect", "collect", "--wait")
        _import(whole, given)
        built.wait_for(lambda: stream.followed, _SLOW)
        stream.play([*ordinary(), *flagged()])
        whole.bad += BAD_FRAMES
        _hand_in(whole)
        built.wait_for(built.answers, _SLOW)
        _fill_forms(whole)
        _wait_until_all_is_in(whole)
        _take_one_through(whole)
        _ask_the_house(whole)
        built.stop()
        whole.found = canary_search.everywhere(built, needles())
        yield whole


def _allow(whole: Fed, sources: Sequence[str], seeds: Sequence[str]) -> None:
    """An order for these seeds, made as users make one."""
    secret = ("--password-file", str(whole.house.settings.data / "demo-password"))
    about = ("--controller", "Verzonnen gemeente", "--basis", "proef", "--occasion", "proef", "--seed-reason", "proef")
    named = [part for source in sources for part in ("--source", source)]
    made = whole.run("order", "create", "--user", "beheer", *secret, *about, *named, *seeds, "--json")
    number = str(json.loads(made)[0]["number"])
    for approver in ("truus", "henk"):
        whole.run("order", "approve", number, "--user", approver, *secret)


def _import(whole: Fed, given: Path) -> None:
    """Exports as JSON lines and CSV, with bad lines, and a file that is none."""
    bad = {
        given / "posts.jsonl": canary_files.json_lines(given / "posts.jsonl", [*ordinary(), *flagged()]),
        given / "posts.csv": canary_files.comma_separated(given / "posts.csv", ordinary()[::5]),
    }
    for file, count in bad.items():
        told = whole.run("import", str(file), "--source", file.suffix[1:], "--json", status=1)
        assert told, whole.said[-1][-2000:]  # a fault of ours ends with 1 as well, and then only this says which
        report = json.loads(told)
        assert sum(report["dead"].values()) == count
        whole.bad += count
    canary_files.without_header(given / "none.txt")
    whole.run("import", str(given / "none.txt"), "--source", "geen", status=2)


def _hand_in(whole: Fed) -> None:
    """Tips and an observation on the command line, a refused one, and one while the database is away."""
    whole.run("tip", given=everything().encode() + b"\xff")
    whole.run("tip", flagged()[0], "--link", LINK, "--json")
    door, phone, mail = (c.written for c in one_of_each() if c.kind in ("house number", "phone", "e-mail"))
    whole.run(
        *("tip", "--observation", "--what", f"{flagged()[1]} bel {phone} of {mail}"),
        *("--where", f"bij {door}", "--when", f"nu, zegt @{CORE}", "--how-many", f"tien, bel {phone}"),
    )
    whole.handed_in += 3
    whole.run("tip", flagged()[2], "--link", f"@{CORE}", status=2)
    away = Fed(House(whole.house.settings.model_copy(update=_AWAY), whole.house.postgres, whole.house.broker))
    away.run("tip", flagged()[3], "--link", LINK, status=2)
    whole.said += away.said


_AWAY = {"database_url": "postgresql://127.0.0.1:9/seinpost"}


def _fill_forms(whole: Fed) -> None:
    address = whole.house.settings.address
    canary_screens.knock(address)
    with canary_screens.visitor(address, "farida", demo.password(whole.house.settings)) as watcher:
        whole.handed_in += canary_screens.hand_in(watcher)


def _wait_until_all_is_in(whole: Fed) -> None:
    posts = len(ordinary()) + len(flagged())
    expected = {
        "analyses WHERE source = 'export'": posts + len(ordinary()[::5]),
        "analyses WHERE source = 'bluesky-post'": posts,
        "analyses WHERE source IN ('tip', 'observation')": whole.handed_in,
        _BAD: whole.bad,
        "(SELECT DISTINCT reason FROM dead_letters WHERE field_path = 'frame' AND reason = 'too_large') one": 1,
        "analyses WHERE source = 'mastodon-post'": MASTODON_POSTS,
        "source_health WHERE collector = 'feeds'": len(FEEDS),
        **{f"source_health WHERE collector = '{name}'": n for name, n in canary_seeds.COLLECTORS.items()},
    }

    def counts() -> dict[str, int]:
        return {statement: whole.count(statement) for statement in expected}

    try:
        whole.house.wait_for(lambda: counts() == expected, _SLOW)
    except AssertionError as late:
        raise AssertionError(f"{counts()}, expected {expected}\n{late}") from None


def _take_one_through(whole: Fed) -> None:
    """Read one signal twice, open its link, tell the recipients."""
    built, secret = whole.house, demo.password(whole.house.settings)
    signal = built.rows(
        "SELECT signal_id FROM sightings s JOIN signal_places USING (signal_id) WHERE source = 'tip'"
        " AND link_box IS NOT NULL AND name LIKE '%%Krommenie-Assendelft%%' LIMIT 1"
    )[0][0]
    with canary_screens.visitor(built.settings.address, "jamal", secret) as first:
        whole.opened = canary_screens.open_link(first, signal)
        canary_screens.confirm(first, signal, 1)
    with canary_screens.visitor(built.settings.address, "petra", secret) as second:
        canary_screens.confirm(second, signal, 2)
        told = canary_screens.forward(second, signal)
        assert told
        whole.said += [
            second.get(path).content for path in ("/werkvoorraad", f"/signaal/{signal}", "/api/v1/queue", "/bronnen")
        ]
    built.wait_for(lambda: len(list(demo.mail_folder(built.settings).glob("*.eml"))) >= told, _SLOW)
    with canary_screens.visitor(built.settings.address, "marit", secret) as school:
        whole.said.append(school.get("/portaal").content)


def _ask_the_house(whole: Fed) -> None:
    """Everything that tells how things are."""
    for command in (
        *(("dead-letters", "list", "--json"), ("order", "list", "--json")),
        *(("collect", "--status"), ("collect", "--status", "--json")),
    ):
        whole.run(*command)
    for path in ("/metrics", "/readyz"):
        with urllib.request.urlopen(whole.house.settings.address + path, timeout=10) as answer:  # noqa: S310
            whole.said.append(answer.read())


@pytest.mark.timeout(900)
def test_nothing_that_points_at_a_person_is_found_anywhere(fed: Fed) -> None:
    assert fed.found == [], "\n".join(fed.found[:40])


@pytest.mark.timeout(900)
def test_no_command_page_or_notice_says_it(fed: Fed) -> None:
    assert find_in_bytes(b"\n".join(fed.said), needles()) == []
    for notice in demo.mail_folder(fed.house.settings).glob("*.eml"):
        assert find_in_bytes(notice.read_bytes(), needles()) == []


@pytest.mark.timeout(900)
def test_both_kinds_of_post_went_in_by_every_way(fed: Fed) -> None:
    for source in ("export", "bluesky-post", "feed-entry"):
        assert fed.count(f"analyses WHERE source = '{source}' AND NOT flagged") > 0, source
        assert fed.count(f"sightings WHERE source = '{source}'") > 0, source
    assert fed.count("sightings WHERE source = 'observation'") > 0


@pytest.mark.timeout(900)
def test_a_seeds_address_is_followed_and_told_nowhere(fed: Fed) -> None:
    """The searches above look for what stands in every seed's address."""
    assert all(CORE in address for address in fed.seeds)
    assert fed.count("seeds") >= len(fed.seeds)
    for collector, count in canary_seeds.COLLECTORS.items():
        assert fed.count(f"source_health WHERE collector = '{collector}'") == count
    told = b"\n".join(fed.said).decode(errors="replace")
    assert '"mastodon"' in told
    assert find_in_bytes(told.encode(), needles()) == []


@pytest.mark.timeout(900)
def test_links_are_sealed_and_not_lost(fed: Fed) -> None:
    for source in ("export", "bluesky-post", "feed-entry"):
        sealed = "link_box IS NOT NULL AND EXISTS (SELECT 1 FROM link_keys k WHERE k.post_id = s.post_id)"
        assert fed.count(f"sightings s WHERE source = '{source}' AND NOT ({sealed})") == 0, source
    assert CORE in fed.opened


@pytest.mark.timeout(900)
def test_bad_input_is_kept_whole_but_only_under_the_key_of_its_hour(fed: Fed) -> None:
    keys = KeyFolder(fed.house.settings.key_folder)
    rows = fed.house.rows(f"SELECT reason, bytes FROM {_BAD}")
    assert len(rows) == fed.bad
    for reason, sealed in rows:
        assert isinstance(sealed, bytes)
        assert find_in_bytes(envelope.unseal(sealed, keys), needles()), reason


@pytest.mark.timeout(900)
def test_the_search_finds_what_is_planted(fed: Fed) -> None:
    built, now = fed.house, datetime.now(UTC)
    sealed = envelope.seal(everything().encode(), KeyFolder(built.settings.key_folder), now)
    (built.settings.data / "log" / "planted.log").write_bytes(f"x{CORE}x".encode("utf-16-le"))
    with canary_search.administrator(built) as owner:
        owner.execute("CREATE TABLE planted (words text, packed bytea, body jsonb)")
        owner.execute("INSERT INTO planted VALUES ('@' || %s, NULL, NULL)", (CORE,))
        owner.execute("INSERT INTO planted VALUES (NULL, %s, NULL)", (b"0987654321",))
        owner.execute("INSERT INTO planted VALUES (NULL, NULL, jsonb_build_object('a', 'xz987k'))")
        owner.execute("INSERT INTO raw_window VALUES (%s, %s, %s, %s)", (uuid4(), now, now, sealed))
    if built.broker is not None:
        _plant_in_topics(built.broker.bootstrap, sealed)
    found = canary_search.everywhere(built, needles())
    for place in (
        *("table planted, row 0: canary7", "table planted, row 1: 0987654321 as hex", "table planted, row 2: xz987k"),
        *("table raw_window, opened: 91827364", "file log/planted.log: canary7 as utf-16"),
        *("file postgres/base/", "file postgres/pg_wal/"),
    ):
        assert any(line.startswith(place) for line in found), (place, found)
    if built.broker is not None:
        for place in ("topic planted, offset 0: canary7", f"topic {POSTS.name}, offset"):
            assert any(line.startswith(place) for line in found), (place, found)


def _plant_in_topics(bootstrap: str, sealed: bytes) -> None:
    admin = KafkaAdminClient(bootstrap_servers=bootstrap)
    admin.create_topics({"planted": {"num_partitions": 1, "replication_factor": 1}}, wait_for_metadata=True)
    admin.close()
    producer = KafkaProducer(bootstrap_servers=bootstrap, compression_type="gzip")
    producer.send("planted", value=f"{'woorden ' * 200}@{CORE}".encode())
    producer.send(POSTS.name, value=sealed)
    producer.flush(30)
    producer.close()
