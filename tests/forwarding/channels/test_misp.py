"""MISP events by MISP's own library and schema, and their way to an instance: added once, changed, withdrawn."""

import asyncio
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import jsonschema
import pymisp
import pytest
from pymisp import MISPEvent

from forwarding.channels.calling import Caller, trusting
from forwarding.channels.channel import Outcome
from forwarding.channels.misp import Misp
from forwarding.channels.misp_event import TLP, event_id, misp_event
from pipeline.store.notices import ChannelName, DueNotice, NoticeKind
from signals.referral import RecipientKind, ReferralState
from tests.forwarding.channels.receiver import Receiver, receiving
from tests.forwarding.channels.telling import BASE, dispatching, give_endpoint, notices, refer, settled, take_back
from tests.forwarding.town import NOW, Town
from tests.patience import until
from tests.pipeline.kafka.authority import Authority

GROUP = UUID("5c4f2a6a-0d1e-4a52-9b1e-5f5b0c1d2e3f")
SCHEMA = json.loads((Path(pymisp.__file__).parent / "data" / "schema.json").read_text())
KEY = b"an-invented-key-of-forty-characters-long"

FULL = DueNotice(
    id=uuid4(),
    channel=ChannelName.MISP,
    kind=NoticeKind.NEW,
    attempts=0,
    referral_id=UUID(int=5),
    referral_state=ReferralState.PREPARED,
    recipient_kind=RecipientKind.POLICE,
    place_notice=False,
    category="confrontation",
    theme=None,
    level="acuut",
    places=("Lisdodde College", "Rietdam"),
    window_start=NOW,
    window_end=NOW + timedelta(hours=1),
    expires_at=NOW + timedelta(days=28),
    address="https://misp.partner.example",
    endpoint_id=uuid4(),
    sharing_group=GROUP,
    contact_active=True,
    allowed=True,
)
BARE = replace(FULL, category=None, theme="geweld", level=None, places=(), window_start=None, window_end=None)


@pytest.mark.parametrize("notice", [FULL, BARE, replace(FULL, kind=NoticeKind.WITHDRAWN)])
def test_an_event_is_valid_by_misps_own_schema_and_library(notice: DueNotice) -> None:
    event = misp_event(notice, BASE, NOW)
    jsonschema.Draft4Validator(SCHEMA).validate({"Event": event})
    read = MISPEvent(strict_validation=True)
    read.load({"Event": event})  # raises on an attribute type or category that MISP does not know
    assert read.uuid == str(event_id(notice))
    assert read.tags[0].name == TLP
    assert (read.distribution, read.SharingGroup.uuid) == (4, str(GROUP))
    assert all(not attribute.to_ids and attribute.distribution == 5 for attribute in read.attributes)


def test_without_a_sharing_group_there_is_no_event() -> None:
    with pytest.raises(ValueError, match="sharing group"):
        misp_event(replace(FULL, sharing_group=None), BASE, NOW)


def test_what_follows_changes_the_same_event_and_a_withdrawal_empties_it() -> None:
    first = misp_event(FULL, BASE, NOW)
    gone = misp_event(replace(FULL, kind=NoticeKind.WITHDRAWN), BASE, NOW + timedelta(minutes=1))
    assert first["uuid"] == gone["uuid"]
    assert int(str(gone["timestamp"])) > int(str(first["timestamp"]))
    kept = {one["uuid"] for one in attributes(gone) if not one["deleted"]}
    held = {one["uuid"] for one in attributes(first) if one["comment"] != "portal"}
    assert held & kept == set()
    assert held <= {one["uuid"] for one in attributes(gone) if one["deleted"]}
    for word in ("Rietdam", "Lisdodde", "Confrontatie", "Acuut"):
        assert word not in json.dumps(gone)


def attributes(event: dict[str, object]) -> list[dict[str, Any]]:
    found = event["Attribute"]
    assert isinstance(found, list)
    return found


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


class Instance(Receiver):
    """A receiver that answers as an instance of MISP does: an event is added once and changed by its id."""

    def take(self, handler: BaseHTTPRequestHandler) -> int | None:
        """Keep the event, or say that it is there already or not yet."""
        body = handler.rfile.read(int(handler.headers["Content-Length"]))
        self.raw.append(body)
        self.tried.append(handler.path)
        if handler.headers["authorization"] != KEY.decode():
            return 401
        event = json.loads(body)["Event"]
        jsonschema.Draft4Validator(SCHEMA).validate({"Event": event})
        there = {one["uuid"]: one for one in self.taken}
        if handler.path.endswith("/events/add"):
            if event["uuid"] in there:
                return 404
            self.taken.append(event)
        elif event["uuid"] not in there:
            return 404
        else:
            self.taken[:] = [event if one["uuid"] == event["uuid"] else one for one in self.taken]
        if self.hang_up_after_taking:
            self.hang_up_after_taking -= 1
            return None
        return 200


@pytest.fixture
def instance(authority: Authority) -> Iterator[Receiver]:
    with receiving(KEY, authority.signs("misp", "127.0.0.1"), Instance) as one:
        yield one


@pytest.fixture
def misp(authority: Authority) -> Misp:
    return Misp(Caller(trusting(authority.file), True, 2.0), lambda _: KEY, BASE)


def test_an_event_is_added_once_changed_in_place_and_withdrawn(town: Town, instance: Receiver, misp: Misp) -> None:
    instance.hang_up_after_taking = 1  # it has the event, but we do not hear so
    give_endpoint(town, "wijkagent", instance.url, "misp", group=GROUP)
    signal = refer(town, "wijkagent")
    with dispatching(town, [misp]):
        until(lambda: settled(town, "misp"))
        assert notices(town, "misp") == [("new", "sent", 2, "")]
        assert len(instance.taken) == 1
        assert "Confrontatie" in str(instance.taken[0]["info"])
        take_back(town, signal)
        until(lambda: len(notices(town, "misp")) == 2 and settled(town, "misp"))
    assert len(instance.taken) == 1
    assert instance.taken[0]["info"] == "Seinpost: ingetrokken"
    for raw in instance.raw:
        assert b"zqkanarie" not in raw
        assert str(signal).encode() not in raw


def test_a_key_that_is_refused_or_missing_is_said(town: Town, instance: Receiver, misp: Misp) -> None:
    give_endpoint(town, "wijkagent", instance.url, "misp", group=GROUP)
    refer(town, "wijkagent")
    with dispatching(town, [replace(misp, key=lambda _: b"another-key-that-is-wrong")]):
        until(lambda: settled(town, "misp"))
    assert notices(town, "misp") == [("new", "failed", 3, "not_verified")]
    assert asyncio.run(replace(misp, key=lambda _: None).hand_over(FULL, NOW)) is Outcome.NO_KEY
