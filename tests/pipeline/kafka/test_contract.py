"""The written contract is what the workers do: valid AsyncAPI, current, true of real messages, and never narrowed."""

import copy
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from jsonschema.protocols import Validator

from pipeline.contract import MESSAGES, Message, channel_id, document
from pipeline.kafka.bundles import of_answers, of_records, piece_of
from pipeline.kafka.dead_letters import of_letter
from pipeline.kafka.messages import Outgoing
from pipeline.key_folder import KeyFolder
from pipeline.topic_access import PROCESSES
from pipeline.topics import DECISIONS, TOPICS
from pipeline.workers import analysis, intake
from signals.analysed import Analysed
from signals.dead_letter import DeadLetter
from signals.post import Post, PostRemoved
from tests.pipeline.kafka.compatibility import NotJudged, narrowed
from tests.pipeline.kafka.example_records import EXAMPLES, NOW
from tests.pipeline.kafka.golden_records import record_files, schema_file

COMMITTED = Path(__file__).parents[3] / "docs" / "reference" / "asyncapi.json"
SPECIFICATION = Path(__file__).parent / "data" / "asyncapi-3.0.0.json"
WRITE_ANEW = "write it anew: .venv/bin/seinpost topics contract docs/reference/asyncapi.json"
RAISE = (
    "a record of this version could no longer be read: raise the version of the message in pipeline/contract.py and"
    " where it is written, and make its golden copy with python -m tests.pipeline.kafka.golden_records"
)
by_kind = pytest.mark.parametrize("message", MESSAGES, ids=lambda message: message.kind)


def _validator(schema: Mapping[str, Any]) -> Validator:
    return jsonschema.validators.validator_for(schema)(schema)


def _payload(message: Message) -> Validator:
    whole = document()
    return _validator({"$ref": f"#/components/schemas/{message.name}", "components": whole["components"]})


def test_the_document_is_valid_by_the_schema_of_asyncapi() -> None:
    specification = _validator(json.loads(SPECIFICATION.read_text()))
    assert [error.message for error in specification.iter_errors(document())] == []
    for wrong in ("channels", "operations", "components"):
        broken: dict[str, Any] = copy.deepcopy(document())
        broken[wrong] = {"a name with spaces": 3}
        assert not specification.is_valid(broken), wrong


def test_the_committed_document_is_current() -> None:
    assert json.loads(COMMITTED.read_text()) == json.loads(json.dumps(document())), WRITE_ANEW


def test_every_reference_in_the_document_leads_somewhere() -> None:
    whole = json.loads(json.dumps(document()))

    def references(part: object) -> list[str]:
        if isinstance(part, dict):
            here = [part["$ref"]] if isinstance(part.get("$ref"), str) else []
            return here + [found for value in part.values() for found in references(value)]
        return [found for value in part for found in references(value)] if isinstance(part, list) else []

    for reference in references(whole):
        place: Any = whole
        for step in reference.removeprefix("#/").split("/"):
            place = place[step]


def test_it_names_every_topic_and_who_reads_and_writes_it() -> None:
    whole: Any = document()
    every = (*TOPICS, DECISIONS)
    assert {channel["address"] for channel in whole["channels"].values()} == {topic.name for topic in every}
    assert whole["channels"]["decisions"]["parameters"].keys() == {"system"}
    for topic in every:
        assert whole["channels"][channel_id(topic)]["messages"], topic.name
    told = {(name.split("-")[0], each["action"], each["channel"]["$ref"]) for name, each in whole["operations"].items()}
    assert told == {
        (process.name, action, f"#/channels/{channel_id(topic)}")
        for process in PROCESSES
        for action, topics in (("receive", process.reads), ("send", (*process.writes, *process.tells)))
        for topic in topics
    }
    groups = {process.name: process.group for process in PROCESSES}
    assert (groups["analyse"], groups["intake"]) == (analysis.GROUP, intake.GROUP)


@pytest.mark.parametrize("kind", [Post, PostRemoved, Analysed, DeadLetter])
def test_messages_as_the_workers_write_them_follow_it(kind: type, tmp_path: Path) -> None:
    keys = KeyFolder(tmp_path / "keys")
    (message,) = [m for m in MESSAGES if m.type is kind]
    whole: Any = document()
    headers = _validator(whole["components"]["messages"][message.name]["headers"])
    for record in EXAMPLES[kind].values():
        written = _written(record, keys)
        assert written.topic in message.topics
        told = {name: value.decode() for name, value in written.headers}
        assert [error.message for error in headers.iter_errors(told)] == []
        assert not headers.is_valid({**told, "ce_type": "seinpost.other.v1"})


def _written(record: object, keys: KeyFolder) -> Outgoing:
    if isinstance(record, Post | PostRemoved):
        return of_records([record], keys, NOW)[0]
    if isinstance(record, DeadLetter):
        return of_letter(record, keys)
    assert isinstance(record, Analysed)
    return of_answers([piece_of(record)], 0, keys, NOW)[0]


@by_kind
def test_a_record_follows_the_schema_of_its_message_and_no_other_field(message: Message) -> None:
    payload = _payload(message)
    for record in EXAMPLES[message.type].values():
        body = json.loads(record.model_dump_json())
        assert [error.message for error in payload.iter_errors(body)] == []
        assert not payload.is_valid({**body, "author": "someone"})


@by_kind
def test_records_of_every_golden_version_are_still_read(message: Message) -> None:
    assert record_files(message), f"{message.kind} has no golden copy"
    for file in record_files(message):
        record = message.type.model_validate_json(file.read_text())
        again = message.type.model_validate_json(record.model_dump_json())
        assert record == again, RAISE
        told = json.loads(file.read_text())
        now = json.loads(record.model_dump_json())
        assert {name: now.get(name) for name in told} == told, RAISE


@by_kind
def test_nothing_that_a_version_allowed_is_refused_now(message: Message) -> None:
    golden = json.loads(schema_file(message).read_text())
    assert narrowed(golden, message.type.model_json_schema()) == [], RAISE


def _changed(change: str) -> dict[str, Any]:
    schema: dict[str, Any] = copy.deepcopy(Post.model_json_schema())
    fields = schema["properties"]
    match change:
        case "a field gone":
            del fields["link_hash"]
        case "a field renamed":
            fields["words"] = fields.pop("text")
            schema["required"] = ["words" if name == "text" else name for name in schema["required"]]
        case "a field that must be there now":
            schema["required"] = [*schema["required"], "lang_hint"]
        case "another type":
            fields["revision"] = {"type": "string"}
        case "none no longer allowed":
            fields["posted_at"] = {"type": "string", "format": "date-time"}
        case "a shorter text":
            fields["text"] = {**fields["text"], "maxLength": 500}
        case "a source gone":
            schema["$defs"]["Source"]["enum"] = schema["$defs"]["Source"]["enum"][:-1]
        case "a field of a part gone":
            del schema["$defs"]["Sealed"]["properties"]["box"]
    return schema


@pytest.mark.parametrize(
    "change",
    [
        "a field gone",
        "a field renamed",
        "a field that must be there now",
        "another type",
        "none no longer allowed",
        "a shorter text",
        "a source gone",
        "a field of a part gone",
    ],
)
def test_a_breaking_change_is_noticed(change: str) -> None:
    assert narrowed(Post.model_json_schema(), _changed(change)) != []


def test_a_new_field_that_may_be_absent_and_a_new_source_break_nothing() -> None:
    wider: dict[str, Any] = copy.deepcopy(Post.model_json_schema())
    wider["properties"]["mood"] = {"anyOf": [{"type": "string"}, {"type": "null"}], "default": None}
    wider["$defs"]["Source"]["enum"].append("new-platform")
    assert narrowed(Post.model_json_schema(), wider) == []
    with pytest.raises(NotJudged):
        narrowed(Post.model_json_schema(), {**wider, "not": {}})
