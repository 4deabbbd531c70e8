"""The real servers that come from npm are pinned like everything else: by hash, without addresses."""

import json
from pathlib import Path


def test_every_package_of_the_real_servers_is_checked_by_hash_and_no_address_is_named() -> None:
    lock = json.loads((Path(__file__).parent / "atproto" / "package-lock.json").read_text())
    packages = {path: entry for path, entry in lock["packages"].items() if path}
    assert [path for path, entry in packages.items() if "resolved" in entry] == []
    assert [path for path, entry in packages.items() if "integrity" not in entry] == []
