"""Second readings of rejections: which are drawn, that the second reader is blind, and that no text lives longer."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import ProgrammingError

from pipeline.key_folder import KeyFolder
from pipeline.quality import second_readings
from pipeline.quality.rules import SHIPPED, AgainstMachine, AtRandom, NearThreshold, Rejection, Rule, matched
from pipeline.quality.upkeep import look_after
from pipeline.retention import forget
from pipeline.store import quality
from pipeline.store.assessments import Judgement, Verdict, decide
from pipeline.store.case import case
from pipeline.store.connection import Database, acting
from pipeline.store.undo import offered, undo
from signals.label import Category, Genre, Level
from signals.post import Source
from signals.settings_version import DetectionSettings
from signals.signal import ConfirmReason, RejectReason, SignalState
from tests.database import owner_connection
from tests.people import NOW, add_user
from tests.pipeline.quality.numbers import uuids
from tests.review_ui.world import analysis_of

KEY = bytes(32)
DETECTION = DetectionSettings(threshold=0.5, category_thresholds={Category.DRUGS: 0.8}, gate_threshold=0.1)
ALL: tuple[Rule, ...] = (AtRandom(kind="random", share=1),)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
REJECT = Judgement(Verdict.REJECT, RejectReason.ART, Category.CONFRONTATION, Level.CONCREET)
CONFIRM = Judgement(Verdict.CONFIRM, ConfirmReason.DIRECTED, Category.CONFRONTATION, Level.CONCREET)


@dataclass
class Room:
    """A database with three readers, and rejections in it."""

    database: Database
    web: Engine
    road: Engine
    retention: Engine
    readers: dict[str, UUID] = field(default_factory=dict)

    def add(self, score: float = 0.9, level: Level = Level.CONCREET, source: str = "bluesky-post") -> UUID:
        signal = uuid4()
        analysis = analysis_of("qzkanarie", NOW, level, Category.CONFRONTATION, Genre.CHAT)
        with owner_connection(self.database) as owner:
            owner.execute(
                "INSERT INTO signals (id, lane, state, category, level, imminent, genre, lang, source, sightings,"
                " seen_at, queued_at, changed_at)"
                " VALUES (%s, 'ordinary', 'new', 'confrontation', %s, false, 'chat', 'nl', %s, 1, %s, %s, %s)",
                (signal, level.value, source, NOW, NOW, NOW),
            )
            owner.execute(
                "INSERT INTO sightings (post_id, signal_id, event_id, revision, source, seen_at, text, analysis)"
                " VALUES (%s, %s, %s, 1, %s, %s, 'qzkanarie', %s)",
                (uuid4(), signal, uuid4(), source, NOW, analysis.model_copy(update={"score": score}).model_dump_json()),
            )
        return signal

    def judge(self, who: str, signal: UUID, judgement: Judgement, after: timedelta, reading: int = 1) -> SignalState:
        with acting(self.web, self.readers[who], "seinpost_expert") as connection:
            return decide(connection, signal, self.readers[who], reading, judgement, NOW + after)

    def draw(self, after: timedelta, rules: tuple[Rule, ...] = ALL) -> int:
        return look_after(self.road, rules, KEY, DETECTION, NOW + after)["drawn"]

    def forget(self, after: timedelta, keys: Path) -> dict[str, int]:
        return forget(self.retention, self.road, KeyFolder(keys), NOW + after)

    def one(self, statement: str) -> object:
        with owner_connection(self.database) as owner:
            row = owner.execute(statement.encode()).fetchone()
        assert row is not None
        return row[0]


@pytest.fixture
def room(database: Database) -> Iterator[Room]:
    engines = [database.engine_for(role) for role in ("seinpost_web", "seinpost_road", "seinpost_retention")]
    made = Room(database, *engines)
    made.readers = {name: add_user(database, name, "expert") for name in ("anna", "bram", "cees")}
    yield made
    for engine in engines:
        engine.dispose()


def test_a_rejection_that_the_rules_want_waits_for_a_second_reader(room: Room) -> None:
    signal = room.add()
    assert room.judge("anna", signal, REJECT, MINUTE) is SignalState.REJECTED
    assert room.draw(2 * MINUTE) == 0, "the reader may still take it back"
    assert room.draw(4 * MINUTE) == 1
    assert room.draw(5 * MINUTE) == 0, "it is drawn once"
    assert room.one("SELECT state FROM signals") == "waiting_second"
    assert room.one("SELECT string_agg(step, ' ' ORDER BY id) FROM signal_events") == "reject read_again"


def test_two_who_reject_settle_it_and_two_who_differ_talk_about_it(room: Room) -> None:
    agreed, disputed = room.add(), room.add()
    for signal in (agreed, disputed):
        room.judge("anna", signal, REJECT, MINUTE)
    assert room.draw(4 * MINUTE) == 2
    assert room.judge("bram", agreed, REJECT, 9 * MINUTE, reading=2) is SignalState.REJECTED
    assert room.judge("bram", disputed, CONFIRM, 9 * MINUTE, reading=2) is SignalState.CASUSOVERLEG
    assert room.one("SELECT string_agg(outcome, ' ' ORDER BY outcome) FROM second_readings") == "agreed disagreed"
    assert room.judge("cees", disputed, CONFIRM, 20 * MINUTE, reading=3) is SignalState.CONFIRMED


def test_a_confirmed_signal_is_settled_as_before(room: Room) -> None:
    one, other = room.add(), room.add()
    for signal in (one, other):
        assert room.judge("anna", signal, CONFIRM, MINUTE) is SignalState.WAITING_SECOND
    assert room.judge("bram", one, CONFIRM, 2 * MINUTE, reading=2) is SignalState.CONFIRMED
    assert room.judge("bram", other, REJECT, 2 * MINUTE, reading=2) is SignalState.CASUSOVERLEG
    assert room.draw(9 * MINUTE) == 0


def test_the_second_reader_cannot_tell_a_rejection_from_a_confirmation(room: Room) -> None:
    rejected, confirmed = room.add(), room.add()
    room.judge("anna", rejected, REJECT, MINUTE)
    room.judge("anna", confirmed, CONFIRM, 4 * MINUTE)
    room.draw(4 * MINUTE)
    with acting(room.web, room.readers["bram"], "seinpost_expert") as connection:
        seen = [case(connection, signal, NOW + 5 * MINUTE) for signal in (rejected, confirmed)]
        for statement in ("SELECT * FROM seinpost.second_readings", "SELECT * FROM seinpost.first_eyes"):
            with pytest.raises(ProgrammingError, match="permission denied"), connection.begin_nested():
                connection.execute(text(statement))
    for one in seen:
        assert (one.state, one.readings, one.events) == (SignalState.WAITING_SECOND, (), ())
    with acting(room.web, room.readers["anna"], "seinpost_expert") as connection:
        own = case(connection, rejected, NOW + 5 * MINUTE)
    assert [reading.verdict for reading in own.readings] == ["reject"]
    assert [event.step for event in own.events] == ["reject", "read_again"]


def test_the_first_reader_does_not_read_it_again(room: Room) -> None:
    signal = room.add()
    room.judge("anna", signal, REJECT, MINUTE)
    room.draw(4 * MINUTE)
    with pytest.raises(Exception, match="you have read this signal"):
        room.judge("anna", signal, REJECT, 5 * MINUTE, reading=2)


def test_what_nobody_reads_again_in_time_is_rejected_as_before_and_its_text_goes_at_its_own_hour(
    room: Room, tmp_path: Path
) -> None:
    signal = room.add()
    room.judge("anna", signal, REJECT, MINUTE)
    room.draw(10 * HOUR)
    assert room.forget(24 * HOUR, tmp_path / "keys")["read_again"] == 0
    assert room.one("SELECT text FROM sightings") == "qzkanarie"
    gone = room.forget(24 * HOUR + 2 * MINUTE, tmp_path / "keys")
    assert (gone["read_again"], gone["rejected"]) == (1, 1)
    assert room.one("SELECT state FROM signals") == "rejected"
    assert room.one("SELECT outcome FROM second_readings") == "lapsed"
    assert room.one("SELECT count(*) FROM sightings WHERE text IS NOT NULL") == 0
    assert room.draw(24 * HOUR + 5 * MINUTE) == 0


def test_a_second_rejection_does_not_keep_the_text_a_day_longer(room: Room, tmp_path: Path) -> None:
    signal = room.add()
    room.judge("anna", signal, REJECT, MINUTE)
    room.draw(4 * MINUTE)
    room.judge("bram", signal, REJECT, 20 * HOUR, reading=2)
    room.forget(24 * HOUR + 2 * MINUTE, tmp_path / "keys")
    assert room.one("SELECT count(*) FROM sightings WHERE text IS NOT NULL") == 0


def test_what_is_discussed_keeps_its_text_until_it_is_decided(room: Room, tmp_path: Path) -> None:
    signal = room.add()
    room.judge("anna", signal, REJECT, MINUTE)
    room.draw(4 * MINUTE)
    room.judge("bram", signal, CONFIRM, HOUR, reading=2)
    room.forget(25 * HOUR, tmp_path / "keys")
    assert room.one("SELECT text FROM sightings") == "qzkanarie"


def test_what_is_gone_at_its_source_or_too_old_is_not_drawn(room: Room) -> None:
    gone, old = room.add(), room.add()
    room.judge("anna", gone, REJECT, 5 * HOUR)
    room.judge("anna", old, REJECT, MINUTE)
    with owner_connection(room.database) as owner:
        owner.execute("UPDATE signals SET source_removed_at = %s WHERE id = %s", (NOW, gone))
    assert room.draw(23 * HOUR + 2 * MINUTE) == 0


def test_a_second_judgement_that_is_taken_back_waits_for_yet_another_reader(room: Room) -> None:
    signal, bram = room.add(), room.readers["bram"]
    room.judge("anna", signal, REJECT, MINUTE)
    room.draw(4 * MINUTE)
    room.judge("bram", signal, REJECT, 9 * MINUTE, reading=2)
    now = NOW + 9 * MINUTE + MINUTE / 2
    with acting(room.web, bram, "seinpost_expert") as connection:
        mine = offered(connection, bram, now)
        assert mine is not None
        assert undo(connection, signal, mine.assessment, bram, now) is SignalState.WAITING_SECOND
    assert room.one("SELECT outcome IS NULL AND ended_at IS NULL FROM second_readings") is True
    assert room.judge("cees", signal, REJECT, 20 * MINUTE, reading=2) is SignalState.REJECTED
    assert room.one("SELECT outcome FROM second_readings") == "agreed"


def test_the_counts_are_for_who_reads_or_supervises_and_name_nobody(room: Room) -> None:
    signal = room.add()
    room.judge("anna", signal, REJECT, MINUTE)
    room.draw(4 * MINUTE)
    room.judge("bram", signal, REJECT, 9 * MINUTE, reading=2)
    fg, recipient = add_user(room.database, "fg", "fg"), add_user(room.database, "ontvanger", "recipient")
    for user, role, found in ((room.readers["cees"], "expert", 1), (fg, "supervisor", 1), (recipient, "supervisor", 0)):
        with acting(room.web, user, f"seinpost_{role}") as connection:
            drawn, pairs = quality.drawn(connection, NOW), quality.pairs(connection, NOW)
        assert (len(drawn), len(pairs)) == (found, found)
    assert pairs == []


def test_waiting_for_eyes_ends_when_somebody_takes_the_signal(room: Room) -> None:
    opened, waiting = room.add(), room.add(level=Level.ACUUT)
    room.judge("anna", opened, CONFIRM, 7 * MINUTE)
    room.judge("bram", opened, CONFIRM, 60 * MINUTE, reading=2)
    with acting(room.web, room.readers["cees"], "seinpost_expert") as connection:
        found = quality.waits(connection, NOW - HOUR, NOW + 90 * MINUTE)
    seen = {one.level: one for one in found}
    assert len(found) == 2
    assert seen[Level.CONCREET].opened_at == NOW + 7 * MINUTE
    assert seen[Level.ACUUT].opened_at is None
    assert seen[Level.ACUUT].until == NOW + 90 * MINUTE
    assert waiting


def rejection(**changes: object) -> Rejection:
    base = Rejection(uuids(1)[0], Source.BLUESKY_POST, Level.CONCREET, 0.3, RejectReason.ART)
    return Rejection(**{**base.__dict__, **changes})  # type: ignore[arg-type]


def test_each_rule_looks_at_one_thing() -> None:
    near = (NearThreshold(kind="near_threshold", within=0.02),)
    against = (AgainstMachine(kind="against_machine", levels=(Level.ACUUT,), reasons=(RejectReason.OLD,)),)
    assert matched(near, rejection(above_threshold=0.01), KEY) == ("near_threshold", False)
    assert matched(near, rejection(above_threshold=0.03), KEY) == (None, False)
    assert matched(near, rejection(above_threshold=0.01, source=Source.TIP), KEY) == (None, False)
    assert matched(against, rejection(level=Level.ACUUT, reason=RejectReason.OLD), KEY) == ("against_machine", False)
    assert matched(against, rejection(level=Level.ACUUT), KEY) == (None, False)
    assert matched(against, rejection(reason=RejectReason.OLD), KEY) == (None, False)
    assert matched((*near, *ALL), rejection(above_threshold=0.01), KEY) == ("near_threshold", True)
    assert matched((), rejection(), KEY) == (None, False)


def test_the_shipped_rules_draw_one_in_twenty_of_what_is_plain() -> None:
    plain = [rejection(signal_id=one) for one in uuids(4000)]
    drawn = [matched(SHIPPED, one, KEY) for one in plain]
    assert 150 <= sum(kind == "random" for kind, _ in drawn) <= 250
    assert all(by_chance == (kind == "random") for kind, by_chance in drawn)


def test_the_threshold_is_that_of_the_category(room: Room) -> None:
    signal = room.add(score=0.81)
    with owner_connection(room.database) as owner:
        owner.execute('UPDATE sightings SET analysis = analysis || \'{"category": "drugs"}\'')
    room.judge("anna", signal, REJECT, MINUTE)
    assert room.draw(4 * MINUTE, (NearThreshold(kind="near_threshold", within=0.02),)) == 1


def test_the_rules_ask_what_was_found_in_the_signals_own_words(room: Room) -> None:
    signal = room.add(score=0.9)
    with owner_connection(room.database) as owner:
        owner.execute(
            "INSERT INTO sightings (post_id, signal_id, event_id, revision, source, seen_at, text, analysis,"
            " own_signal) SELECT gen_random_uuid(), signal_id, gen_random_uuid(), 2, source, seen_at, text,"
            "        analysis || '{\"score\": 0.51}', gen_random_uuid() FROM sightings"
        )
    room.judge("anna", signal, REJECT, MINUTE)
    assert room.draw(4 * MINUTE, (NearThreshold(kind="near_threshold", within=0.02),)) == 0


def test_what_grows_is_found_by_an_index(room: Room) -> None:
    values = {"oldest": "now() - interval '2 hours'", "youngest": "now()", "most": "100"}
    candidates = second_readings._CANDIDATES.text
    for key, value in values.items():
        candidates = candidates.replace(f":{key}", value)
    wanted = {
        candidates: "signals_rejected",
        f"SELECT 1 FROM assessments b WHERE b.reading = 2 AND b.created_at > {values['oldest']}": "assessments_second",
        f"SELECT 1 FROM first_eyes e WHERE e.queued_at > {values['oldest']}": "first_eyes_queued",
    }
    with owner_connection(room.database) as owner:
        owner.execute(
            "INSERT INTO signals (id, lane, state, category, level, imminent, genre, lang, source, seen_at, queued_at,"
            " changed_at) SELECT gen_random_uuid(), 'ordinary', 'rejected', 'threat', 'concreet', false, 'chat', 'nl',"
            " 'export', now(), now() - n * interval '1 minute', now() - n * interval '1 minute'"
            "  FROM generate_series(1, 8000) n"
        )
        owner.execute("ALTER TABLE assessments DISABLE TRIGGER assessment_independent")  # asked for each row: slow
        owner.execute(
            "INSERT INTO assessments"
            " (signal_id, reading, user_id, police, verdict, reason, category, level, created_at)"
            " SELECT s.id, r.reading, r.user_id, false, 'reject', 'art', 'threat', 'concreet', s.changed_at"
            "   FROM signals s, (VALUES (1, %s::uuid), (2, %s::uuid)) AS r (reading, user_id)",
            (room.readers["anna"], room.readers["bram"]),
        )
        owner.execute("INSERT INTO first_eyes SELECT id, 'concreet', queued_at, changed_at FROM signals")
        owner.execute("ANALYZE signals, assessments, first_eyes")
        for statement, index in wanted.items():
            plan = "\n".join(row[0] for row in owner.execute(f"EXPLAIN {statement}".encode()))
            assert index in plan, plan
