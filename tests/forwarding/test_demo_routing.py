"""The demo's directory over the shipped gazetteer: the story of the seed, in the right police unit, nobody too many."""

from importlib import resources
from uuid import UUID

import pytest

from forwarding.directory import import_directory
from forwarding.directory_file import read_directory
from forwarding.places import shipped_places
from forwarding.routing import propose
from pipeline.store import users
from pipeline.store.connection import Database
from seinpost.demo.people import demo_people
from tests.database import as_owner
from tests.forwarding.town import NOW, Town, empty_town

DEMO = (resources.files("seinpost.demo") / "directory.json").read_text(encoding="utf-8")


@pytest.fixture
def demo(database: Database) -> Town:
    """The demo's people and directory, with two readers."""
    town = empty_town(database)
    with as_owner(database) as connection:
        for person in demo_people("een lang verzonnen wachtwoord"):
            users.create(connection, person.user)
        import_directory(connection, read_directory(DEMO), shipped_places(), NOW)
    return town


def proposed(town: Town, place_id: str, category: str = "confrontation") -> list[str]:
    entry = shipped_places().entry(place_id)
    assert entry is not None, place_id
    signal: UUID = town.add_signal(category=category)
    with town.owner() as owner:
        owner.execute(
            "INSERT INTO signal_places (signal_id, place_id, kind, name) VALUES (%s, %s, %s, %s)",
            (signal, place_id, entry.kind.value, entry.name),
        )
    with town.expert() as connection:
        found = propose(connection, signal)
    assert all(one.sendable and one.why.endswith(".") for one in found)
    return sorted(one.display_name.split()[0].lower() for one in found)


def test_the_station_of_the_story_reaches_three_schools_the_wijkagent_and_who_is_there(demo: Town) -> None:
    told = ["bas", "dennis", "farida", "hanna", "karin", "marit", "rick"]
    assert proposed(demo, "ns:KMA") == told
    assert proposed(demo, "area:krommenie") == told
    assert proposed(demo, "area:zaanstad/saendelft") == told


def test_a_school_of_the_story_reaches_its_own_coordinator(demo: Town) -> None:
    assert proposed(demo, "brin:20EY07") == ["bas", "dennis", "farida", "karin", "rick"]
    assert proposed(demo, "brin:20EY07", "sexual") == ["bas", "lotte", "rick"]


def test_zaandam_and_zuidoost_reach_their_own_people_and_units(demo: Town) -> None:
    assert proposed(demo, "ns:ZD") == ["dennis", "farida", "karin", "noor", "wendy"]
    assert proposed(demo, "area:zaanstad/poelenburg") == ["dennis", "farida", "karin", "wendy"]
    assert proposed(demo, "ns:ASB") == ["joost", "nadia", "pim", "samira"]
    assert proposed(demo, "brin:14RF04") == ["joost", "nadia", "pim", "samira"]
    assert proposed(demo, "area:amsterdam/noord") == ["joost"]
