"""`seinpost tip` takes words and refuses pictures and files, before anything is opened or stored."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from seinpost.cli.tip import app

JPEG = b"\xff\xd8\xff\xe0" + bytes(20)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [("mijn foto.jpg", JPEG, "faces"), ("zonder einde", JPEG, "faces"), ("woorden.txt", b"woorden", "name of a file")],
)
def test_a_file_in_place_of_words_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, content: bytes, said: str
) -> None:
    monkeypatch.setenv("SEINPOST_DATA", str(tmp_path / "data"))
    file = tmp_path / name
    file.write_bytes(content)
    refused = CliRunner().invoke(app, [str(file)])
    assert refused.exit_code == 2
    assert said in refused.output
    assert not (tmp_path / "data" / "postgres").exists()


def test_a_picture_piped_in_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEINPOST_DATA", str(tmp_path / "data"))
    refused = CliRunner().invoke(app, [], input=JPEG)
    assert refused.exit_code == 2
    assert "faces" in refused.output
