"""The stage, built once for these tests and gone after them; a test that changes something puts it back."""

from collections.abc import Iterator

import pytest

from pipeline.embedded_postgres import EmbeddedPostgres
from pipeline.key_folder import KeyFolder
from review_ui.build_static import VENDOR
from tests.conftest import missing
from tests.database import fresh
from tests.forwarding.matrix.stage import Stage, staged


@pytest.fixture(scope="package")
def stage(postgres: EmbeddedPostgres, keys: KeyFolder) -> Iterator[Stage]:
    """The house with every situation in it."""
    if not VENDOR.is_dir():
        missing(
            "the screens' style sheets are not built: npm ci --prefix review_ui && python -m review_ui.build_static"
        )
    with fresh(postgres, keys) as database, staged(database, keys) as made:
        yield made
