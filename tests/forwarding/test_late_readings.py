"""A place notice that no second reader looks at within half an hour: the team and the recipients are told, once."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import Engine

from forwarding.late_readings import look_once
from forwarding.referrals import WithdrawReason, prepare, withdraw
from pipeline.store.late_readings import late
from pipeline.store.referrals import signal_referrals
from tests.forwarding.town import BOOK, NOW, STATION, Town
from tests.people import assess

MINUTE = timedelta(minutes=1)
TOLD = ("coordinator.x", "wijkagent", "handhaving")


@pytest.fixture
def engine(town: Town) -> Iterator[Engine]:
    """The dispatcher's own log-in: what looks for late readings has no other."""
    made = town.database.engine_for("seinpost_dispatch")
    yield made
    made.dispose()


@pytest.fixture
def signal(town: Town) -> UUID:
    """One reader confirmed it as acute and told place and time."""
    made = town.add_signal(STATION, readers=1)
    with town.owner() as owner:
        owner.execute("UPDATE signals SET changed_at = %s", (NOW,))
    with town.expert() as connection:
        prepare(connection, made, [town.contacts[n] for n in TOLD], town.reader, NOW, place_notice=True, book=BOOK)
    return made


def status_notices(town: Town) -> int:
    with town.owner() as owner:
        row = owner.execute("SELECT count(*) FROM notices WHERE kind = 'status'").fetchone()
    assert row is not None
    return int(row[0])


def alarm(town: Town, now: datetime, user: UUID | None = None) -> list[UUID]:
    with town.expert(user) as connection:
        return [one.id for one in late(connection, now)]


def test_within_half_an_hour_nobody_is_alarmed(town: Town, engine: Engine, signal: UUID) -> None:
    assert look_once(engine, NOW + 29 * MINUTE) == 0
    assert status_notices(town) == 0
    assert alarm(town, NOW + 29 * MINUTE) == []


def test_after_half_an_hour_every_recipient_is_told_once_and_the_signal_stands_on_top(
    town: Town, engine: Engine, signal: UUID
) -> None:
    later = NOW + 31 * MINUTE
    assert look_once(engine, later) == len(TOLD)
    assert look_once(engine, later + MINUTE) == 0
    assert status_notices(town) == len(TOLD)
    assert alarm(town, later, town.second) == [signal]
    with town.owner() as owner:
        steps = owner.execute("SELECT step, user_id, detail ->> 'why' FROM signal_events").fetchall()
        lines = owner.execute("SELECT payload FROM trail WHERE payload LIKE '%second_reading_late%'").fetchall()
    assert ("escalate", None, "second_reader_late") in steps
    assert len(lines) == 1
    with town.expert() as connection:
        states = {sent.state.value for sent in signal_referrals(connection, signal)}
    assert states == {"prepared"}, "nothing is withdrawn by a machine"


def test_what_was_read_a_second_time_or_withdrawn_alarms_nobody(town: Town, engine: Engine, signal: UUID) -> None:
    read = town.add_signal(STATION, readers=1, text="een ander bericht")
    with town.expert() as connection:
        prepare(connection, read, [town.contacts["wijkagent"]], town.reader, NOW, place_notice=True, book=BOOK)
        withdraw(connection, signal, town.reader, NOW + MINUTE, WithdrawReason.OVER)
    assess(town.database, read, town.second, 2, level="acuut")
    with town.owner() as owner:
        owner.execute("UPDATE signals SET state = 'confirmed' WHERE id = %s", (read,))
    assert look_once(engine, NOW + 45 * MINUTE) == 0
    assert status_notices(town) == 0


def test_a_signal_that_is_being_judged_is_left_for_the_next_look(town: Town, engine: Engine, signal: UUID) -> None:
    later = NOW + 31 * MINUTE
    with town.owner() as judging, judging.transaction():
        judging.execute("SELECT 1 FROM signals WHERE id = %s FOR UPDATE", (signal,))
        assert look_once(engine, later) == 0
    assert look_once(engine, later) == len(TOLD)


def test_the_full_referral_is_told_after_the_alarm_too(town: Town, engine: Engine, signal: UUID) -> None:
    look_once(engine, NOW + 31 * MINUTE)
    assess(town.database, signal, town.second, 2, level="acuut")
    with town.owner() as owner:
        owner.execute("UPDATE assessments SET created_at = created_at - interval '5 minutes'")
        owner.execute("UPDATE signals SET state = 'confirmed', changed_at = %s", (NOW - timedelta(minutes=5),))
    with town.expert(town.second) as connection:
        prepare(connection, signal, [town.contacts[n] for n in TOLD], town.second, NOW + 40 * MINUTE, book=BOOK)
    assert status_notices(town) == 2 * len(TOLD)
    assert alarm(town, NOW + 41 * MINUTE) == []


def test_that_a_place_notice_went_out_is_hidden_from_who_can_still_read_blind(town: Town, signal: UUID) -> None:
    with town.expert() as connection:
        assert len(signal_referrals(connection, signal)) == len(TOLD)
    with town.expert(town.second) as connection:
        assert signal_referrals(connection, signal) == []
