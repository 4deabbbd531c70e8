"""A sealed file opens with its secret only; no frame of it can be changed, repeated or cut off unnoticed."""

from pathlib import Path

import pytest
from nacl.public import PrivateKey

from pipeline.backup.seal_keys import NoSealKey, make, public, secret
from pipeline.backup.stream import BackupDamaged, SealedWriter, WrongKey, frames, sha256_of

SECRET = PrivateKey(bytes(range(32)))
FRAMES = [(b"T", b"tafel"), (b"R", b"x" * 70_000), (b"R", b""), (b"C", b"eind")]


@pytest.fixture
def sealed(tmp_path: Path) -> Path:
    file = tmp_path / "data"
    with SealedWriter(file, SECRET.public_key) as out:
        for kind, body in FRAMES:
            out.frame(kind, body)
        out.close()
        assert (out.sha256, out.size) == (sha256_of(file), file.stat().st_size)
    return file


def test_what_was_sealed_opens_with_the_secret(sealed: Path) -> None:
    assert list(frames(sealed, SECRET)) == FRAMES
    assert b"tafel" not in sealed.read_bytes()


def test_another_secret_is_told_so(sealed: Path) -> None:
    with pytest.raises(WrongKey, match="does not open"):
        list(frames(sealed, PrivateKey.generate()))


def test_every_damage_is_noticed(sealed: Path) -> None:
    whole = sealed.read_bytes()
    head = len(whole) - sum(4 + 17 + 1 + len(body) for _, body in FRAMES) - 21
    first = whole[head : head + 4 + 17 + 6]
    damages = {
        "a bit": whole[: head + 30] + bytes([whole[head + 30] ^ 1]) + whole[head + 31 :],
        "cut off": whole[:-1],
        "its end is gone": whole[:-21],
        "a frame is gone": whole[:head] + whole[head + len(first) :],
        "a frame twice": whole[:head] + first + whole[head:],
        "something after": whole + b"x",
        "another file": b"x" * len(whole),
        "nothing": b"",
    }
    for content in damages.values():
        sealed.write_bytes(content)
        with pytest.raises(BackupDamaged, match="take another copy"):
            list(frames(sealed, SECRET))


def test_a_pair_of_keys_is_made_apart_and_a_wrong_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(NoSealKey, match="--new-key"):
        public(tmp_path / "keys")
    made = make(tmp_path / "keys", tmp_path / "secret")
    assert secret(tmp_path / "secret").public_key == made == public(tmp_path / "keys")
    assert (tmp_path / "secret").stat().st_mode & 0o077 == 0
    assert not any(b"secret" in f.read_bytes() for f in (tmp_path / "keys").rglob("*") if f.is_file())
    with pytest.raises(NoSealKey, match="there already"):
        make(tmp_path / "keys", tmp_path / "secret")
    with pytest.raises(NoSealKey, match="cannot read"):
        secret(tmp_path / "nowhere")
    with pytest.raises(NoSealKey, match="right file"):
        secret(tmp_path / "keys" / "backup" / "public.key")
