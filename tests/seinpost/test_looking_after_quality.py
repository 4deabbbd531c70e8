"""`seinpost retention run` also looks after quality, with what the settings say."""

from datetime import timedelta
from pathlib import Path

from pipeline.store.connection import Database
from pipeline.store.unflagged import MOST_A_DAY
from seinpost import composition
from seinpost.cli.oversight import _look_after_quality
from seinpost.settings import Settings
from tests.database import owner_connection
from tests.people import add_user
from tests.pipeline.quality.numbers import uuids
from tests.road.invented import Maker, add_order, found_in


def test_a_rejection_is_drawn_a_card_is_placed_and_a_day_is_counted(database: Database, tmp_path: Path) -> None:
    reader, now = add_user(database, "anna", "expert"), composition.now()
    settings = Settings(data=tmp_path, golden_share=0.2)
    maker = Maker(composition.key_folder(settings).id_key(), add_order(database))
    with owner_connection(database) as owner:
        for n in range(10):
            found = found_in(maker.post(f"p{n}", f"ik ga je steken {n}"))
            signal = owner.execute(
                "INSERT INTO signals (id, lane, state, category, level, imminent, genre, lang, source, sightings,"
                " seen_at, changed_at) VALUES (gen_random_uuid(), 'ordinary', 'rejected', 'threat', 'concreet', false,"
                " 'chat', 'nl', 'export', 1, now(), %s) RETURNING id",
                (now - timedelta(minutes=5),),
            ).fetchone()
            assert signal is not None
            owner.execute(
                "INSERT INTO sightings (post_id, signal_id, event_id, revision, source, order_id, seen_at, text,"
                " analysis) VALUES (%s, %s, %s, 1, 'export', %s, now(), 'x', %s)",
                (found.post_id, signal[0], found.event_id, found.order_id, found.analysis.model_dump_json()),
            )
            owner.execute(
                "INSERT INTO assessments (signal_id, reading, user_id, police, verdict, reason, category, level,"
                " created_at) VALUES (%s, 1, %s, false, 'reject', 'old', 'threat', 'concreet', now())",
                (signal[0], reader),
            )
        owner.execute("INSERT INTO unflagged_days (day, taken) VALUES (current_date - 1, %s)", (MOST_A_DAY,))
        road = database.engine_for("seinpost_road")
        _look_after_quality(settings, road)
        road.dispose()
        waiting = owner.execute("SELECT count(*) FROM signals WHERE state = 'waiting_second'").fetchone()
        assert waiting == (10,), "the machine said concreet, the reader that it is old"
        assert owner.execute("SELECT count(*) FROM golden_cards").fetchone() == (1,)
        assert owner.execute("SELECT unflagged FROM unflagged_days").fetchone() == (0,)


def test_what_is_drawn_for_the_sample_follows_from_the_installations_own_key(tmp_path: Path) -> None:
    one, other = (Settings(data=tmp_path / name, unflagged_share=0.3) for name in ("een", "ander"))
    ids = uuids(300)
    first = {event for event in ids if composition.draws(one)(event)}
    assert 50 <= len(first) <= 130
    assert first == {event for event in ids if composition.draws(one)(event)}
    assert first != {event for event in ids if composition.draws(other)(event)}
