"""Fixtures of the road: the two roads on a database of their own."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from pipeline.kafka.local_broker import LocalBroker
from pipeline.key_folder import KeyFolder
from pipeline.store.connection import Database
from tests.road.books import Books
from tests.road.engines import road
from tests.road.invented import Maker, add_order
from tests.road.kafka_road import kafka_road
from tests.road.roads import Road, embedded_road

__all__ = ["road"]


@pytest.fixture
def books(database: Database) -> Iterator[Books]:
    """What the road left behind."""
    with Books(database) as found:
        yield found


@pytest.fixture
def own_keys(tmp_path: Path) -> KeyFolder:
    """A key folder for one test, which may destroy its hours."""
    return KeyFolder(tmp_path / "keys")


@pytest.fixture(params=["embedded", pytest.param("kafka", marks=pytest.mark.kafka)])
def either_road(
    request: pytest.FixtureRequest, database: Database, own_keys: KeyFolder, road: Engine
) -> Iterator[Road]:
    """Each road in turn."""
    maker = Maker(own_keys.id_key(), add_order(database))
    if request.param == "embedded":
        with embedded_road(road, own_keys, maker) as built:
            yield built
    else:
        broker: LocalBroker = request.getfixturevalue("kafka_broker")
        with kafka_road(broker.bootstrap, database, own_keys, maker) as built:
            yield built
