"""The written contract of the topics: an AsyncAPI 3.0 document made from the types and tables that the workers use.

It describes; it checks no message (the types do that where a message is read).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from importlib.metadata import version

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from pipeline.kafka.bundles import RECORDS, TOGETHER
from pipeline.kafka.messages import ENCRYPTED, JSON
from pipeline.topic_access import PROCESSES, Process
from pipeline.topics import (
    DECISION_KIND,
    DECISIONS,
    POSTS,
    POSTS_DEAD,
    SETTINGS,
    SIGNALS,
    SIGNALS_DEAD,
    TOPICS,
    Topic,
)
from signals.analysed import Analysed
from signals.dead_letter import DeadLetter
from signals.decision import Decision
from signals.post import Post, PostRemoved
from signals.settings_version import DetectionSettings

Json = dict[str, object]


@dataclass(frozen=True)
class Message:
    """One kind of message. `kind` is its CloudEvents type, and ends with the version of its form."""

    type: type[BaseModel]
    kind: str
    key: str
    content_type: str
    topics: tuple[Topic, ...]

    @property
    def name(self) -> str:
        """Its name in the document."""
        return self.type.__name__


MESSAGES: tuple[Message, ...] = (
    Message(Post, "seinpost.post.v1", "the post's id", ENCRYPTED, (POSTS,)),
    Message(PostRemoved, "seinpost.post-removed.v1", "the post's id", ENCRYPTED, (POSTS, SIGNALS)),
    Message(Analysed, "seinpost.analysed.v1", "the post's id", ENCRYPTED, (SIGNALS,)),
    Message(Decision, DECISION_KIND, "the reference, which is the id in it", JSON, (DECISIONS,)),
    Message(DetectionSettings, "seinpost.settings.v1", "`detection`, so that the newest stays", JSON, (SETTINGS,)),
    Message(DeadLetter, "seinpost.dead-letter.v1", "the letter's id", JSON, (POSTS_DEAD, SIGNALS_DEAD)),
)

_SEALED = (
    "The body is encrypted (NaCl secretbox) under the key of the hour that stands readable in front of it, as"
    " `1;2026-11-23T10;` and then nonce and box; the key folder holds the keys and forgets them. Inside is JSON by the"
    " schema; several records of one partition may travel together, a line each (at most 100): then `ce_type` is that"
    " of the bundle, `ce_records` says how many, and the key is that of the first."
)
_PLAIN = "The body is JSON, readable: it holds no text of a post."
_SYSTEM = (
    "The log-in of a partner's system. It reads this one topic while the agreement of its organisation names the"
    " channel `decisions`; nobody else reads it."
)
_LETTER = "The body is JSON; `raw` is the record that was set aside, encrypted under the hour's key."


def document() -> Json:
    """The whole contract."""
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Seinpost: the topics of the road",
            "version": version("seinpost"),
            "description": (
                "Written by `seinpost topics contract` from the types; do not edit. Delivery is at least once and in"
                " order per key; repeats have the same `ce_id`. A reader refuses a field that it does not know: a new"
                " form gets a new version in `ce_type`, and readers are renewed before writers."
            ),
            "license": {"name": "EUPL-1.2"},
        },
        "servers": {"brokers": _server()},
        "channels": {channel_id(topic): _channel(topic) for topic in (*TOPICS, DECISIONS)},
        "operations": dict(_operations(PROCESSES)),
        "components": {
            "messages": {message.name: _message(message) for message in MESSAGES},
            "schemas": schemas(),
            "securitySchemes": {
                "login": {"type": "scramSha512", "description": "A log-in of its own for each process, inside TLS."},
                "certificate": {"type": "X509", "description": "Or a certificate; its common name is the log-in."},
            },
        },
    }


def schemas() -> dict[str, object]:
    """The JSON schemas of all records, and of what they consist of."""
    _, found = models_json_schema(
        [(message.type, "validation") for message in MESSAGES], ref_template="#/components/schemas/{model}"
    )
    definitions: dict[str, object] = found["$defs"]
    return definitions


def channel_id(topic: Topic) -> str:
    """The topic's name in the document: without ours in front and the version behind."""
    return topic.name.removeprefix("seinpost.").removesuffix(".v1").removesuffix(".{system}.v2").replace(".", "-")


def _server() -> Json:
    return {
        "host": "{brokers}",
        "protocol": "kafka-secure",
        "variables": {"brokers": {"description": "host:port, as in the setting `kafka`"}},
        "security": [{"$ref": f"#/components/securitySchemes/{scheme}"} for scheme in ("login", "certificate")],
    }


def _channel(topic: Topic) -> Json:
    configs = topic.configs
    settings: Json = {"cleanup.policy": [configs["cleanup.policy"]]}
    if "retention.ms" in configs:
        settings["retention.ms"] = int(configs["retention.ms"])
    of_a_system: Json = {"parameters": {"system": {"description": _SYSTEM}}} if topic is DECISIONS else {}
    return {
        "address": topic.name,
        **of_a_system,
        "description": _kept(topic),
        "messages": {
            message.name: {"$ref": f"#/components/messages/{message.name}"}
            for message in MESSAGES
            if topic in message.topics
        },
        "bindings": {
            "kafka": {"partitions": topic.partitions, "topicConfiguration": settings, "bindingVersion": "0.5.0"}
        },
    }


def _kept(topic: Topic) -> str:
    """How long a record stays, in words."""
    if topic.configs["cleanup.policy"] == "compact":
        return "The newest record of each key stays; older ones are removed."
    keep, roll = (timedelta(milliseconds=int(topic.configs[name])) for name in ("retention.ms", "segment.ms"))
    return f"A record is gone {_hours(keep)} after it came, at the latest {_hours(keep + roll)} after."


def _hours(span: timedelta) -> str:
    hours = span // timedelta(hours=1)
    return f"{hours // 24} days" if hours % 24 == 0 and hours > 24 else f"{hours} hours"


def _message(message: Message) -> Json:
    way = _SEALED if message.content_type == ENCRYPTED else _LETTER if message.type is DeadLetter else _PLAIN
    return {
        "name": message.kind,
        "contentType": message.content_type,
        "description": way,
        "headers": _headers(message),
        "payload": {"$ref": f"#/components/schemas/{message.name}"},
        "bindings": {"kafka": {"key": {"type": "string", "description": message.key}, "bindingVersion": "0.5.0"}},
    }


def _headers(message: Message) -> Json:
    """CloudEvents 1.0 in binary mode: ids, kinds and times, never content."""
    together = [TOGETHER[topic.name] for topic in message.topics if topic.name in TOGETHER]
    fields: Json = {
        "ce_specversion": {"const": "1.0"},
        "ce_id": {"type": "string", "format": "uuid", "description": "the same for a repeat"},
        "ce_source": {"type": "string", "description": "the step that wrote it, such as seinpost/collect"},
        "ce_type": {"const": message.kind} if not together else {"enum": [message.kind, *together]},
        "ce_time": {"type": "string", "format": "date-time"},
        "content-type": {"const": message.content_type},
    }
    required = list(fields)
    if message.type is DeadLetter:
        fields["reason"] = {"type": "string", "description": "why it was set aside"}
        required.append("reason")
    if together:
        fields[RECORDS] = {"type": "string", "pattern": "^[0-9]{1,3}$", "description": "records in it, from two on"}
    fields["traceparent"] = {"type": "string", "description": "W3C trace context, where traces are made"}
    return {"type": "object", "properties": fields, "required": required}


def _operations(processes: Iterable[Process]) -> Iterable[tuple[str, Json]]:
    for process in processes:
        for action, verb, topics in (
            ("receive", "reads", process.reads),
            ("send", "writes", (*process.writes, *process.tells)),
        ):
            for topic in topics:
                channel = channel_id(topic)
                yield (
                    f"{process.name}-{verb}-{channel}",
                    {
                        "action": action,
                        "channel": {"$ref": f"#/channels/{channel}"},
                        "summary": f"`seinpost {process.runs}`, logged in as {process.login}",
                    },
                )
