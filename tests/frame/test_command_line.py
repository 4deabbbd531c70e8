"""The command line of `interfaces`: every command is there, help reads well and is quick, and errors are one line."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from typer.testing import CliRunner

from seinpost.cli.commands import COMMANDS, Command
from seinpost.cli.main import explain, provider
from tests import command

PROMISED = [
    "up", "collect", "import", "tip", "work", "serve", "analyse", "evaluate", "train", "thresholds", "places", "order",
    "dead-letters", "replay", "retention", "audit", "register", "users", "directory", "doctor",
]  # fmt: skip
HEAVY = ("transformers", "onnxruntime", "spacy", "sqlalchemy", "psycopg", "kafka", "fastapi", "scrapy", "sklearn")


def seinpost(
    *words: str, environment: Mapping[str, str] | None = None, cwd: Path | None = None
) -> subprocess.CompletedProcess[str]:
    return command.in_words(words, {**os.environ, "COLUMNS": "100", **(environment or {})}, cwd)


def test_every_promised_command_is_in_the_help() -> None:
    installed = [Path(sys.executable).with_name("seinpost"), "--help"]
    shown = subprocess.run(installed, capture_output=True, text=True, check=True, timeout=60).stdout
    assert [command for command in PROMISED if f" {command} " not in shown] == []


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_every_command_explains_itself(command: Command) -> None:
    shown = CliRunner().invoke(provider(command), ["--help"], prog_name=f"seinpost {command.name}")
    assert shown.exit_code == 0, shown.output
    assert f"Usage: seinpost {command.name}" in shown.output
    assert "install-completion" not in shown.output


def test_help_loads_no_heavy_library() -> None:
    look = f"import sys; import seinpost.cli.main; print([name for name in {HEAVY!r} if name in sys.modules])"
    assert subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True).stdout == "[]\n"


def test_a_command_that_is_still_to_come_says_so() -> None:
    done = seinpost("register", "export")
    assert done.returncode == 2
    assert "not built yet: it comes with" in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize("words", [["nonsense"], ["work", "nonsense"], ["up", "--nonsense"]])
def test_wrong_use_ends_with_status_2(words: list[str]) -> None:
    assert seinpost(*words).returncode == 2


def test_a_wrong_setting_is_named_without_its_value() -> None:
    done = seinpost("doctor", environment={"SEINPOST_SMTP_PORT": "hunter2"})
    assert done.returncode == 2
    assert "smtp_port" in done.stderr
    assert "hunter2" not in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_a_typing_error_in_a_setting_is_not_ignored(tmp_path: Path) -> None:
    assert "SEINPOST_PROT" in seinpost("doctor", environment={"SEINPOST_PROT": "1"}).stderr
    (tmp_path / "seinpost.toml").write_text("prot = 8700\n")
    assert "prot" in seinpost("doctor", cwd=tmp_path).stderr


def test_the_environment_wins_from_the_file(tmp_path: Path) -> None:
    (tmp_path / "seinpost.toml").write_text(
        'smtp_host = "127.0.0.1"\nsmtp_port = 1\nbase_url = "https://one.example"\n'
    )
    done = seinpost("doctor", "--json", cwd=tmp_path, environment={"SEINPOST_BASE_URL": "https://two.example"})
    says = {row["what"]: row for row in json.loads(done.stdout)}
    assert says["address"]["says"] == "https://two.example"
    assert not says["mail"]["fine"]


def test_doctor_on_an_empty_folder_says_what_to_do_and_makes_nothing(tmp_path: Path) -> None:
    done = seinpost("doctor", cwd=tmp_path)
    assert done.returncode == 1
    assert "run seinpost up" in done.stdout
    assert list(tmp_path.iterdir()) == []


def test_an_unforeseen_error_never_shows_its_message() -> None:
    try:
        int("ik kom je halen")
    except ValueError as error:
        line, status = explain(error)
    assert status == 1
    assert "halen" not in line
    assert "ValueError" in line
