"""A certificate authority for one test: certificates as PEM files, also expired ones and ones for another host."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import trustme
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)


@dataclass(frozen=True)
class Pair:
    """A certificate and its key; `both` holds the two in one file, as a broker reads them."""

    certificate: Path
    key: Path
    both: Path


class Authority:
    """Signs what it is asked to sign."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self._signs = trustme.CA()
        self.file = folder / "ca.pem"
        self._signs.cert_pem.write_to_path(str(self.file))

    def signs(self, name: str, *hosts: str, expired: bool = False) -> Pair:
        """A certificate with `name` as its common name."""
        until = datetime.now(UTC) - timedelta(hours=1) if expired else datetime.now(UTC) + timedelta(days=2)
        began = until - timedelta(days=3)
        made = self._signs.issue_cert(
            *(hosts or (f"{name}.example",)), common_name=name, not_before=began, not_after=until
        )
        # Kafka reads keys in PKCS #8 only.
        key = load_pem_private_key(made.private_key_pem.bytes(), None).private_bytes(
            Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
        )
        chain = b"".join(part.bytes() for part in made.cert_chain_pems)
        stem = f"{name}{'-expired' if expired else ''}"
        pair = Pair(*(self._folder / f"{stem}{end}" for end in (".crt", ".key", ".pem")))
        for file, content in ((pair.certificate, chain), (pair.key, key), (pair.both, key + chain)):
            file.touch(mode=0o600)
            file.write_bytes(content)
        return pair
