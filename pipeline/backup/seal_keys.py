"""The key pair of the backups: the public half in the key folder, the secret half somewhere else altogether.

Whoever runs the backups can read none of them.
"""

import os
from base64 import b64decode, b64encode
from pathlib import Path

from nacl.public import PrivateKey, PublicKey

_SECRET, _PUBLIC = "seinpost-backup-secret:", "seinpost-backup-public:"


class NoSealKey(Exception):
    """There is no usable key to seal or open with."""


def make(key_folder: Path, secret_file: Path) -> PublicKey:
    """A new pair: the secret into a new file, the public half into the key folder in place of one that was there."""
    pair = PrivateKey.generate()
    try:
        descriptor = os.open(secret_file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise NoSealKey(f"{secret_file} is there already; name a new file") from None
    except OSError as fault:
        raise NoSealKey(f"cannot write {secret_file}: {fault.strerror}") from None
    with os.fdopen(descriptor, "w") as out:
        out.write(_SECRET + b64encode(bytes(pair)).decode() + "\n")
    file = _public_file(key_folder)
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = file.with_name(".public.key")
    draft.touch(mode=0o600)
    draft.write_text(_PUBLIC + b64encode(bytes(pair.public_key)).decode() + "\n")
    draft.replace(file)
    return pair.public_key


def public(key_folder: Path) -> PublicKey:
    """The key to seal to."""
    file = _public_file(key_folder)
    try:
        return PublicKey(_content(file, _PUBLIC))
    except FileNotFoundError:
        raise NoSealKey("there is no key to seal backups to; make one: seinpost backup --new-key FILE") from None


def secret(file: Path) -> PrivateKey:
    """The key to open with, from the file that was put away."""
    try:
        return PrivateKey(_content(file, _SECRET))
    except OSError as fault:
        raise NoSealKey(f"cannot read the secret key {file}: {fault.strerror}") from None


def _public_file(key_folder: Path) -> Path:
    return key_folder / "backup" / "public.key"


def _content(file: Path, mark: str) -> bytes:
    line = file.read_text(errors="replace").strip()
    try:
        key = b64decode(line.removeprefix(mark), validate=True) if line.startswith(mark) else b""
    except ValueError:
        key = b""
    if len(key) != PrivateKey.SIZE:
        raise NoSealKey(f"{file} does not hold {mark.rstrip(':')} key; name the right file")
    return key
