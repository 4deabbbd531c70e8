"""The invented town as a fixture."""

import pytest

from pipeline.store.connection import Database
from tests.forwarding.town import Town, whole_town


@pytest.fixture
def town(database: Database) -> Town:
    """Contacts of every kind around one station, with a corridor to three schools."""
    return whole_town(database)
