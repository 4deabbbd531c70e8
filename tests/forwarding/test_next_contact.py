"""Whom to try when a recipient does not answer: who is there now or stands in, and what if nobody is."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine

from forwarding import clocks
from forwarding.next_contact import Choice, NextStep, Presence, next_steps
from forwarding.referrals import prepare
from pipeline.store import waiting
from review_ui.staffing import StaffedHours
from signals.referral import RecipientKind
from tests.forwarding.test_referrals import send, stored
from tests.forwarding.town import BOOK, NOW, SCHOOL_X, STATION, Town

LATE = NOW + timedelta(minutes=20)


@pytest.fixture
def dispatch(town: Town) -> Iterator[Engine]:
    """The role that sweeps."""
    engine = town.database.engine_for("seinpost_dispatch")
    yield engine
    engine.dispose()


def colleague(town: Town, role: str, hours: str | None = None, places: bool = True, phone: str | None = None) -> UUID:
    """Somebody else of the organisation of the coordinator of school X, with the same account."""
    contact = uuid4()
    with town.owner() as owner:
        owner.execute(
            "INSERT INTO contacts (id, organisation_id, user_id, kind, role_name, display_name, email, phone, hours,"
            " review_on) SELECT %s, organisation_id, user_id, kind, %s, %s, %s, %s, %s, review_on FROM contacts"
            "  WHERE id = %s",
            (contact, role, role, f"{role}@example.org", phone, hours, town.contacts["coordinator.x"]),
        )
        if places:
            owner.execute("INSERT INTO contact_places VALUES (%s, %s)", (contact, SCHOOL_X.id))
    return contact


def away(town: Town, contact: UUID, stand_in: UUID | None = None) -> None:
    with town.owner() as owner:
        owner.execute(
            "INSERT INTO contact_absences VALUES (%s, current_date - 2, current_date + 2, %s)", (contact, stand_in)
        )


def late(town: Town, dispatch: Engine) -> UUID:
    """A signal that the coordinator of school X got, and did not answer."""
    signal = town.add_signal(STATION)
    send(town, signal, "coordinator.x")
    clocks.sweep(dispatch, StaffedHours(), LATE)
    return signal


def step(town: Town, signal: UUID) -> NextStep:
    with town.expert() as connection:
        found = next_steps(connection, signal, waiting.of_signal(connection, signal), LATE, book=BOOK)
    (only,) = found.values()
    return only


def roles(choices: tuple[Choice, ...]) -> list[str]:
    return [one.contact.role_name for one in choices]


def test_nobody_is_proposed_before_it_is_time_and_nothing_is_sent_by_itself(town: Town, dispatch: Engine) -> None:
    colleague(town, "conrector")
    signal = town.add_signal(STATION)
    send(town, signal, "coordinator.x")
    clocks.sweep(dispatch, StaffedHours(), NOW + timedelta(minutes=6))
    with town.expert() as connection:
        assert next_steps(connection, signal, waiting.of_signal(connection, signal), NOW, book=BOOK) == {}
    clocks.sweep(dispatch, StaffedHours(), LATE)
    assert roles(step(town, signal).choices) == ["conrector"]
    assert stored(town, "SELECT count(*) FROM referrals") == [(1,)]


def test_who_is_there_now_comes_before_who_may_be_and_who_is_not_is_not_proposed(town: Town, dispatch: Engine) -> None:
    colleague(town, "administratie")
    colleague(town, "beheerder", hours="zo 9-12")
    colleague(town, "conrector", hours="ma-vr 8-18")
    away(town, colleague(town, "decaan", hours="ma-vr 8-18"))
    found = step(town, late(town, dispatch))
    assert [(one.contact.role_name, one.presence) for one in found.choices] == [
        ("conrector", Presence.THERE),
        ("administratie", Presence.UNKNOWN),
    ]
    assert [(one.contact.role_name, one.presence) for one in found.not_there] == [
        ("beheerder", Presence.OUTSIDE_HOURS),
        ("decaan", Presence.AWAY),
    ]


def test_who_stands_in_for_the_recipient_comes_first_also_from_another_organisation(
    town: Town, dispatch: Engine
) -> None:
    colleague(town, "conrector")
    away(town, town.contacts["coordinator.x"], stand_in=town.contacts["coordinator.y"])
    signal = late(town, dispatch)
    found = step(town, signal).choices
    assert [one.instead_of for one in found] == ["rol school", None]
    assert (found[0].contact.id, found[0].hindrance) == (town.contacts["coordinator.y"], None)
    with town.expert() as connection:
        (row,) = waiting.of_signal(connection, signal)
        assert row.away_until == found[0].until_on is not None, "that this recipient is away is told as well"
        # It really can be sent to: it serves the other's places for these days.
        assert prepare(connection, signal, [found[0].contact.id], town.reader, LATE, True, book=BOOK)
        waits = waiting.of_signal(connection, signal)
        after = next_steps(connection, signal, waits, LATE, book=BOOK)
    asked = {one.referral_id for one in waits if one.next_contacts is not None}
    assert [roles(after[referral].choices) for referral in asked] == [["conrector"]], (
        "who was told is not proposed again"
    )


def test_who_cannot_be_sent_to_can_still_be_called_after_who_can(town: Town, dispatch: Engine) -> None:
    colleague(town, "administratie", hours="ma-vr 8-18", places=False, phone="0201234567")
    colleague(town, "beheerder", hours="ma-vr 8-18", places=False)
    colleague(town, "conrector")
    found = step(town, late(town, dispatch)).choices
    assert [(one.contact.role_name, one.hindrance is None) for one in found] == [
        ("conrector", True),
        ("administratie", False),
    ]


def test_when_nobody_else_is_there_that_is_said(town: Town, dispatch: Engine) -> None:
    away(town, colleague(town, "conrector"))
    found = step(town, late(town, dispatch))
    assert found.choices == ()
    assert roles(found.not_there) == ["conrector"]


def test_a_large_organisation_is_read_to_a_bound(town: Town, dispatch: Engine) -> None:
    with town.owner() as owner:
        owner.execute(
            "INSERT INTO contacts (organisation_id, user_id, kind, role_name, display_name, email, phone, review_on)"
            " SELECT organisation_id, user_id, kind, 'docent ' || n, 'docent', n || '@example.org', '020', review_on"
            "   FROM contacts, generate_series(1, %s) n WHERE id = %s",
            (waiting.MOST_NEXT + 5, town.contacts["coordinator.x"]),
        )
    signal = late(town, dispatch)
    with town.expert() as connection:
        (row,) = waiting.of_signal(connection, signal)
    assert len(row.next_contacts or ()) == waiting.MOST_NEXT
    assert len(step(town, signal).choices) == 3


def test_other_kinds_of_the_same_person_are_not_proposed(town: Town, dispatch: Engine) -> None:
    signal = late(town, dispatch)
    with town.owner() as owner:
        owner.execute(
            "UPDATE contacts SET organisation_id = (SELECT organisation_id FROM contacts WHERE id = %s), kind = %s"
            " WHERE id = %s",
            (town.contacts["coordinator.x"], RecipientKind.HELP.value, town.contacts["hulp"]),
        )
    assert step(town, signal) == NextStep((), ())
