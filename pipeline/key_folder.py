"""The key folder of an installation: id key, hour keys, link keys of the day, database passwords, master key.

Every key is a file of its own, readable by its owner only, made once and never overwritten. It encrypts nothing itself.
"""

import os
import secrets
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import UUID

from nacl.public import PrivateKey

from signals.ids import KEY_BYTES, IdKey

_HOUR_FORMAT = "%Y-%m-%dT%H"


class KeyFolderUnusable(Exception):
    """The key folder cannot be read or written, or others can read it."""


class KeyFolder:
    """Keys by name. Safe between processes: whoever makes a key first wins, the others read it."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def id_key(self) -> IdKey:
        """The key that ids derive from. Never rotated while anything is kept."""
        return IdKey(self._key(self.path / "id.key"))

    def master_key(self) -> bytes:
        """The key that seeds in collection orders are sealed with (32 bytes)."""
        return self._key(self.path / "master.key")

    def hour_key(self, moment: datetime) -> bytes:
        """The key of the hour that `moment` lies in (32 bytes), made when the first record of the hour comes."""
        return self._key(self._hour_file(hour_of(moment)))

    def hour_key_if_alive(self, hour: datetime) -> bytes | None:
        """The key of an hour, or None once it was destroyed: what it encrypted is gone."""
        file = self._hour_file(hour_of(hour))
        try:
            return file.read_bytes()
        except FileNotFoundError:
            return None

    def destroy_before(self, moment: datetime) -> int:
        """Destroy the keys of all hours that ended at or before `moment`; says how many."""
        limit = self._hour_file(hour_of(moment)).name
        doomed = [f for f in (self.path / "hour").glob("*.key") if f.name < limit]
        for file in doomed:
            file.unlink(missing_ok=True)
        return len(doomed)

    def link_public_key(self, day: date) -> bytes:
        """The public half of the day's link key (32 bytes). The unseal service alone reads the other."""
        public = self.path / "link-public" / f"{day.isoformat()}.pub"
        try:
            return public.read_bytes()
        except FileNotFoundError:
            private = PrivateKey(self._key(self.path / "unseal" / f"{day.isoformat()}.key"))
            _write_once(public, bytes(private.public_key))
            return public.read_bytes()

    def link_private_key(self, day: date) -> bytes | None:
        """The private half of a day's link key, for the unseal service alone; None once it was destroyed."""
        try:
            return (self.path / "unseal" / f"{day.isoformat()}.key").read_bytes()
        except FileNotFoundError:
            return None

    def database_password(self, role: str) -> str:
        """The password of a database role, made at first use."""
        file = self.path / "database" / role
        try:
            return file.read_text().strip()
        except FileNotFoundError:
            _write_once(file, secrets.token_urlsafe(32).encode())
            return file.read_text().strip()

    def endpoint_key(self, endpoint: UUID) -> bytes | None:
        """The secret that we and a partner's system share; None when it was never made or was taken away."""
        try:
            return self._endpoint_file(endpoint).read_bytes()
        except FileNotFoundError:
            return None

    def keep_endpoint_key(self, endpoint: UUID, key: bytes | None = None) -> bytes:
        """Keep a partner's key, or make a secret of 32 bytes; one that is there stays."""
        _write_once(self._endpoint_file(endpoint), key or secrets.token_bytes(KEY_BYTES))
        return self._endpoint_file(endpoint).read_bytes()

    def mail_signing_key(self) -> bytes | None:
        """Our key and certificate for signing e-mail, in PEM form, as somebody put them there; None: there is none."""
        try:
            return (self.path / "mail-signing.pem").read_bytes()
        except FileNotFoundError:
            return None

    def _endpoint_file(self, endpoint: UUID) -> Path:
        return self.path / "endpoints" / f"{endpoint}.key"

    def problems(self) -> list[str]:
        """What is wrong with the folder, one line each, for `seinpost doctor`."""
        if not self.path.is_dir():
            return [
                f"the key folder {self.path} does not exist; start Seinpost once or restore it from your key backup"
            ]
        loose = [p for p in (self.path, *self.path.rglob("*")) if p.stat().st_mode & 0o077]
        return [f"others can read {p}; run: chmod -R go-rwx {self.path}" for p in loose]

    def _hour_file(self, hour: datetime) -> Path:
        return self.path / "hour" / f"{hour.strftime(_HOUR_FORMAT)}.key"

    def _key(self, file: Path) -> bytes:
        try:
            return file.read_bytes()
        except FileNotFoundError:
            _write_once(file, secrets.token_bytes(KEY_BYTES))
            return file.read_bytes()
        except PermissionError:
            raise KeyFolderUnusable(f"cannot read the key {file}; check who owns the key folder") from None


def hour_of(moment: datetime) -> datetime:
    """The start of the hour (UTC) that a moment lies in."""
    return moment.astimezone(UTC).replace(minute=0, second=0, microsecond=0)


def _write_once(file: Path, content: bytes) -> None:
    """Write a new file whole or not at all; an existing one stays. Another process may be doing the same."""
    try:
        for folder in reversed([p for p in (file.parent, *file.parent.parents) if not p.exists()]):
            folder.mkdir(mode=0o700, exist_ok=True)
        draft = file.with_name(f".{file.name}.{secrets.token_hex(8)}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        try:
            os.link(draft, file)  # fails when the file exists: the first one wins
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    except PermissionError:
        raise KeyFolderUnusable(f"cannot write {file}; check who owns the key folder") from None
