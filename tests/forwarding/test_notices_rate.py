"""Notices leave quickly: what the measurement measures, as a statement, in the long run and on a quiet machine."""

import pytest

from bench import of_the_notices
from bench.road.place import place


@pytest.mark.soak
def test_five_thousand_notices_leave_at_two_hundred_a_second_none_lost_and_none_twice() -> None:
    with place(kafka=False) as here:
        of_the_notices.fill(here)
        rate, _ = of_the_notices.told(here, connections=8)
    assert rate >= 200
