"""The compose file as data: its services, and the commands that a test starts as they stand there."""

import shlex
from pathlib import Path

import yaml

FILE = Path(__file__).parents[2] / "docker-compose.yml"


def services() -> dict[str, dict[str, object]]:
    """Every service by name, anchors filled in."""
    document: dict[str, dict[str, dict[str, object]]] = yaml.safe_load(FILE.read_text())
    return document["services"]


def commands() -> dict[str, list[str]]:
    """The words after `seinpost`, for each service that is one of our processes."""
    found: dict[str, list[str]] = {}
    for name, service in services().items():
        command = service.get("command", [])
        words = shlex.split(command) if isinstance(command, str) else [str(word) for word in list(command)]  # type: ignore[call-overload]
        if words and words[0] == "seinpost":
            found[name] = words[1:]
    return found
