"""Connections of the road's roles to a test's own database."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from pipeline.store.connection import Database


@pytest.fixture
def road(database: Database) -> Iterator[Engine]:
    """Logged in as the road's role."""
    engine = database.engine_for("seinpost_road")
    yield engine
    engine.dispose()
