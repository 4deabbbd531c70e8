"""`seinpost users` at the prompt: somebody is put in a region's team and taken out of it, on the trail."""

import json
from pathlib import Path

import pytest

from pipeline.key_folder import KeyFolder
from pipeline.store.connection import Database
from seinpost.cli.main import main
from tests.database import owner_connection


def test_a_region_is_given_at_adding_changed_and_taken_away(
    database: Database,
    keys: KeyFolder,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(
        "SEINPOST_DATABASE_URL", database.url.set(drivername="postgresql").render_as_string(hide_password=False)
    )
    for name, value in {"KEYS": keys.path, "DATA": tmp_path, "CONTACT": "x@example.org"}.items():
        monkeypatch.setenv(f"SEINPOST_{name}", str(value))
    (tmp_path / "wachtwoord").write_text("een lang verzonnen wachtwoord\n")

    def typed(*words: str) -> tuple[int, str]:
        with pytest.raises(SystemExit) as ended:
            main(["users", *words])
        out, err = capsys.readouterr()
        return int(ended.value.code or 0), out or err

    def region(name: str) -> object:
        code, out = typed("list", "--json")
        assert code == 0, out
        return {one["username"]: one["region"] for one in json.loads(out)}[name]

    add = ("add", "rita", "--name", "Rita", "--role", "expert", "--password-file", "wachtwoord")
    assert typed(*add, "--region", "rotterdam")[0] == 0
    assert region("rita") == "rotterdam"
    assert typed("region", "rita", "zaanstreek") == (0, "rita: zaanstreek.\n")
    assert region("rita") == "zaanstreek"
    assert typed("region", "rita") == (0, "rita: no region.\n")
    assert region("rita") is None
    assert typed("region", "rita", "atlantis")[0] == 2
    code, said = typed("region", "niemand", "rotterdam")
    assert code != 0
    assert "nobody is called niemand" in said
    with owner_connection(database) as owner:
        lines = owner.execute(
            "SELECT payload::jsonb->6 FROM trail WHERE payload::jsonb->>3 = 'region_set' ORDER BY seq"
        )
        assert [line[0] for line in lines] == [{"region": "zaanstreek"}, {"region": "none"}]
