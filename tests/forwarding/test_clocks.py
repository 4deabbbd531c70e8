"""Answer clocks: a reminder, a next contact proposed, an alarm; each once, by the level's own time."""

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import Engine, text

from forwarding import clocks
from forwarding.answer_terms import SHIPPED, Term, Unit, Wait, moments, term_of
from forwarding.referrals import WithdrawReason, called, withdraw
from pipeline.store import closing, portal, waiting
from pipeline.store.answer_clocks import Stage, WaitsFor
from review_ui.staffing import StaffedHours, staffed_hours
from signals.label import Level
from signals.referral import Feedback, RecipientKind
from signals.signal import Outcome
from tests.forwarding.test_referrals import send, stored
from tests.forwarding.town import NOW, STATION, Town

HOURS = StaffedHours()
NEVER = staffed_hours("never")


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment of November 2026 in Amsterdam; the 23rd is a Monday."""
    return datetime(2026, 11, day, hour - 1, minute, tzinfo=UTC)


def minutes(amount: int) -> timedelta:
    return timedelta(minutes=amount)


@pytest.fixture
def dispatch(town: Town) -> Iterator[Engine]:
    """The role that sweeps."""
    engine = town.database.engine_for("seinpost_dispatch")
    yield engine
    engine.dispose()


def _broken_clock() -> datetime:
    raise ZeroDivisionError


def sent(town: Town, *names: str, level: str = "acuut") -> tuple[UUID, list[UUID]]:
    signal = town.add_signal(STATION, level=level)
    return signal, send(town, signal, *(names or ("coordinator.x",)))


def told(town: Town) -> None:
    """What is on its way has left, as the dispatcher would have it."""
    with town.owner() as owner:
        owner.execute("UPDATE notices SET state = 'sent', sent_at = %s WHERE state = 'waiting'", (NOW,))


def steps(town: Town) -> list[str]:
    """What the sweep did, in order."""
    rows = stored(town, "SELECT detail FROM referral_events WHERE user_id IS NULL ORDER BY id")
    return [next(iter(detail)) for (detail,) in rows]  # type: ignore[call-overload]


def open_clocks(town: Town) -> list[tuple[object, ...]]:
    return stored(town, "SELECT waits_for, stage FROM answer_clocks WHERE ended_at IS NULL ORDER BY id")


def answered(town: Town, referral: UUID, name: str = "coordinator.x", at: datetime = NOW) -> None:
    with town.recipient(name, RecipientKind.SCHOOL) as connection:
        portal.mark_read(connection, referral, at)
        portal.acknowledge(connection, referral, at)


@pytest.mark.parametrize(
    ("level", "began", "remind", "alarm"),
    [
        (Level.ACUUT, at(28, 23, 0), at(28, 23, 5), at(28, 23, 15)),  # Saturday night: nobody's opening hours count
        (Level.CONCREET, at(23, 13, 0), at(23, 14, 0), at(23, 15, 0)),
        (Level.CONCREET, at(27, 17, 30), at(30, 8, 30), at(30, 9, 30)),  # over a weekend
        (Level.AANDACHT, at(23, 9, 0), at(23, 13, 0), at(23, 18, 0)),
        (Level.AANDACHT, at(23, 17, 50), at(23, 18, 0), at(23, 18, 0)),  # no reminder after the alarm
        (Level.AANDACHT, at(28, 12, 0), at(30, 12, 0), at(30, 18, 0)),
    ],
)
def test_each_level_has_its_own_time(level: Level, began: datetime, remind: datetime, alarm: datetime) -> None:
    found = dict(moments(term_of(SHIPPED, WaitsFor.ACKNOWLEDGEMENT, level), began, HOURS))
    assert (found[Stage.REMINDED], found[Stage.ALARM]) == (remind, alarm)
    assert remind <= found[Stage.NEXT_CONTACT] <= alarm


def test_feedback_is_asked_for_after_three_working_days_and_late_after_five() -> None:
    for level in Level:
        found = moments(term_of(SHIPPED, WaitsFor.FEEDBACK, level), at(19, 10), HOURS)
        assert found == ((Stage.REMINDED, at(24, 18)), (Stage.ALARM, at(26, 18))), "a weekend lies between"


def test_a_house_that_is_never_staffed_still_hears_the_alarm() -> None:
    found = dict(moments(term_of(SHIPPED, WaitsFor.ACKNOWLEDGEMENT, Level.CONCREET), at(23, 13), NEVER))
    assert found[Stage.ALARM] == at(23, 15)
    found = dict(moments(term_of(SHIPPED, WaitsFor.FEEDBACK, Level.CONCREET), at(23, 13), NEVER))
    assert found[Stage.ALARM] <= at(29, 13)


def test_an_installation_sets_its_own_times_and_what_it_leaves_out_stays() -> None:
    minute = Wait(amount=1, unit=Unit.MINUTES)
    own = (Term(waits_for=WaitsFor.ACKNOWLEDGEMENT, level=Level.ACUUT, remind=minute, alarm=minute),)
    assert term_of(own, WaitsFor.ACKNOWLEDGEMENT, Level.ACUUT).alarm == minute
    assert term_of(own, WaitsFor.ACKNOWLEDGEMENT, Level.CONCREET) in SHIPPED
    assert term_of(own, WaitsFor.FEEDBACK, Level.ACUUT) in SHIPPED


def test_reminder_then_a_next_contact_then_the_alarm_each_once(town: Town, dispatch: Engine) -> None:
    sent(town)
    told(town)
    assert open_clocks(town) == [("acknowledgement", "fresh")]
    expected: list[str] = []
    for after, step in ((0, ""), (4, ""), (5, "reminded"), (9, ""), (10, "next_contact"), (15, "alarm"), (60, "")):
        expected += [step] if step else []
        for _ in range(2):  # a second sweep at the same moment changes nothing
            clocks.sweep(dispatch, HOURS, NOW + minutes(after))
            assert steps(town) == expected
    assert stored(town, "SELECT kind, state FROM notices ORDER BY next_try_at") == [
        ("new", "sent"),
        ("reminder", "waiting"),
    ]
    with town.owner() as owner:
        actions = [row[0] for row in owner.execute("SELECT payload::jsonb->>3 FROM trail ORDER BY seq").fetchall()]
    assert actions == ["referral_prepared", "referral_reminded", "referral_next_contact", "referral_alarm"]
    with town.expert() as connection:
        assert [row.alarm for row in waiting.waiting(connection)] == [True]
        assert waiting.pressing(connection, NOW) == waiting.Pressing(1, 0)


def test_a_sweep_that_comes_late_takes_every_step_once(town: Town, dispatch: Engine) -> None:
    sent(town)
    assert clocks.sweep(dispatch, HOURS, NOW + minutes(90)) == 3
    assert clocks.sweep(dispatch, HOURS, NOW + minutes(91)) == 0
    assert steps(town) == ["reminded", "next_contact", "alarm"]


def test_after_a_stop_nobody_is_reminded_of_what_is_only_now_told_and_the_team_hears_of_all_at_once(
    town: Town, dispatch: Engine
) -> None:
    """The process that tells and the one that watches are the same one: after an hour's stop both have all to do."""
    for number in range(7):
        sent(town, "coordinator.x" if number else "coordinator.y")
    with town.owner() as listener:
        listener.autocommit = True
        listener.execute("LISTEN seinpost_queue")
        assert clocks.sweep(dispatch, HOURS, NOW + minutes(60)) == 21, "every late step is taken and on its referral"
        rings = list(listener.notifies(timeout=1, stop_after=2))
    assert len(rings) == 1
    assert steps(town) == ["reminded", "next_contact", "alarm"] * 7
    assert stored(town, "SELECT kind, count(*) FROM notices GROUP BY kind") == [("new", 7)]
    with town.expert() as connection:
        assert waiting.pressing(connection, NOW) == waiting.Pressing(7, 0)
        assert [row.alarm for row in waiting.waiting(connection)] == [True] * 7


def test_a_noted_call_stops_the_alarm_and_the_reminder(town: Town, dispatch: Engine) -> None:
    _, (first, second) = sent(town, "coordinator.x", "coordinator.y")
    with town.expert() as connection:
        called(connection, first, town.reader, NOW + minutes(1))
    clocks.sweep(dispatch, HOURS, NOW + minutes(60))
    rows = stored(town, "SELECT referral_id, stage FROM answer_clocks WHERE ended_at IS NULL")
    assert dict(rows) == {first: "called", second: "alarm"}  # type: ignore[arg-type]
    with town.expert() as connection:
        called(connection, second, town.reader, NOW + minutes(61))
        assert waiting.pressing(connection, NOW).alarms == 0


def test_acknowledging_ends_one_clock_and_starts_the_one_for_feedback(town: Town, dispatch: Engine) -> None:
    _, (referral,) = sent(town)
    answered(town, referral)
    assert open_clocks(town) == [("feedback", "fresh")]
    clocks.sweep(dispatch, HOURS, NOW + minutes(60))
    assert steps(town) == []
    clocks.sweep(dispatch, HOURS, NOW + timedelta(days=3, hours=6))
    assert steps(town) == ["reminded"]
    with town.recipient("coordinator.x", RecipientKind.SCHOOL) as connection:
        portal.feed_back(connection, referral, Feedback.NOTHING_FOUND, NOW)
    clocks.sweep(dispatch, HOURS, NOW + timedelta(days=20))
    assert steps(town) == ["reminded"]
    assert open_clocks(town) == []


def test_a_withdrawal_asks_each_recipient_to_see_it_and_reminds_of_nothing_else(town: Town, dispatch: Engine) -> None:
    signal, (first, second) = sent(town, "coordinator.x", "coordinator.y")
    answered(town, first)
    with town.expert() as connection:
        withdraw(connection, signal, town.reader, NOW, WithdrawReason.FALSE_SIGNAL)
    told(town)
    assert open_clocks(town) == [("seen", "fresh")] * 2
    with town.recipient("coordinator.x", RecipientKind.SCHOOL) as connection:
        portal.see(connection, first, NOW)
        portal.see(connection, first, NOW)
        shown = portal.received_one(connection, RecipientKind.SCHOOL, first)
    assert shown is not None
    assert shown.seeing is portal.Seeing.SEEN
    clocks.sweep(dispatch, HOURS, NOW + minutes(20))
    with town.expert() as connection:
        (row,) = waiting.of_signal(connection, signal)
    assert (row.referral_id, row.waits_for, row.alarm) == (second, WaitsFor.SEEN, True)
    # The reminder of a withdrawal is the withdrawal told again: it names no place and no time.
    kinds = stored(town, "SELECT kind FROM notices WHERE referral_id = %s ORDER BY kind", second)
    assert kinds == [("new",), ("withdrawn",), ("withdrawn",)]
    with town.recipient("coordinator.y", RecipientKind.SCHOOL) as connection, pytest.raises(portal.NoSuchReferral):
        portal.see(connection, first, NOW)


def test_closing_a_signal_ends_what_still_waits(town: Town, dispatch: Engine) -> None:
    signal, _ = sent(town)
    with town.expert() as connection:
        closing.close(connection, signal, town.reader, Outcome.PREVENTED, NOW)
    clocks.sweep(dispatch, HOURS, NOW + minutes(60))
    assert steps(town) == []
    assert stored(town, "SELECT ended_by FROM answer_clocks") == [("closed",)]


def test_what_can_no_longer_be_seen_waits_no_more(town: Town, dispatch: Engine) -> None:
    sent(town)
    assert clocks.sweep(dispatch, HOURS, NOW + timedelta(days=28)) == 0
    assert stored(town, "SELECT ended_by FROM answer_clocks") == [("expired",)]


def many_sent(town: Town, number: int) -> None:
    """Referrals of one signal, as `prepare` would leave them."""
    signal = town.add_signal(STATION)
    names = [f"school{one}" for one in range(number)]
    for name in names:
        town.add_contact(name, RecipientKind.SCHOOL, (STATION,), portal=False)
    with town.owner() as owner:  # many at once, as `prepare` would leave them
        owner.execute(
            "INSERT INTO referrals (signal_id, contact_id, kind, agreement_id, why, prepared_by, prepared_at,"
            " expires_at) SELECT %s, c.id, 'school', a.id, 'proef', %s, %s, %s FROM contacts c"
            "   JOIN agreements a ON a.organisation_id = c.organisation_id WHERE c.display_name LIKE 'school%%'",
            (signal, town.reader, NOW, NOW + timedelta(days=28)),
        )
        owner.execute(
            "INSERT INTO referral_events (referral_id, at, to_state, user_id)"
            " SELECT id, %s, 'prepared', %s FROM referrals",
            (NOW, town.reader),
        )


def test_sweeps_at_the_same_time_and_one_that_breaks_remind_exactly_once(
    town: Town, dispatch: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    many_sent(town, 40)
    monkeypatch.setattr(clocks.answer_clocks, "MOST_AT_ONCE", 7)
    written, real = iter(range(1000)), clocks.trail.append

    def breaks(*arguments: object) -> None:
        if next(written) == 9:
            raise RuntimeError("as if it were killed here")
        real(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(clocks.trail, "append", breaks)
    with pytest.raises(RuntimeError):
        clocks.sweep(dispatch, HOURS, NOW + minutes(5))
    threads = [threading.Thread(target=clocks.sweep, args=(dispatch, HOURS, NOW + minutes(5))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    clocks.sweep(dispatch, HOURS, NOW + minutes(5))
    assert stored(town, "SELECT count(*), count(DISTINCT referral_id) FROM notices WHERE kind = 'reminder'") == [
        (40, 40)
    ]
    assert steps(town) == ["reminded"] * 40


@pytest.mark.soak
def test_a_sweep_that_is_killed_takes_every_step_of_every_clock_exactly_once(town: Town) -> None:
    many_sent(town, 150)
    for goal in (20, 120, 220):
        process = start(town)
        while len(steps(town)) < goal and process.poll() is None:
            time.sleep(0.001)
        process.kill()
        process.wait()
        assert len(steps(town)) < 450, "every kill must fall while clocks are due"
    process, limit = start(town), time.monotonic() + 60
    while len(steps(town)) < 450 and time.monotonic() < limit:
        time.sleep(0.05)
    process.kill()
    process.wait()
    found = stored(
        town,
        "SELECT count(*) FILTER (WHERE detail ? 'reminded'), count(*) FILTER (WHERE detail ? 'next_contact'),"
        " count(*) FILTER (WHERE detail ? 'alarm'), count(*) FROM referral_events WHERE user_id IS NULL",
    )
    assert found == [(150, 150, 150, 450)]
    assert stored(town, "SELECT count(*), count(DISTINCT referral_id) FROM notices") == [(150, 150)]


def start(town: Town) -> subprocess.Popen[str]:
    """The sweep in a process of its own."""
    role = "seinpost_dispatch"
    url = town.database.url.set(username=role, password=town.database.password(role))
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.forwarding.clock_process"], stdin=subprocess.PIPE, text=True
    )
    assert process.stdin is not None
    process.stdin.write(url.render_as_string(hide_password=False) + "\n")
    process.stdin.close()
    return process


def test_it_runs_beside_the_dispatcher_and_does_not_end_unseen(town: Town, dispatch: Engine) -> None:
    sent(town)
    limit = time.monotonic() + 20
    with clocks.sweeping(dispatch, HOURS, lambda: NOW + minutes(6), threading.Event()):
        while steps(town) != ["reminded"] and time.monotonic() < limit:
            time.sleep(0.05)
    assert steps(town) == ["reminded"]
    stop = threading.Event()
    with pytest.raises(ZeroDivisionError), clocks.sweeping(dispatch, HOURS, _broken_clock, stop):
        assert stop.wait(20), "an error of the sweep ends what runs beside it"


def test_the_sweep_and_the_list_read_open_clocks_only(town: Town, dispatch: Engine) -> None:
    _, (referral,) = sent(town)
    with town.owner() as owner:
        owner.execute(
            "INSERT INTO answer_clocks (referral_id, waits_for, level, started_at, ended_at, ended_by)"
            " SELECT %s, 'seen', 'acuut', now() - n * interval '1 minute', now(), 'answered'"
            "   FROM generate_series(1, 20000) n",
            (referral,),
        )
        owner.execute("ANALYZE answer_clocks")
    with dispatch.begin() as connection:
        plan = "\n".join(
            connection.execute(text(f"EXPLAIN {clocks.answer_clocks._DUE.text}"), {"now": NOW, "most": 100}).scalars()
        )
    assert "answer_clocks_due" in plan, plan
    with town.expert() as connection:
        plan = "\n".join(connection.execute(text(f"EXPLAIN {waiting._ALL.text}"), {"longest": 200}).scalars())
    assert "Seq Scan on answer_clocks" not in plan, plan


def test_no_role_but_the_sweep_moves_a_clock(town: Town) -> None:
    sent(town)
    with town.expert() as connection:
        for statement in ("UPDATE seinpost.answer_clocks SET stage = 'called'", "DELETE FROM seinpost.answer_clocks"):
            with pytest.raises(Exception, match="permission denied"), connection.begin_nested():
                connection.execute(text(statement))
    with (
        town.recipient("coordinator.x", RecipientKind.SCHOOL) as connection,
        pytest.raises(Exception, match="permission denied"),
    ):
        connection.execute(text("SELECT * FROM seinpost.answer_clocks"))
