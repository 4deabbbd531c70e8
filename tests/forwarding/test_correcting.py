"""Correcting a signal that was sent: each recipient's view is cut anew, and nobody new hears of it."""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from forwarding.correcting import (
    Corrected,
    NotToCorrect,
    Reached,
    SexualStays,
    agree_to_correction,
    drop_correction,
    propose_correction,
)
from forwarding.views import preview
from pipeline.store import portal, waiting
from pipeline.store.answer_clocks import WaitsFor
from pipeline.store.corrections import OwnSchoolNamed, Window
from pipeline.store.proposed_corrections import BothPolice, NoSuchProposal, OwnProposal
from pipeline.store.queue import NamedPlace
from signals.label import Category, Level
from signals.referral import RecipientKind
from tests.forwarding.test_referrals import send, stored
from tests.forwarding.town import BOOK, CITY, NOW, OTHER_CITY, SCHOOL_X, STATION, Spot, Town

WINDOW = Window(NOW + timedelta(hours=2), NOW + timedelta(hours=3))


def named(spot: Spot) -> NamedPlace:
    return NamedPlace(spot.id, spot.kind, spot.name)


AGREED = "UPDATE seinpost.proposed_corrections SET ended_by = 'agreed', ended_at = now(), agreed_by ="
AS_SENT = Corrected(Category.CONFRONTATION, Level.ACUUT, (named(STATION),), WINDOW)


def sent(town: Town, *names: str, category: str = "confrontation") -> UUID:
    signal = town.add_signal(STATION, category=category)
    send(town, signal, *names)
    return signal


def corrected(town: Town, signal: UUID, after: Corrected, now: datetime = NOW) -> Reached:
    """As one reader proposes it and the other agrees."""
    with town.expert() as connection:
        proposal = propose_correction(connection, signal, after, town.reader, now)
    if proposal is None:
        return Reached()
    with town.expert(town.second) as connection:
        return agree_to_correction(connection, signal, proposal, town.second, now, book=BOOK)


def test_each_recipient_sees_the_new_facts_alone_and_is_asked_to_see_them(town: Town) -> None:
    signal = sent(town, "coordinator.x", "jenv", "jongerenwerk")
    after = replace(AS_SENT, category=Category.WEAPON, level=Level.CONCREET, window=Window(None, None))
    reached = corrected(town, signal, after)
    assert len(reached.changed) == 3
    assert reached.withdrawn == ()
    rows = stored(town, "SELECT kind, theme, category, level, window_start FROM referrals ORDER BY kind")
    assert rows == [
        ("field", "wapens", None, None, None),
        ("municipality", None, "weapon", "concreet", None),
        ("school", None, "weapon", "concreet", None),
    ]
    assert stored(town, "SELECT kind, count(*) FROM notices GROUP BY kind ORDER BY kind") == [
        ("changed", 3),
        ("new", 3),
    ]
    with town.expert() as connection:
        waits = [row.waits_for for row in waiting.of_signal(connection, signal)]
        seen = preview(connection, signal, town.contacts["jenv"], book=BOOK)
    assert waits.count(WaitsFor.SEEN) == 3
    with town.recipient("jenv", RecipientKind.MUNICIPALITY) as connection:
        (one,) = portal.received(connection, RecipientKind.MUNICIPALITY)
        assert one.seeing is portal.Seeing.ASKED
        assert (one.category, one.level, one.places) == (seen.view.category, seen.view.level, seen.view.places)
        portal.see(connection, one.id, NOW)
    with town.expert() as connection:
        waits = [row.waits_for for row in waiting.of_signal(connection, signal)]
    assert waits.count(WaitsFor.SEEN) == 2
    assert stored(town, "SELECT step, detail->'changed' FROM signal_events ORDER BY id DESC LIMIT 1") == [
        ("correct", ["category", "level", "window"])
    ]


def test_what_a_recipient_does_not_see_changes_nothing_for_it(town: Town) -> None:
    signal = sent(town, "coordinator.x", "hulp", "jongerenwerk")
    reached = corrected(town, signal, replace(AS_SENT, level=Level.CONCREET))
    assert stored(town, "SELECT kind FROM referrals WHERE id = ANY(%s)", list(reached.changed)) == [("school",)]
    assert stored(town, "SELECT count(*) FROM notices WHERE kind = 'changed'") == [(1,)]
    assert corrected(town, signal, replace(AS_SENT, level=Level.CONCREET)) == Reached(), "a repeat changes nothing"


def test_who_has_no_place_in_it_any_more_is_withdrawn_from(town: Town) -> None:
    signal = sent(town, "coordinator.x", "jenv")
    reached = corrected(town, signal, replace(AS_SENT, places=(named(SCHOOL_X),)))
    assert len(reached.withdrawn) + len(reached.changed) == 2
    corrected(town, signal, replace(AS_SENT, places=(named(OTHER_CITY),)), NOW + timedelta(minutes=1))
    states = stored(town, "SELECT DISTINCT state FROM referrals")
    assert states == [("withdrawn",)], "nobody of the first town is told of the other one"
    assert stored(town, "SELECT count(*) FROM referrals") == [(2,)], "and nobody of the other one is told either"


def test_only_what_was_sent_is_corrected_and_sexual_harm_stays_that(town: Town) -> None:
    waits = town.add_signal(STATION)
    with pytest.raises(NotToCorrect):
        corrected(town, waits, AS_SENT)
    signal = sent(town, "hulp", category="sexual")
    with pytest.raises(SexualStays):
        corrected(town, signal, AS_SENT)
    assert stored(town, "SELECT category FROM signals WHERE id = %s", signal) == [("sexual",)]


def test_a_reader_of_a_school_that_comes_in_stops_it(town: Town) -> None:
    signal = sent(town, "jenv")
    with town.owner() as owner:
        owner.execute(
            "INSERT INTO user_roles (user_id, role, scope_kind, scope_id) VALUES (%s, 'recipient', 'school', %s)",
            (town.second, SCHOOL_X.id),
        )
    with pytest.raises(OwnSchoolNamed):
        corrected(town, signal, replace(AS_SENT, places=(named(STATION), named(SCHOOL_X), named(CITY))))
    assert stored(town, "SELECT place_id FROM signal_places WHERE signal_id = %s", signal) == [(STATION.id,)]


def test_one_person_changes_nothing_that_was_sent_and_the_database_says_so_too(town: Town) -> None:
    signal = sent(town, "coordinator.x")
    with town.expert() as connection:
        proposal = propose_correction(connection, signal, replace(AS_SENT, level=Level.CONCREET), town.reader, NOW)
        assert proposal is not None
        with pytest.raises(OwnProposal):
            agree_to_correction(connection, signal, proposal, town.reader, NOW, book=BOOK)
    for act in (
        "UPDATE seinpost.referrals SET level = 'concreet'",
        f"{AGREED} seinpost.acting_user()",
        f"{AGREED} '{town.second}'",
    ):
        with pytest.raises(DBAPIError, match=r"two people|somebody else"), town.expert() as connection:
            connection.execute(text(act))
    assert stored(town, "SELECT level FROM referrals") == [("acuut",)]
    with town.expert() as connection:
        drop_correction(connection, signal, proposal, NOW)
    with pytest.raises(NoSuchProposal), town.expert(town.second) as connection:
        agree_to_correction(connection, signal, proposal, town.second, NOW, book=BOOK)


def test_two_of_the_police_change_nothing_together(town: Town) -> None:
    signal = sent(town, "coordinator.x")
    with town.expert() as connection:
        proposal = propose_correction(connection, signal, replace(AS_SENT, level=Level.CONCREET), town.reader, NOW)
    with town.owner() as owner:
        owner.execute("UPDATE users SET police = true WHERE id IN (%s, %s)", (town.reader, town.second))
    assert proposal is not None
    with pytest.raises(BothPolice), town.expert(town.second) as connection:
        agree_to_correction(connection, signal, proposal, town.second, NOW, book=BOOK)
    with pytest.raises(DBAPIError, match="not police"), town.expert(town.second) as connection:
        connection.execute(text(f"{AGREED} seinpost.acting_user()"))
