"""The documents name commands, settings and files that exist."""

import re
from pathlib import Path

import pytest

from seinpost.cli.commands import COMMANDS
from seinpost.settings import Settings

REPOSITORY = Path(__file__).parents[2]
DOCUMENTS = [REPOSITORY / "README.md", *sorted((REPOSITORY / "docs").rglob("*.md"))]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda file: str(file.relative_to(REPOSITORY)))
def test_links_between_documents_lead_somewhere(document: Path) -> None:
    links = re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", document.read_text())
    inside = [link for link in links if "://" not in link]
    assert [link for link in inside if not (document.parent / link).exists()] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda file: str(file.relative_to(REPOSITORY)))
def test_commands_in_documents_exist(document: Path) -> None:
    known = {command.name for command in COMMANDS}
    named = set(re.findall(r"(?:`|bin/)seinpost ([a-z][a-z-]+)", document.read_text()))
    assert named - known == set()


def test_every_command_is_in_the_reference() -> None:
    reference = (REPOSITORY / "docs" / "reference" / "cli.md").read_text()
    assert [command.name for command in COMMANDS if f"`{command.name}" not in reference] == []


def test_every_setting_is_in_the_reference() -> None:
    reference = (REPOSITORY / "docs" / "reference" / "settings.md").read_text()
    assert [name for name in Settings.model_fields if f"`{name}`" not in reference] == []


def test_the_readme_is_under_two_screens() -> None:
    assert len((REPOSITORY / "README.md").read_text().splitlines()) <= 80


def test_every_make_target_has_a_line_of_help() -> None:
    makefile = (REPOSITORY / "Makefile").read_text()
    phony = re.search(r"^\.PHONY: (.*)$", makefile, flags=re.MULTILINE)
    assert phony is not None
    for target in ("demo", "test", "check", "bench", "kafka", "soak", "clean", "lock", "help"):
        assert target in phony.group(1).split()
        assert re.search(rf"^{target}:.* ## ", makefile, flags=re.MULTILINE), target
