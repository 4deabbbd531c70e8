"""The invented town as a fixture."""

import pytest

from forwarding.places import install
from pipeline.store.connection import Database
from tests.forwarding.town import Town, whole_town


@pytest.fixture(autouse=True)
def shipped_places_alone() -> None:
    """Routing by the shipped places, whatever a command of another test brought in."""
    install(None)


@pytest.fixture
def town(database: Database) -> Town:
    """Contacts of every kind around one station, with a corridor to three schools."""
    return whole_town(database)
