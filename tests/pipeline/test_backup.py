"""What was backed up comes back whole, with its walls; what was forgotten since does not, whoever has the key."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from nacl.public import PrivateKey
from sqlalchemy import text

from pipeline import retention
from pipeline.backup import manifest as manifests
from pipeline.backup.contents import LEFT_EMPTY, LEFT_OUT, Kind
from pipeline.backup.erasure import ErasureBook
from pipeline.backup.last_restore import last_restore
from pipeline.backup.manifest import ForeignBackup, NoBackup
from pipeline.backup.restoring import DatabaseNotEmpty, KeyFolderMissing, Restored, SchemaNewer, chosen
from pipeline.backup.stream import BackupDamaged, WrongKey
from pipeline.backup.tables import all_tables
from pipeline.embedded_postgres import EmbeddedPostgres
from pipeline.key_folder import KeyFolder
from pipeline.store import schema, trail
from pipeline.store.connection import Database
from pipeline.unseal import Purpose, UnsealAnswer, UnsealRequest, answer
from tests.database import as_owner, owner_connection
from tests.people import Signal, add_signal
from tests.pipeline.backed_up import (
    LINK,
    NAMED,
    TODAY,
    Town,
    Vault,
    _forget,
    fill,
    later,
    new_database,
    rows,
    vault,
)


@pytest.fixture
def town(database: Database, keys: KeyFolder) -> Town:
    return fill(database, keys)


@pytest.fixture
def safe(keys: KeyFolder, tmp_path: Path) -> Vault:
    return vault(keys, tmp_path)


@pytest.fixture
def again(postgres: EmbeddedPostgres, keys: KeyFolder) -> Iterator[Database]:
    """The empty database to restore into."""
    with new_database(postgres, keys) as made:
        yield made


def unsealed(database: Database, keys: KeyFolder, town: Town, signal: Signal, purpose: Purpose) -> UnsealAnswer:
    engine = database.engine_for("seinpost_unseal")
    request = UnsealRequest(user_id=town.expert, purpose=purpose, reason="plaats controleren", signal_id=signal.id)
    found = answer(engine, keys.link_private_key, request, TODAY)
    engine.dispose()
    return found


def forget_now(database: Database, keys: KeyFolder, **delta: float) -> dict[str, int]:
    engine, road = database.engine_for("seinpost_retention"), database.engine_for("seinpost_road")
    try:
        return retention.forget(engine, road, keys, later(**delta))
    finally:
        engine.dispose()
        road.dispose()


def test_everything_comes_back_as_it_was_with_its_walls(
    database: Database, again: Database, town: Town, safe: Vault, keys: KeyFolder
) -> None:
    with owner_connection(database) as owner:
        names = [table.name for table in all_tables(owner)]
    before = {name: rows(database, name) for name in names}
    made = safe.back_up(database)
    done = safe.put_back(again)
    assert done.forgotten == done.expired == 0
    assert not any(done.by_retention.values())
    for name in names:
        if name in LEFT_OUT - {"link_keys"}:
            assert rows(again, name) == [], name
        elif name == "trail":
            assert set(before[name]) < set(rows(again, name))
        else:
            assert rows(again, name) == before[name], name
            assert name == "link_keys" or made.manifest.rows[name] == len(before[name])
    with owner_connection(again) as owner:
        open_tables = owner.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = 'seinpost'::regnamespace AND relkind = 'r'"
            " AND NOT (relrowsecurity AND relforcerowsecurity)"
        ).fetchall()
        asleep = owner.execute("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'O'").fetchall()
        assert open_tables == asleep == []
        with pytest.raises(psycopg.Error, match="two readers"):
            owner.execute("UPDATE referrals SET signal_id = %s", (town.signals["new"].id,))
    engine = again.engine_for("seinpost_retention")
    with engine.connect() as connection:
        assert trail.verify(connection) == (6, [])
    engine.dispose()
    signal = add_signal(again)
    with owner_connection(again) as owner:
        numbers = owner.execute("SELECT number, id FROM signals ORDER BY number DESC LIMIT 2").fetchall()
        assert numbers[0][1] == signal.id
        assert "9 signals" in (last_restore(owner) or "")
    for state, kept in town.signals.items():
        gone = state == "expired"
        want = UnsealAnswer(refused="nothing_sealed") if gone else UnsealAnswer(plain=LINK)
        assert unsealed(again, keys, town, kept, Purpose.LINK) == want
        want = UnsealAnswer(refused="nothing_sealed") if gone else UnsealAnswer(plain=NAMED)
        assert unsealed(again, keys, town, kept, Purpose.NAMES) == want


def test_a_backup_shows_nothing_and_lies_closed(database: Database, town: Town, safe: Vault) -> None:
    folder = safe.back_up(database).folder
    content = b"".join(file.read_bytes() for file in folder.iterdir())
    for word in (b"morgen na school", b"tekst van de lezer", b"lezer", str(town.expert).encode()):
        assert word not in content
    assert folder.stat().st_mode & 0o077 == 0
    assert [f.name for f in folder.parent.iterdir()] == [folder.name]


def test_what_was_forgotten_since_stays_forgotten(
    database: Database, again: Database, town: Town, safe: Vault, keys: KeyFolder
) -> None:
    safe.back_up(database)
    removed, rejected, shredded = town.signals["parked"], town.signals["rejected"], town.signals["confirmed"]
    _forget(database, removed)  # gone at its source
    with owner_connection(database) as owner:
        owner.execute("UPDATE signals SET state = 'rejected' WHERE id = %s", (town.signals["new"].id,))
        owner.execute("DELETE FROM link_keys WHERE post_id = %s AND purpose = 'link'", (shredded.post_id,))
        edited = town.signals["casusoverleg"]
        owner.execute(
            "UPDATE sightings SET event_id = gen_random_uuid(), text = 'na een bewerking' WHERE post_id = %s",
            (edited.post_id,),
        )
    assert forget_now(database, keys, hours=25)["backup_keys"] > 0
    done = safe.put_back(again, later(hours=1))
    # Three whole posts and the one edited: text, link, names, hash of the link each; and one shredded link.
    assert done.forgotten == 4 * 4 + 1
    with owner_connection(again) as owner:
        texts = {s: t for s, t in owner.execute("SELECT signal_id, text FROM sightings").fetchall()}  # noqa: C416
        states = dict(owner.execute("SELECT id, state FROM signals").fetchall())
        analysis = owner.execute("SELECT analysis FROM sightings WHERE signal_id = %s", (removed.id,)).fetchall()
    for signal in (removed, rejected, town.signals["new"], edited):
        assert texts[signal.id] is None
    assert texts[town.signals["waiting_second"].id] == "morgen na school bij het station"
    assert analysis == [({"level": "concreet", "facts": {}, "places": [], "reasons": []},)]
    assert states[town.signals["new"].id] == states[removed.id] == "expired"  # nothing is left to read
    assert states[rejected.id] == "rejected"
    assert unsealed(again, keys, town, shredded, Purpose.LINK).refused == "nothing_sealed"
    assert unsealed(again, keys, town, shredded, Purpose.NAMES).plain == NAMED
    assert done.expired == 2


def test_what_is_due_at_the_restore_is_forgotten_before_anyone_sees_it(
    database: Database, again: Database, town: Town, safe: Vault, keys: KeyFolder
) -> None:
    keys.hour_key(TODAY)
    safe.back_up(database)
    done = safe.put_back(again, later(days=8))
    assert done.forgotten == 0
    assert done.by_retention["unread"] == 1
    assert done.by_retention["rejected"] == 1
    with owner_connection(again) as owner:
        left = owner.execute(
            "SELECT s.state FROM sightings g JOIN signals s ON s.id = g.signal_id WHERE g.text IS NOT NULL ORDER BY 1"
        ).fetchall()
        assert owner.execute("SELECT bytes FROM dead_letters").fetchall() == [(None,)]
    assert [state for (state,) in left] == ["casusoverleg", "closed", "confirmed", "parked", "referred"]
    assert keys.hour_key_if_alive(TODAY) is None


def test_an_older_backup_does_not_make_a_newer_one_unreadable_for_a_day(
    database: Database, again: Database, town: Town, safe: Vault, keys: KeyFolder
) -> None:
    first = safe.back_up(database)
    fresh = add_signal(database)
    second = safe.back_up(database, later(minutes=1))
    with owner_connection(database) as owner:
        ((version,),) = owner.execute("SELECT event_id FROM sightings WHERE signal_id = %s", (fresh.id,)).fetchall()
    second.folder.rename(second.folder.with_name("away"))
    safe.put_back(again, later(minutes=2))
    forget_now(again, keys, hours=1)
    living = ErasureBook(keys.path).keys()
    assert (Kind.TEXT, version) in living
    forget_now(again, keys, hours=25)
    living = ErasureBook(keys.path).keys()
    assert (Kind.TEXT, version) not in living
    assert first.folder.is_dir()


def test_a_backup_of_an_older_schema_is_brought_to_ours(
    postgres: EmbeddedPostgres, again: Database, safe: Vault, keys: KeyFolder
) -> None:
    with new_database(postgres, keys, "0004") as old:
        add_signal(old)
        safe.back_up(old, revision="0004")
    safe.put_back(again)
    with as_owner(again) as connection:
        assert schema.current(connection) == schema.newest()
    with owner_connection(again) as owner:
        assert owner.execute("SELECT text FROM sightings").fetchall() == [("morgen na school bij het station",)]
        assert owner.execute("SELECT posts FROM recheck_standing()").fetchall() == [(0,)]


def test_every_refusal_is_one_clear_line_and_changes_nothing(
    database: Database, again: Database, town: Town, safe: Vault, keys: KeyFolder, tmp_path: Path
) -> None:
    with pytest.raises(NoBackup, match="no whole backup"):
        safe.put_back(again)
    folder = safe.back_up(database).folder
    with pytest.raises(DatabaseNotEmpty, match="nothing is overwritten"):
        safe.put_back(database)
    with pytest.raises(WrongKey, match="sealed to key"):
        chosen(safe.folder, PrivateKey.generate(), keys)
    with pytest.raises(KeyFolderMissing, match="put the key folder"):
        chosen(safe.folder, safe.secret, KeyFolder(tmp_path / "nowhere"))
    other = KeyFolder(tmp_path / "other")
    other.id_key()
    with pytest.raises(ForeignBackup, match="another installation"):
        chosen(safe.folder, safe.secret, other)
    note, data = folder / manifests.MANIFEST, folder / manifests.DATA
    whole_note, whole = note.read_text(), data.read_bytes()
    for damaged in (whole[:-40], whole[:5000] + b"x" + whole[5001:]):
        data.write_bytes(damaged)
        with pytest.raises(BackupDamaged, match="another copy"):
            safe.put_back(again)
    data.write_bytes(whole)
    note.write_text(json.dumps({**json.loads(whole_note), "made_at": "2027-01-01T00:00:00Z"}))
    with pytest.raises(ForeignBackup, match="was changed"):
        safe.put_back(again)
    found = manifests.Manifest.model_validate_json(whole_note)
    newer = manifests.signed(found.model_copy(update={"revision": "9001"}), keys.id_key())
    note.write_text(newer.model_dump_json())
    with pytest.raises(SchemaNewer, match="9001"):
        safe.put_back(again)
    lying = manifests.signed(found.model_copy(update={"rows": {**found.rows, "signals": 1}}), keys.id_key())
    note.write_text(lying.model_dump_json())
    with pytest.raises(BackupDamaged, match="manifest"):
        safe.put_back(again)
    with owner_connection(again) as owner:
        assert owner.execute("SELECT count(*) FROM users").fetchall() == [(0,)]
    note.write_text(whole_note)
    assert isinstance(safe.put_back(again), Restored)


def test_old_backups_go_and_only_those(database: Database, safe: Vault) -> None:
    oldest = safe.back_up(database, TODAY - timedelta(days=35, minutes=1)).folder
    younger = safe.back_up(database, TODAY - timedelta(days=34)).folder
    (safe.folder / "iets anders").mkdir()
    made = safe.back_up(database)
    assert (made.removed, oldest.exists(), younger.exists()) == (1, False, True)
    assert (safe.folder / "iets anders").is_dir()


def test_no_column_that_can_hold_content_is_copied_plainly(database: Database) -> None:
    with owner_connection(database) as owner:
        found = owner.execute(
            "SELECT table_name, column_name FROM information_schema.columns JOIN pg_tables p"
            "  ON p.schemaname = table_schema AND p.tablename = table_name"
            " WHERE table_schema = 'seinpost' AND (column_name IN ('text', 'excerpt', 'duiding', 'answer', 'link_hash',"
            "  'link') OR column_name LIKE '%box' OR column_name = 'wrapped_key'"
            "  OR (column_name = 'body' AND data_type IN ('bytea', 'text')))"
        ).fetchall()
    assert ("sightings", "text") in found
    plain = {(table, column) for table, column in found if table not in LEFT_OUT}
    assert plain == {(t, c) for t, columns in LEFT_EMPTY.items() for c in columns if c != "analysis"}


def test_a_table_that_the_owner_cannot_see_whole_stops_the_backup(database: Database, safe: Vault) -> None:
    with as_owner(database) as connection:
        connection.execute(text("DROP POLICY owner ON seinpost.outbox"))
    with pytest.raises(Exception, match="outbox"):
        safe.back_up(database)
    assert list(safe.folder.iterdir()) == []
