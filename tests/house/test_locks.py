"""Every package is pinned by hash, what runs is what was tested, and no lock file says where to download."""

import json
import re
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]
LOCKS = sorted((REPOSITORY / "requirements").glob("*.lock"))


def pins(lock: Path) -> dict[str, set[str]]:
    """The versions of each package in a lock file (a universal lock may hold one per platform)."""
    found: dict[str, set[str]] = {}
    for package, version in re.findall(r"^([a-z0-9._-]+)==(\S+)", lock.read_text(), flags=re.MULTILINE):
        found.setdefault(package, set()).add(version)
    return found


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_a_python_lock_pins_every_package_by_hash_and_names_no_address(lock: Path) -> None:
    text = lock.read_text()
    assert "://" not in text
    assert not re.search(r"^\s*--(index-url|extra-index-url|find-links)", text, flags=re.MULTILINE)
    entries = re.split(r"\n(?=[a-z0-9])", text.strip())
    assert [entry.split()[0] for entry in entries if "--hash=sha256:" not in entry] == []


def test_what_runs_and_what_trains_is_what_was_tested() -> None:
    tested = pins(REPOSITORY / "requirements" / "dev.lock")
    for other in ("run.lock", "train.lock", "otel.lock"):
        differing = {
            package: (versions, tested[package])
            for package, versions in pins(REPOSITORY / "requirements" / other).items()
            if package in tested and versions != tested[package]
        }
        assert differing == {}, other


def test_the_node_lock_checks_every_package_and_names_no_address() -> None:
    lock = json.loads((REPOSITORY / "review_ui" / "package-lock.json").read_text())
    packages = {path: entry for path, entry in lock["packages"].items() if path}
    assert [path for path, entry in packages.items() if "resolved" in entry] == []
    assert [path for path, entry in packages.items() if "integrity" not in entry] == []
