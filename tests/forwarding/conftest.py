"""The invented town as a fixture."""

from pathlib import Path

import pytest

from forwarding.places import install
from pipeline.key_folder import KeyFolder
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


@pytest.fixture
def installed(town: Town, keys: KeyFolder, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Town:
    """The town as the installation that commands find."""
    url = town.database.url.set(drivername="postgresql").render_as_string()
    for name, value in {"DATA": tmp_path, "KEYS": keys.path, "DATABASE_URL": url}.items():
        monkeypatch.setenv(f"SEINPOST_{name}", str(value))
    return town
