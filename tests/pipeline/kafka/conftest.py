"""One secured broker for the tests of connections and permissions: it takes its time to start."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.key_folder import KeyFolder
from pipeline.store.connection import Database
from pipeline.topics import apply
from tests.pipeline.kafka.secured_broker import Secured, secured_broker
from tests.road.books import Books
from tests.road.engines import road

__all__ = ["road"]


@pytest.fixture(scope="session")
def secured(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Secured]:
    """A real Apache Kafka with TLS, log-ins and permissions, and our topics on it."""
    with secured_broker(tmp_path_factory.mktemp("secured")) as there:
        apply(there.administrator)
        yield there


@pytest.fixture
def own_keys(tmp_path: Path) -> KeyFolder:
    """A key folder for one test."""
    return KeyFolder(tmp_path / "keys")


@pytest.fixture
def books(database: Database) -> Iterator[Books]:
    """What the road left behind."""
    with Books(database) as found:
        yield found
