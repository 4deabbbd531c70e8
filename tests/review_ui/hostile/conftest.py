"""The stage as a fixture, in a fresh world."""

from collections.abc import Iterator

import pytest

from pipeline.key_folder import KeyFolder
from tests.review_ui.hostile.stage import Stage
from tests.review_ui.world import World


@pytest.fixture
def stage(world: World, keys: KeyFolder) -> Iterator[Stage]:
    """A stage with an ordinary text on it."""
    made = Stage(world, keys)
    yield made
    made.close()
