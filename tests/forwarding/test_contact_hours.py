"""Hours as people write them: whether they hold a moment, and when they do not say so for sure."""

from datetime import UTC, datetime

import pytest

from forwarding.contact_hours import there

MONDAY_AT_TEN = datetime(2026, 11, 23, 9, tzinfo=UTC)
MONDAY_AT_HALF_PAST_FOUR = datetime(2026, 11, 23, 15, 30, tzinfo=UTC)
SATURDAY_AT_TEN = datetime(2026, 11, 28, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("hours", "monday", "later", "saturday"),
    [
        ("ma-do 8.30-16.30", True, False, False),
        ("Ma t/m vr 08:00 – 17:00 uur", True, True, False),
        ("di-vr 8-17", False, False, False),
        ("ma en wo 9-12, za 9.30-12", True, False, True),
        ("vr-ma 8.30 uur tot 12.00 uur", True, False, True),
        ("werkdagen 8-18u", True, True, False),
        ("dagelijks 0.00-24.00", True, True, True),
        ("dag en nacht", True, True, True),
        ("8.30-17.00", True, True, None),
        ("ma 8-12; daarna via de receptie", True, None, None),
        ("ma, di 8-12", None, None, None),
        ("vr 22.00-02.00", None, None, None),
        ("alleen op afspraak", None, None, None),
        ("ma-vr 8-99", None, None, None),
        ("ma-xx 8-17", None, None, None),
    ],
)
def test_hours_hold_a_moment_do_not_or_do_not_say(
    hours: str, monday: bool | None, later: bool | None, saturday: bool | None
) -> None:
    found = tuple(there(hours, moment) for moment in (MONDAY_AT_TEN, MONDAY_AT_HALF_PAST_FOUR, SATURDAY_AT_TEN))
    assert found == (monday, later, saturday)
