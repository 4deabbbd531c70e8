"""What every test can ask for: PostgreSQL, a real Apache Kafka, a real Chromium, or a skip that says what is missing.

With `CI=true` a missing real part fails the test instead: on a build machine nothing may pass by not running.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NoReturn

import pytest

from pipeline.kafka.broker_jars import KafkaNotHere
from pipeline.kafka.local_broker import LocalBroker, free_port
from tests.database import database, keys, postgres
from tests.in_memory import put_files_in_memory
from tests.soak import soak

__all__ = ["database", "keys", "postgres", "soak"]

put_files_in_memory()

LONGEST_FIRST = (
    "tests/whole_road",
    "tests/story",
    "tests/road",
    "tests/demo",
    "tests/pipeline",
    "tests/collectors",
    "tests/review_ui",
)
"""Where the files are that take minutes: begun last, one of them would keep one core busy and leave the other idle."""

REPOSITORY = Path(__file__).parents[1]
CACHE = REPOSITORY / ".cache"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the longest files; within a file and among the others the order stays."""

    def rank(item: pytest.Item) -> int:
        at = item.path.relative_to(REPOSITORY).as_posix() if item.path.is_relative_to(REPOSITORY) else ""
        return next((n for n, folder in enumerate(LONGEST_FIRST) if at.startswith(f"{folder}/")), len(LONGEST_FIRST))

    items.sort(key=rank)


def missing(what: str) -> NoReturn:
    """Skip on a newcomer's laptop, fail on a build machine."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"with CI=true this must not be missing: {what}", pytrace=False)
    pytest.skip(what)


@pytest.fixture(scope="session")
def chromium() -> str:
    """Path of the machine's Chromium; the build without a window, where it is, takes a third less processor."""
    for name in ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"):
        found = shutil.which(name)
        if found is not None:
            return found
    missing("Chromium is not here (Debian: apt-get install chromium)")


@pytest.fixture(scope="session")
def kafka_broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalBroker]:
    """A running broker that the tests of one process share; make your own topics, and leave it alive."""
    broker = _broker(tmp_path_factory.mktemp("kafka"))
    yield broker
    broker.stop()


@pytest.fixture
def own_kafka_broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalBroker]:
    """A running broker for one test, which may kill it and start it again."""
    broker = _broker(tmp_path_factory.mktemp("kafka"))
    yield broker
    broker.kill()


@pytest.fixture(scope="session")
def start_kafka() -> Callable[[Path], LocalBroker]:
    """Starts a broker on a given folder, for a fixture with another lifetime; the caller stops it."""
    return _broker


def _broker(folder: Path) -> LocalBroker:
    broker = LocalBroker(data=folder, cache=CACHE, port=free_port(), controller_port=free_port())
    try:
        broker.start()
    except KafkaNotHere as reason:
        missing(str(reason))
    return broker
