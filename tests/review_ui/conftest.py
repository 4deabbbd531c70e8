"""The invented team as a fixture."""

from collections.abc import Iterator

import pytest

from pipeline.key_folder import KeyFolder
from pipeline.store.connection import Database
from tests.review_ui.world import World, world_in


@pytest.fixture
def world(database: Database, keys: KeyFolder) -> Iterator[World]:
    """A fresh database with a team and no signals."""
    with world_in(database, keys) as made:
        yield made
