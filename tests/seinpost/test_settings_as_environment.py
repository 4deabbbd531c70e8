"""Settings reach a child process as they are, lists included; a rule list that cannot be read is told in one line."""

from pathlib import Path

import pytest

from pipeline.quality.rules import SHIPPED, AtRandom
from seinpost.settings import Settings, SettingsWrong, as_environment, load


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_child_reads_what_its_parent_had(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ours = Settings(data=here / "een map", tip_codes=True, kafka="127.0.0.1:9", unflagged_share=0.25)
    for name, value in as_environment(ours).items():
        monkeypatch.setenv(name, value)
    assert load() == ours
    assert load().second_readings == SHIPPED


def test_the_rule_list_is_a_table_in_the_file_and_may_be_empty(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (here / "seinpost.toml").write_text('[[second_readings]]\nkind = "random"\nshare = 0.1\n')
    assert load().second_readings == (AtRandom(kind="random", share=0.1),)
    monkeypatch.setenv("SEINPOST_SECOND_READINGS", "[]")
    assert load().second_readings == ()


@pytest.mark.parametrize("wrong", ["random 5", '[{"kind": "who"}]', '[{"kind": "random", "share": 5}]'])
def test_a_rule_list_that_cannot_be_read_names_the_setting(
    here: Path, monkeypatch: pytest.MonkeyPatch, wrong: str
) -> None:
    monkeypatch.setenv("SEINPOST_SECOND_READINGS", wrong)
    with pytest.raises(SettingsWrong, match="second_readings") as told:
        load()
    assert "\n" not in str(told.value)
