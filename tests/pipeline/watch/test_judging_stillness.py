"""When a consumer counts as stuck, case by case, on a clock of the test's own."""

from dataclasses import dataclass

import pytest

from pipeline.kafka.messages import Place
from pipeline.watch.progress import Progress
from pipeline.watch.stuck import PATIENCE, Stillness

HERE, THERE = Place("seinpost.posts.v1", 0), Place("seinpost.posts.v1", 1)
N = 10.0


@dataclass
class Time:
    """Seconds that pass when the test says so."""

    now: float = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def progress(time: Time) -> Progress:
    """A consumer that stands at offset 5 of one partition."""
    made = Progress(time)
    made.stands_at({HERE: 5})
    return made


def _stuck(stillness: Stillness, progress: Progress, time: Time, **ends: int) -> list[Place]:
    places = {HERE: ends.get("here", 5), THERE: ends.get("there", 0)}
    snapshot = progress.snapshot()
    return stillness.stuck(snapshot, stillness.lags(snapshot, places, time.now), time.now)


def _empty_polls(progress: Progress, time: Time, seconds: float) -> None:
    for _ in range(int(seconds)):
        time.now += 1
        progress.nothing_came()


def test_without_lag_a_quiet_night_is_no_standstill(progress: Progress, time: Time) -> None:
    stillness = Stillness(N)
    _empty_polls(progress, time, 100 * N)
    assert _stuck(stillness, progress, time) == []


def test_records_after_a_quiet_night_get_their_full_time(progress: Progress, time: Time) -> None:
    stillness = Stillness(N)
    _empty_polls(progress, time, 100 * N)
    assert _stuck(stillness, progress, time, here=9) == []
    _empty_polls(progress, time, N - 1)
    assert _stuck(stillness, progress, time, here=9) == []
    _empty_polls(progress, time, 1)
    assert _stuck(stillness, progress, time, here=9) == [HERE]


def test_movement_starts_the_time_anew(progress: Progress, time: Time) -> None:
    stillness = Stillness(N)
    for end in range(6, 200):
        _stuck(stillness, progress, time, here=end)
        _empty_polls(progress, time, N - 1)
        progress.handled({HERE: end - 1}, committed=True)
        assert _stuck(stillness, progress, time, here=end) == []


def test_work_that_takes_long_is_no_reason(progress: Progress, time: Time) -> None:
    stillness = Stillness(N)
    progress.came({HERE: 5})
    _stuck(stillness, progress, time, here=50)
    time.now += 100 * N
    assert _stuck(stillness, progress, time, here=50) == []


def test_a_broker_that_does_not_answer_is_no_reason(progress: Progress, time: Time) -> None:
    stillness = Stillness(N)
    _stuck(stillness, progress, time, here=50)
    _empty_polls(progress, time, N - 1)
    progress.no_answer()
    _empty_polls(progress, time, N - 1)
    assert _stuck(stillness, progress, time, here=50) == []


def test_one_partition_may_wait_while_others_are_emptied_but_not_for_ever(progress: Progress, time: Time) -> None:
    stillness = Stillness(N)
    progress.stands_at({THERE: 0})
    for offset in range(int(PATIENCE * N) - 1):
        progress.came({THERE: offset})
        time.now += 1
        progress.handled({THERE: offset + 1}, committed=True)
        assert _stuck(stillness, progress, time, here=9, there=10_000) == []
    time.now += 2
    assert _stuck(stillness, progress, time, here=9, there=10_000) == [HERE]


def test_batches_that_are_never_committed_are_no_movement(progress: Progress, time: Time) -> None:
    stillness = Stillness(N)
    for _ in range(int(PATIENCE * N) + 2):
        progress.came({HERE: 5})
        time.now += 1
        progress.handled({HERE: 9}, committed=False)
        found = _stuck(stillness, progress, time, here=9)
    assert found == [HERE]


def test_a_partition_that_went_to_another_worker_is_forgotten(progress: Progress, time: Time) -> None:
    stillness = Stillness(N)
    _stuck(stillness, progress, time, here=50)
    _empty_polls(progress, time, 5 * N)
    progress.keeps([THERE])
    assert _stuck(stillness, progress, time, here=50) == []


def test_joining_anew_counts_until_something_moves(progress: Progress) -> None:
    progress.wish_anew()
    progress.joined_anew()
    progress.joined_anew()
    assert (progress.fruitless, progress.wished_anew, dict(progress.snapshot().standings)) == (2, False, {})
    progress.handled({HERE: 6}, committed=True)
    assert progress.fruitless == 0
