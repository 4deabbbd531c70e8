"""The compose file is valid by the Compose specification and starts only commands that exist."""

import json
from pathlib import Path

import jsonschema
import pytest
import yaml

from tests import command
from tests.frame.compose import FILE, commands, services

SCHEMA = Path(__file__).parent / "data" / "compose-spec.json"


def test_the_file_is_valid_by_the_schema_of_the_specification() -> None:
    schema = json.loads(SCHEMA.read_text())
    validator = jsonschema.validators.validator_for(schema)
    validator.check_schema(schema)
    assert [error.message for error in validator(schema).iter_errors(yaml.safe_load(FILE.read_text()))] == []


def test_a_wrong_file_would_be_noticed() -> None:
    schema = json.loads(SCHEMA.read_text())
    document = yaml.safe_load(FILE.read_text())
    document["services"]["serve"]["comand"] = ["seinpost", "serve"]
    assert not jsonschema.validators.validator_for(schema)(schema).is_valid(document)


@pytest.mark.parametrize("service", sorted(commands()))
def test_every_command_in_the_file_exists(service: str) -> None:
    words = [*commands()[service], "--help"]
    done = command.in_words(words)
    assert done.returncode == 0, done.stderr
    assert " ".join(commands()[service]).split(" ")[0] in done.stdout


def test_there_is_one_service_per_process_of_the_kafka_road() -> None:
    assert {"analyse", "intake", "relay", "dispatch"} <= set(commands())
    for worker in ("analyse", "intake", "relay", "dispatch"):
        assert commands()[worker] == ["work", worker]
    assert commands()["serve"] == ["serve"]
    assert commands()["unseal"] == ["unseal"]


@pytest.mark.parametrize("service", sorted(commands()))
def test_our_processes_run_without_privileges_on_a_read_only_root(service: str) -> None:
    settings = services()[service]
    assert settings["read_only"] is True
    assert settings["cap_drop"] == ["ALL"]
    assert settings["security_opt"] == ["no-new-privileges:true"]
    assert str(settings["user"]).split(":")[0] != "0"


def test_no_secret_stands_in_the_file() -> None:
    for service in services().values():
        environment = service.get("environment", {})
        assert isinstance(environment, dict)
        loose = [name for name in environment if "PASSWORD" in name and not name.endswith("_FILE")]
        assert loose == []
        assert all(
            ":" not in str(value).split("@")[0].split("//")[-1]
            for value in environment.values()
            if "@" in str(value) and "//" in str(value)
        )
