"""What stands beside the sealed data, readable: when, of which schema, how much, and hashes. No content, no name.

It is signed with a key that only this installation has, so that nobody slips a database of their own under ours.
"""

import hashlib
import hmac
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

from nacl.public import PrivateKey, PublicKey
from pydantic import ValidationError

from pipeline.backup.stream import BackupDamaged
from signals.frozen import Frozen
from signals.ids import IdKey

FORM = 1
KEPT = timedelta(days=35)
"""The longest that a backup is kept (retention table)."""
MANIFEST, DATA = "manifest.json", "data.sealed"
_NAME = "%Y-%m-%dT%H%M%SZ"
_LOOKS_LIKE = re.compile(r"\d{4}-\d\d-\d\dT\d{6}Z")


class NoBackup(Exception):
    """There is no whole backup in the folder."""


class ForeignBackup(Exception):
    """The backup was not made by this installation."""


class Manifest(Frozen):
    """One backup. `rows` counts the plain rows per table, `contents` the items under keys of their own."""

    form: int = FORM
    made_at: datetime
    program: str
    revision: str
    sealed_to: str
    sha256: str
    size: int
    rows: dict[str, int]
    contents: int
    signature: str = ""


def fingerprint(key: PublicKey) -> str:
    """A short name of a public key, to tell people which secret they need."""
    return hashlib.sha256(bytes(key)).hexdigest()[:16]


def signed(manifest: Manifest, id_key: IdKey) -> Manifest:
    """The manifest with its signature."""
    return manifest.model_copy(update={"signature": _signature(manifest, id_key)})


def read(folder: Path, id_key: IdKey) -> Manifest:
    """The manifest of a backup. Raises NoBackup, BackupDamaged or ForeignBackup."""
    try:
        found = Manifest.model_validate_json((folder / MANIFEST).read_bytes())
    except FileNotFoundError:
        raise NoBackup(f"there is no whole backup in {folder}; name the folder that seinpost backup wrote") from None
    except ValidationError:
        raise BackupDamaged(f"{folder / MANIFEST} is damaged, or of a newer Seinpost; take another copy") from None
    if not hmac.compare_digest(found.signature, _signature(found, id_key)):
        raise ForeignBackup(
            f"{folder / MANIFEST} was changed, or made by another installation: it does not fit the id key in the key"
            " folder; restore the key folder that belongs to it first"
        )
    return found


def check_secret(manifest: Manifest, secret: PrivateKey) -> bool:
    """Whether this secret opens the backup."""
    return fingerprint(secret.public_key) == manifest.sealed_to


def name_of(moment: datetime) -> str:
    """The name of a backup's folder."""
    return moment.astimezone(UTC).strftime(_NAME)


def whole_in(folder: Path) -> list[Path]:
    """The whole backups in a folder of backups, oldest first; of a folder that is itself a backup, that one."""
    if (folder / MANIFEST).is_file():
        return [folder]
    if not folder.is_dir():
        return []
    return sorted(f for f in folder.iterdir() if _LOOKS_LIKE.fullmatch(f.name) and (f / MANIFEST).is_file())


def past_their_time(folder: Path, now: datetime) -> list[Path]:
    """Backups in a folder that are older than a backup may be, by their names; also those that are not whole."""
    found = [f for f in folder.iterdir() if _LOOKS_LIKE.fullmatch(f.name) and f.is_dir()]
    return [f for f in found if datetime.strptime(f.name, _NAME).replace(tzinfo=UTC) <= now - KEPT]


def _signature(manifest: Manifest, id_key: IdKey) -> str:
    content = manifest.model_copy(update={"signature": ""}).model_dump_json().encode()
    return hmac.digest(id_key.derived("backup manifest"), content, hashlib.sha256).hex()
