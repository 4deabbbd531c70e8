"""`seinpost order create --seed`: a seed that no kind reads is refused before anybody signs in, and never repeated."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from seinpost.cli.collect import app as collect_app
from seinpost.cli.order import app

ABOUT = ["create", "--user", "anna", "--controller", "Gemeente", "--basis", "AVG", "--occasion", "onrust"]


@pytest.fixture(autouse=True)
def installation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SEINPOST_DATA", str(tmp_path))


@pytest.mark.parametrize(
    ("source", "seed", "says"),
    [
        ("mastodon-post", "mastodon=qzcanary7", "write a Mastodon seed"),
        ("feed-entry", "mastodon=qzcanary7", "needs --source mastodon-post"),
        ("mastodon-post", "qzcanary7", "KIND=ADDRESS"),
        ("mastodon-post", "https://qzcanary7.example.org/?channel=x", "with one of the kinds bluesky, "),
        ("web-page", "web=qzcanary7", "a seed of web"),
    ],
)
def test_a_wrong_seed_is_one_line_and_status_2(source: str, seed: str, says: str) -> None:
    done = CliRunner().invoke(app, [*ABOUT, "--source", source, "--seed", seed, "--seed-reason", "plaatselijk"])
    assert done.exit_code == 2
    assert says in done.output
    assert "qzcanary7" not in done.output


def test_a_seed_needs_a_reason() -> None:
    seed = ["--source", "mastodon-post", "--seed", "mastodon=https://x.example/tags/y"]
    done = CliRunner().invoke(app, [*ABOUT, *seed])
    assert (done.exit_code, "--seed-reason" in done.output) == (2, True)


def test_collect_names_the_kinds_there_are() -> None:
    done = CliRunner().invoke(collect_app, ["myspace"])
    assert done.exit_code == 2
    assert "choose from bluesky, bluesky-author, feeds, mastodon" in done.output
