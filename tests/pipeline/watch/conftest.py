"""Fixtures of the watched road: a key folder, the road's role, and what is told while a test runs."""

import logging
from collections.abc import Iterator

import pytest
import structlog

from tests.pipeline.watch.told import Told
from tests.road.conftest import own_keys
from tests.road.engines import road

__all__ = ["own_keys", "road", "told", "told_by_all"]


@pytest.fixture
def told() -> Iterator[Told]:
    """Our own lines, at every level."""
    kept = Told()
    structlog.configure(processors=[structlog.processors.add_log_level, kept.line])
    yield kept
    structlog.reset_defaults()


@pytest.fixture
def told_by_all(told: Told) -> Iterator[Told]:
    """And every library's, at debug level."""
    root = logging.getLogger()
    before = root.level
    root.addHandler(told)
    root.setLevel(logging.DEBUG)
    yield told
    root.setLevel(before)
    root.removeHandler(told)
