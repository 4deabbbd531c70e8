"""A day of the directory is a day of the Netherlands, whatever time zone a connection asks for."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import Connection, text

from forwarding.directory_changes import DaysWrong, confirm, set_back
from forwarding.dutch_day import HOME, dutch_day
from pipeline.store import waiting
from pipeline.store.directory import DirectoryContact, contacts_by_id, contacts_serving
from pipeline.store.directory_upkeep import kept_directory
from signals.referral import RecipientKind
from tests.forwarding.test_directory import as_owner
from tests.forwarding.test_referrals import send
from tests.forwarding.town import OTHER_CITY, STATION, TOWN, Town

ZONES = ("Etc/GMT+12", "Pacific/Kiritimati")
"""The first and the last to begin a day: at any moment one of them has another day than the Netherlands."""


@pytest.fixture
def today(town: Town) -> date:
    """Today, on which the officer of the town is away and the one of the other town stands in; no day more."""
    day = dutch_day(datetime.now(UTC))
    with town.owner() as owner:
        owner.execute(
            "INSERT INTO contact_absences VALUES (%s, %s, %s, %s)",
            (town.contacts["wijkagent"], day, day, town.contacts["wijkagent.heuvelstad"]),
        )
    return day


def in_zone(connection: Connection, zone: str) -> None:
    connection.execute(text("SELECT set_config('timezone', :zone, true)"), {"zone": zone})


def contact(town: Town, zone: str, name: str) -> DirectoryContact:
    with town.expert() as connection:
        in_zone(connection, zone)
        return contacts_by_id(connection, [town.contacts[name]])[town.contacts[name]]


def test_who_is_away_and_who_stands_in_for_the_lists_what_waits_and_who_keeps_the_directory(
    town: Town, today: date
) -> None:
    signal = town.add_signal(STATION)
    send(town, signal, "wijkagent")
    for zone in ZONES:
        away, instead = contact(town, zone, "wijkagent"), contact(town, zone, "wijkagent.heuvelstad")
        assert (away.away_until, away.stand_in) == (today, "wijkagent.heuvelstad")
        assert [one.until_on for one in instead.stands_in] == [today]
        assert instead.places == {TOWN.id, OTHER_CITY.id}
        with town.expert() as connection:
            in_zone(connection, zone)
            found = {one.display_name for one in contacts_serving(connection, [TOWN.id])}
            assert {"wijkagent", "wijkagent.heuvelstad"} <= found
            assert [row.away_until for row in waiting.of_signal(connection, signal)] == [today]
        with as_owner(town.database) as connection:
            in_zone(connection, zone)
            kept = {one.display_name: one.away_until for one in kept_directory(connection).contacts}
        assert kept["wijkagent"] == today


def test_an_agreement_that_begins_tomorrow(town: Town, today: date) -> None:
    town.add_contact("hulp.nieuw", RecipientKind.HELP, (TOWN,))
    with town.owner() as owner:
        owner.execute(
            "UPDATE agreements SET starts_on = %s WHERE organisation_id ="
            " (SELECT organisation_id FROM contacts WHERE id = %s)",
            (today + timedelta(days=1), town.contacts["hulp.nieuw"]),
        )
    for zone in ZONES:
        found = contact(town, zone, "hulp.nieuw")
        assert (found.agreement_valid, found.agreement_begins_on) == (False, today + timedelta(days=1))


def test_in_the_first_hour_of_a_dutch_day_it_is_that_day_for_who_keeps_the_directory(town: Town, today: date) -> None:
    """Half past midnight: in UTC it is yesterday, and an absence of today would not have begun."""
    half_past_midnight = datetime.combine(today, time(0, 30), HOME)
    assert half_past_midnight.astimezone(UTC).date() < today
    address, moment = "wijkagent@example.org", half_past_midnight.astimezone(UTC)
    with as_owner(town.database) as connection:
        assert confirm(connection, address, today + timedelta(days=1), moment) == 1
        assert set_back(connection, address, moment) == 1
        (found,) = [one for one in kept_directory(connection).contacts if one.email == address]
    assert (found.confirmed_on, found.away_until) == (today, None)
    with pytest.raises(DaysWrong), as_owner(town.database) as connection:
        confirm(connection, address, today, moment)
