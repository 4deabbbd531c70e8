"""The measures give what the literature gives: alpha, Wilson's interval, waiting times and the recall of a sample."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.evaluate.proportions import wilson
from pipeline.quality.agreement import agreement, alpha_of
from pipeline.quality.chance import chance_of
from pipeline.quality.recall import SampledDay, missed
from pipeline.quality.waiting_time import Wait, quantile, seen_within, survival
from tests.pipeline.quality.numbers import uuids


def units(*readers: str) -> list[list[str | None]]:
    """One string a reader; a dot is a unit that this reader did not label."""
    return [[None if label == "." else label for label in unit] for unit in zip(*readers, strict=True)]


# Krippendorff, Computing Krippendorff's Alpha-Reliability (2011): his examples A, B and C.
TWO_READERS_YES_NO = units("0100000010", "1110010000")
TWO_READERS_FIVE_LABELS = units("aabbdcccedda", "babbbccceddd")
FOUR_READERS_SOME_MISSING = units("123321412...", "1233224125.3", ".3332342251.", "12332441251.")


@pytest.mark.parametrize(
    ("labelled", "published"),
    [(TWO_READERS_YES_NO, 0.095), (TWO_READERS_FIVE_LABELS, 0.692), (FOUR_READERS_SOME_MISSING, 0.743)],
)
def test_alpha_is_that_of_the_published_examples(labelled: list[list[str | None]], published: float) -> None:
    found = alpha_of(labelled)
    assert found is not None
    assert round(found, 3) == published


def test_alpha_is_one_when_all_agree_and_says_nothing_when_all_say_the_same() -> None:
    assert alpha_of(units("abab", "abab")) == 1
    assert alpha_of(units("aaaa", "aaaa")) is None
    assert alpha_of(units("ab..", "..ab")) is None
    assert alpha_of([]) is None


@given(st.lists(st.tuples(*[st.sampled_from(["a", "b", "c", None])] * 2), min_size=2, max_size=40))
@settings(max_examples=60, deadline=None)
def test_alpha_is_the_definition_worked_out_pair_by_pair(labelled: list[tuple[str | None, str | None]]) -> None:
    found = alpha_of(labelled)
    values = [label for unit in labelled if None not in unit for label in unit]
    pairs = [unit for unit in labelled if None not in unit]
    expected = sum(a != b for i, a in enumerate(values) for j, b in enumerate(values) if i != j)
    if not expected:
        assert found is None
        return
    apart = sum(a != b for a, b in pairs) / len(pairs)
    by_chance = expected / (len(values) * (len(values) - 1))
    assert found == pytest.approx(1 - apart / by_chance)


def test_the_interval_of_alpha_holds_it_and_is_the_same_for_the_same_chance() -> None:
    patterns = {("a", "a"): 40, ("b", "b"): 30, ("a", "b"): 8, ("b", "a"): 5}
    found = agreement(patterns, np.random.default_rng(1))
    assert found == agreement(patterns, np.random.default_rng(1))
    assert found.alpha is not None
    assert found.low is not None
    assert found.high is not None
    assert found.low < found.alpha < found.high
    assert found.units == 83
    wider = agreement({pattern: n // 4 for pattern, n in patterns.items()}, np.random.default_rng(1))
    assert wider.high is not None
    assert wider.low is not None
    assert wider.high - wider.low > found.high - found.low


def test_the_interval_of_alpha_holds_the_true_value_about_95_times_in_100() -> None:
    random = np.random.default_rng(3)
    truth = {("a", "a"): 0.5, ("b", "b"): 0.3, ("a", "b"): 0.1, ("b", "a"): 0.1}
    true_alpha = 1 - 0.2 / (2 * 0.6 * 0.4)
    held = 0
    for _ in range(120):
        drawn = random.multinomial(150, list(truth.values()))
        found = agreement(dict(zip(truth, map(int, drawn), strict=True)), random)
        held += found.low is not None and found.high is not None and found.low <= true_alpha <= found.high
    assert 107 <= held <= 120


def test_wilsons_interval_is_the_published_one() -> None:
    # Newcombe 1998, Stat. Med. 17:857-872, table I, method 3: 81/263, 15/148, 0/20, 1/29.
    for hits, of, low, high in ((81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611)):
        found = wilson(hits, of)
        assert found is not None
        assert (round(found.low, 4), round(found.high, 4)) == (low, high)
    assert wilson(0, 0) is None


def test_a_waiting_time_without_anything_still_waiting_is_the_plain_quantile() -> None:
    waits = [Wait(minutes, True) for minutes in range(1, 101)]
    assert quantile(survival(waits), 0.5).minutes == 50
    assert quantile(survival(waits), 0.9).minutes == 90
    found = quantile(survival(waits), 0.5)
    assert found.low is not None
    assert found.high is not None
    assert 38 <= found.low < 50 < found.high <= 62  # the binomial interval of the median of 100 is 40 to 60
    assert seen_within(survival(waits), 30) == pytest.approx(0.3)


def test_what_still_waits_makes_the_time_longer_and_never_shorter() -> None:
    # Kaplan and Meier's own example (1958, section 1): 1.0, 2.0+, 3.0, 5.4+ and so on, in a form small enough to check.
    waits = [Wait(1, True), Wait(2, False), Wait(3, True), Wait(5, False), Wait(8, True), Wait(9, False)]
    assert seen_within(survival(waits), 1) == pytest.approx(1 / 6)
    assert seen_within(survival(waits), 3) == pytest.approx(1 - 5 / 6 * 3 / 4)
    assert seen_within(survival(waits), 8) == pytest.approx(1 - 5 / 6 * 3 / 4 * 1 / 2)
    assert seen_within(survival(waits), 60) is None, "nobody watched for an hour, and one still waits"
    assert seen_within(survival([Wait(1, True)]), 60) == 1
    assert quantile(survival(waits), 0.5).minutes == 8
    assert quantile(survival(waits), 0.9).minutes is None, "nobody knows how long the last ones wait"


def test_no_waits_have_no_time() -> None:
    assert quantile(survival([]), 0.5).minutes is None
    assert quantile(survival([Wait(5, False)]), 0.5).minutes is None


def test_recall_follows_from_what_a_sample_of_the_rest_holds() -> None:
    found = missed([SampledDay(unflagged=10_000, read=20, actionable=1), SampledDay(20_000, 20, 0)], found=300)
    assert found is not None
    assert found.share.value == pytest.approx((10_000 * 1 / 20) / 30_000)
    assert found.recall is not None
    assert found.recall.value == pytest.approx(300 / (300 + 500))
    assert found.recall.low < found.recall.value < found.recall.high
    assert found.recall.of == 40


def test_a_sample_without_anything_missed_still_leaves_room_for_doubt() -> None:
    found = missed([SampledDay(5000, 20, 0)] * 28, found=100)
    assert found is not None
    assert found.recall is not None
    assert (found.recall.value, found.recall.high) == (1, 1)
    assert found.recall.low < 0.2, "560 posts read of 140,000 cannot promise more"
    assert missed([SampledDay(5000, 0, 0)], found=100) is None
    without_finds = missed([SampledDay(5000, 20, 0)], found=0)
    assert without_finds is not None
    assert without_finds.recall is None


def test_days_of_unlike_size_count_for_less_than_their_number() -> None:
    even = missed([SampledDay(1000, 10, 1)] * 10, found=10)
    uneven = missed([SampledDay(100, 10, 1)] * 9 + [SampledDay(9100, 10, 1)], found=10)
    assert even is not None
    assert uneven is not None
    assert even.share.value == pytest.approx(uneven.share.value)
    assert uneven.share.high - uneven.share.low > 1.5 * (even.share.high - even.share.low)


def test_the_intervals_hold_the_true_recall_of_invented_streams() -> None:
    random = np.random.default_rng(7)
    held = 0
    for _ in range(200):
        sizes = random.integers(800, 3000, size=28)
        lost = random.binomial(sizes, 0.02)
        days = [
            SampledDay(int(n), 20, int(random.hypergeometric(m, n - m, 20))) for n, m in zip(sizes, lost, strict=True)
        ]
        found = missed(days, found=2000)
        true = 2000 / (2000 + lost.sum())
        held += found is not None and found.recall is not None and found.recall.low <= true <= found.recall.high
    assert held >= 180


def test_chance_is_even_follows_from_the_key_and_cannot_be_told_from_the_id() -> None:
    ids = uuids(4000)
    one, other = bytes(32), bytes([1]) * 32
    numbers = [chance_of(one, "x", subject) for subject in ids]
    assert all(0 <= number < 1 for number in numbers)
    assert abs(sum(number < 0.05 for number in numbers) / 4000 - 0.05) < 4 * math.sqrt(0.05 * 0.95 / 4000)
    drawn = {subject for subject, number in zip(ids, numbers, strict=True) if number < 0.05}
    other_key = {subject for subject in ids if chance_of(other, "x", subject) < 0.05}
    other_purpose = {subject for subject in ids if chance_of(one, "y", subject) < 0.05}
    assert drawn == {subject for subject in ids if chance_of(one, "x", subject) < 0.05}
    assert len(drawn & other_key) < len(drawn) / 4
    assert len(drawn & other_purpose) < len(drawn) / 4
