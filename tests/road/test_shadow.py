"""A replay in shadow sets two detections side by side, tells how flags move, and leaves queue, books, topics alone."""

import json
import tracemalloc
from collections.abc import Iterator, Sequence
from dataclasses import astuple
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from kafka import KafkaAdminClient
from sqlalchemy import Engine
from sqlalchemy.exc import InternalError

from nlp.evaluate.intervals import wilson
from nlp.settings import default_settings
from pipeline.key_folder import KeyFolder
from pipeline.replay import compare
from pipeline.shadow import Detection, SideBySide
from pipeline.store.connection import Database
from pipeline.topics import TOPICS
from seinpost.cli.replay import NoSuchSettings, chosen_settings
from signals.analysis import Analysis
from signals.label import Category, Level
from signals.post import Post, PostRemoved, Source
from signals.settings_version import DetectionSettings
from tests.database import owner_connection
from tests.road.books import Books
from tests.road.invented import NOW, SETTINGS, Maker, add_order, analyse
from tests.road.kafka_road import end_of
from tests.road.roads import Road
from tests.whole_road.house import house
from tests.whole_road.planted import row

OTHER = SETTINGS.model_copy(update={"threshold": 0.7})


def otherwise(posts: Sequence[Post], settings: DetectionSettings) -> list[Analysis]:
    """Another detection: it finds `slaan` where the first finds `steken`, and calls an acuut threat a weapon."""
    texts = [p.text.replace("steken", "...").replace("slaan", "steken") for p in posts]
    hasty = [p.text if "vanavond" in p.text else t for p, t in zip(posts, texts, strict=True)]
    found = analyse([p.model_copy(update={"text": t}) for p, t in zip(posts, hasty, strict=True)], settings)
    return [
        a.model_copy(update={"category": Category.WEAPON, "level": Level.CONCREET, "imminent": False})
        if a.imminent
        else a
        for a in found
    ]


def everything(database: Database) -> dict[str, str]:
    """A digest of every row of every table."""
    with owner_connection(database) as owner:
        names = [
            n for (n,) in owner.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'seinpost'").fetchall()
        ]
        return {
            name: owner.execute(
                f"SELECT md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) FROM seinpost.{name} t".encode()
            ).fetchall()[0][0]
            for name in names
        }


def outside(built: Road) -> dict[str, object]:
    """The topics' end offsets and the consumer groups; nothing on the embedded road."""
    window = built.window
    bootstrap = getattr(window, "_bootstrap", None)
    if bootstrap is None:
        return {}
    admin = KafkaAdminClient(bootstrap_servers=bootstrap)
    groups = sorted(str(group) for group in admin.list_groups())
    admin.close()
    return {topic.name: end_of(bootstrap, topic.name) for topic in TOPICS} | {"groups": groups}


def test_a_shadow_counts_how_flags_move_and_touches_nothing(
    either_road: Road, database: Database, road: Engine
) -> None:
    maker = either_road.maker
    either_road.sink.accept(
        [
            maker.post("a", "ik ga je steken"),
            maker.post("b", "ik ga je slaan"),
            maker.post("c", "vanavond steken bij Krommenie", source=Source.WEB_PAGE),
            maker.post("d", "lekker weer", source=Source.WEB_PAGE),
            maker.removed("e", 1),
        ],
        None,
    )
    either_road.flow()
    before, topics_before = everything(database), outside(either_road)
    quiet = road.execution_options(postgresql_readonly=True)
    shadow = SideBySide(Detection(otherwise, OTHER))
    window = either_road.window.since(NOW - timedelta(minutes=1))
    then = compare(window, analyse, SETTINGS, quiet, shadow)
    assert (then.posts, then.flagged_then, then.flagged_now, then.newly_flagged) == (4, 2, 2, 0)
    found = {(group, name): astuple(shift) for group, name, shift in shadow.rows()}
    # posts, base, proposed, appear, disappear, moved in, moved out
    assert found == {
        ("all", ""): (4, 2, 2, 1, 1, 0, 0),
        ("category", "threat"): (4, 2, 1, 1, 1, 0, 1),
        ("category", "weapon"): (4, 0, 1, 0, 0, 1, 0),
        ("level", "acuut"): (4, 1, 0, 0, 0, 0, 1),
        ("level", "concreet"): (4, 1, 2, 1, 1, 1, 0),
        ("lane", "ordinary"): (4, 1, 2, 1, 1, 1, 0),
        ("lane", "urgent"): (4, 1, 0, 0, 0, 0, 1),
        ("source", "export"): (2, 1, 1, 1, 1, 0, 0),
        ("source", "web-page"): (2, 1, 1, 0, 0, 0, 0),
    }
    assert list(shadow.versions_base) == [f"invented none {SETTINGS.version}"]
    assert list(shadow.versions_proposed) == [f"invented none {OTHER.version}"]
    assert everything(database) == before
    assert outside(either_road) == topics_before


def test_the_connection_of_a_replay_cannot_write(road: Engine) -> None:
    quiet = road.execution_options(postgresql_readonly=True)
    with quiet.connect() as connection, pytest.raises(InternalError, match="read-only"):
        connection.exec_driver_sql("UPDATE signals SET state = 'expired'")


def test_a_post_on_which_the_proposal_breaks_is_counted_and_compared_nowhere(
    database: Database, road: Engine, own_keys: KeyFolder
) -> None:
    maker = Maker(own_keys.id_key(), add_order(database))

    def brittle(posts: Sequence[Post], settings: DetectionSettings) -> list[Analysis]:
        if any("steken" in p.text for p in posts):
            raise RuntimeError("broken on purpose")
        return analyse(posts, settings)

    shadow = SideBySide(Detection(brittle, SETTINGS))
    compare(iter([maker.post("a", "steken"), maker.post("b", "lief")]), analyse, SETTINGS, road, shadow)
    assert (shadow.posts, shadow.failed, shadow.total.base) == (1, 1, 0)


def test_the_memory_of_a_replay_does_not_grow_with_the_window(
    database: Database, road: Engine, own_keys: KeyFolder
) -> None:
    maker = Maker(own_keys.id_key(), add_order(database))

    def peak(posts: int) -> int:
        def window() -> Iterator[Post | PostRemoved]:
            for number in range(posts):
                yield maker.post(str(number), "ik ga je steken" if number % 7 == 0 else "lekker weer")

        tracemalloc.start()
        shadow = SideBySide(Detection(otherwise, OTHER))
        compare(window(), analyse, SETTINGS, road, shadow)
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert shadow.posts == posts
        return most

    small = peak(500)
    # Threads that other tests left behind count too; they do not in every try, a window that is kept would.
    assert any(peak(3_000) < small + 500_000 for _ in range(3))


def test_other_settings_and_models_are_compared_from_the_command_line(tmp_path: Path) -> None:
    threat = "ik heb een mes bij me en vanavond om 8 uur sta ik bij station Zaandam op hem te wachten"
    file = tmp_path / "export.jsonl"
    file.write_text("\n".join(row(n, str(n), text).line() for n, text in enumerate([threat, "lekker weer"], 1)) + "\n")
    strict = default_settings().model_copy(update={"threshold": 1.0, "category_thresholds": {}})
    began = (datetime.now(UTC) - timedelta(minutes=5)).isoformat(timespec="seconds")[:19]
    with house(tmp_path / "house") as built, Books(built.database) as books:
        built.add_order("export")
        assert built.run("import", str(file), "--source", "proef").returncode == 0
        made = "INSERT INTO settings_versions (version, body, reason) VALUES (%s, %s, 'proef')"
        books.change(made, strict.version, strict.model_dump_json())
        before = everything(built.database)
        done = built.run("replay", "--from", began, "--json", "--settings", strict.version)
        assert done.returncode == 0, done.stderr.decode()
        said = json.loads(done.stdout)
        assert said["posts"] == 2
        whole = said["shadow"]["groups"]["all"]["all"]
        assert (whole["posts"], whole["base"], whole["proposed"], whole["disappear"]) == (2, 1, 0, 1)
        assert whole["base_share"] == wilson(1, 2)
        assert strict.version in next(iter(said["shadow"]["versions_proposed"]))
        (tmp_path / "strict.json").write_text(strict.model_dump_json())
        other = ("--models", str(Path("nlp/models/detector").resolve()), "--base-settings", "shipped")
        shown = built.run("replay", "--from", began, "--settings", str(tmp_path / "strict.json"), *other)
        table = shown.stdout.decode()
        assert "side by side on 2 posts" in table
        assert "mes" not in table
        assert "Zaandam" not in table
        assert everything(built.database) == before


def test_settings_that_are_nowhere_are_said_in_one_line(road: Engine) -> None:
    with pytest.raises(NoSuchSettings, match="neither a file nor a version"):
        chosen_settings("0123456789ab", road)
