"""A partner's system hears on its own topic what its agreement allows of what was forwarded to it, and nothing else."""

import json
from collections.abc import Iterator
from typing import Any

import jsonschema
import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import ProgrammingError
from typer.testing import CliRunner, Result

from forwarding.channels.channel import Channel
from forwarding.channels.decisions import Decisions
from pipeline.contract import document
from pipeline.kafka.local_broker import LocalBroker
from pipeline.kafka.producer import RecordProducer
from pipeline.kafka.topic_admin import apply
from pipeline.store import outbox, trial_messages
from pipeline.store.notices import NoticeKind
from pipeline.topics import TOPICS, System, decisions
from pipeline.workers.relay import Relay
from seinpost.cli.channels import app as channels
from signals.decision import Told
from signals.referral import Field
from tests.forwarding.channels.telling import (
    CANARY,
    dispatching,
    give_endpoint,
    notices,
    refer,
    settled,
    take_back,
    true_time,
)
from tests.forwarding.town import STATION, Town
from tests.patience import until
from tests.road.decisions import decisions_told
from tests.road.invented import SETTINGS

LOGIN = "basisteam"
ORGANISATION = "Organisatie wijkagent police"


@pytest.fixture
def way(town: Town) -> Channel:
    return Decisions(lambda: town.database.engine_for("seinpost_dispatch", 1))


@pytest.fixture
def relay_way(town: Town) -> Iterator[Engine]:
    engine = town.database.engine_for("seinpost_relay")
    yield engine
    engine.dispose()


def give_system(town: Town, name: str = "wijkagent", login: str = LOGIN, agreed: bool = True) -> None:
    give_endpoint(town, name, login, "decisions", agreed=agreed)


def put(town: Town, way: Channel) -> list[dict[str, Any]]:
    """What the dispatcher left for the relay."""
    with dispatching(town, [way]):
        until(lambda: settled(town, "decisions"))
    with town.owner() as owner:
        rows = owner.execute("SELECT topic, key, body FROM outbox ORDER BY id").fetchall()
    return [{"topic": topic, "key": key, **body} for topic, key, body in rows]


def still_told(engine: Engine) -> list[bool]:
    with engine.connect() as connection:
        return [one.still_told for name in outbox.topics(connection) for one in outbox.waiting(connection, name, 10)]


def test_a_system_is_told_the_fields_of_its_recipient_by_the_written_contract_and_no_content(
    town: Town, way: Channel
) -> None:
    give_system(town)
    refer(town, "wijkagent", "coordinator.x")
    (told,) = put(town, way)
    assert (told.pop("topic"), told.pop("key")) == (decisions(LOGIN).name, told["id"])
    schema = {"$ref": "#/components/schemas/Decision", "components": document()["components"]}
    jsonschema.validate(told, schema)
    assert (told["told"], told["category"], told["level"]) == ("new", "confrontation", "acuut")
    assert told["window_start"]
    assert told["expires_at"]
    assert STATION.name in told["places"]
    assert "zqkanarie" not in json.dumps(told)
    assert CANARY not in json.dumps(told)
    assert set(told) == {
        *("id", "told", "category", "theme", "level", "places", "window_start", "window_end", "expires_at"),
        "one_reader",
    }
    assert notices(town, "decisions") == [("new", "sent", 1, "")]


def test_what_the_agreement_does_not_name_is_left_out(town: Town, way: Channel) -> None:
    give_system(town)
    with town.owner() as owner:
        owner.execute(
            "UPDATE agreements a SET fields = %s FROM organisations o WHERE o.id = a.organisation_id AND o.name = %s",
            ([Field.PLACE.value, Field.LEVEL.value], ORGANISATION),
        )
    refer(town, "wijkagent")
    (told,) = put(town, way)
    assert told["places"]
    assert told["level"] == "acuut"
    assert (told["category"], told["theme"], told["window_start"], told["window_end"]) == (None, None, None, None)


def test_nothing_is_told_of_a_signal_that_was_not_forwarded_under_an_agreement_that_names_the_system(
    town: Town, way: Channel
) -> None:
    give_system(town, agreed=False)
    town.add_signal(STATION)  # read and confirmed, sent to nobody
    refer(town, "wijkagent", "coordinator.x")
    assert put(town, way) == []
    assert notices(town, "decisions") == []


def test_a_withdrawal_follows_on_the_same_topic_with_the_reference_alone_also_after_the_agreement(
    town: Town, way: Channel, relay_way: Engine
) -> None:
    give_system(town)
    signal = refer(town, "wijkagent")
    (new,) = put(town, way)
    with town.owner() as owner:
        owner.execute("UPDATE agreements SET ends_on = current_date - 1, channels = '{email}'")
    take_back(town, signal)
    _, gone = put(town, way)
    assert (gone["topic"], gone["key"], gone["id"]) == (new["topic"], new["key"], new["id"])
    assert {name: value for name, value in gone.items() if value} == {
        "topic": new["topic"],
        "key": new["key"],
        "id": new["id"],
        "told": "withdrawn",
    }
    assert still_told(relay_way) == [False, True], "what waited is withheld, that it was withdrawn is not"


ENDS = (
    "UPDATE agreements SET ends_on = current_date - 1",
    "UPDATE agreements SET channels = '{email}'",
    "UPDATE endpoints SET active = false",
    "UPDATE contacts SET active = false",
    "UPDATE referrals SET expires_at = now() - interval '1 minute'",
    "UPDATE referrals SET state = 'withdrawn'",
)


def test_what_waits_for_the_relay_is_withheld_when_it_may_not_be_known_any_more(
    town: Town, way: Channel, relay_way: Engine
) -> None:
    give_system(town)
    refer(town, "wijkagent")
    assert len(put(town, way)) == 1
    assert still_told(relay_way) == [True]
    with town.owner() as owner:
        for ended in ENDS:
            with owner.transaction(force_rollback=True):
                owner.execute(ended.encode())
                told = owner.execute("SELECT bool_or(decision_still_told(referral_id)) FROM outbox").fetchone()
            assert told == (False,), ended


def test_a_test_message_goes_the_same_way_and_says_that_it_is_one(town: Town, way: Channel, relay_way: Engine) -> None:
    give_system(town)
    with town.expert() as connection:
        asked = trial_messages.ask(connection, town.contacts["wijkagent"], true_time())
    with dispatching(town, [way]):
        until(lambda: still_told(relay_way) == [True])
    with town.owner() as owner:
        (body,) = owner.execute("SELECT body FROM outbox").fetchone() or ({},)
    assert {name: value for name, value in body.items() if value} == {"id": str(asked), "told": "trial"}


def test_no_role_but_the_dispatchers_leaves_anything_and_that_one_only_what_its_notice_tells(town: Town) -> None:
    give_system(town)
    refer(town, "wijkagent", "coordinator.x")
    with town.owner() as owner:
        found = owner.execute("SELECT id, referral_id, channel FROM notices").fetchall()
    ours = next((notice, referral) for notice, referral, channel in found if channel == "decisions")
    mail = next((notice, of) for notice, of, channel in found if channel == "email" and of != ours[1])
    call = text("SELECT seinpost.decision_to_outbox(:notice, CAST(:body AS jsonb))")

    def body(referral: object, **more: str) -> str:
        return json.dumps({"id": str(referral), "told": "new", **more})

    with town.expert() as connection, pytest.raises(ProgrammingError, match="permission denied"):
        connection.execute(call, {"notice": ours[0], "body": body(ours[1])})
    with town.expert() as connection:  # as a version before this one did, at every reading
        left = text(
            "INSERT INTO seinpost.outbox (event_id, topic, key, body) VALUES (gen_random_uuid(), 'x', 'x', '{}')"
        )
        assert connection.execute(left).rowcount == 0
    with town.owner() as owner:
        assert owner.execute("SELECT count(*) FROM outbox").fetchone() == (0,)
    engine = town.database.engine_for("seinpost_dispatch", 1)
    for wrong in (body(mail[1]), body(ours[1], duiding="x"), body(ours[1], told="withdrawn")):
        with engine.begin() as connection, pytest.raises(ProgrammingError, match="no decision of that notice"):
            connection.execute(call, {"notice": ours[0], "body": wrong})
    with engine.begin() as connection:
        assert connection.execute(call, {"notice": mail[0], "body": body(mail[1])}).scalar_one() is False
    engine.dispose()


def test_the_relay_asks_for_what_waits_through_an_index(town: Town) -> None:
    with town.owner() as owner:
        owner.execute(
            "INSERT INTO outbox (event_id, topic, key, body, published_at)"
            " SELECT gen_random_uuid(), 'seinpost.decisions.x.v2', 'k', '{}', now() FROM generate_series(1, 2000)"
        )
        owner.execute("ANALYZE outbox")
        for asked in (outbox._TOPICS.text, outbox._WAITING.text.replace(":topic", "'x'").replace(":most", "200")):
            plan = "\n".join(line for (line,) in owner.execute(f"EXPLAIN {asked}").fetchall())
            assert "outbox_waiting" in plan, plan
            assert "Seq Scan on outbox" not in plan, plan


def test_the_words_for_what_is_told_are_those_of_the_notices() -> None:
    assert {one.value for one in Told} <= {one.value for one in NoticeKind}


@pytest.fixture
def with_kafka(installed: Town, monkeypatch: pytest.MonkeyPatch) -> Town:
    """The same, told of a broker."""
    monkeypatch.setenv("SEINPOST_KAFKA", "127.0.0.1:9")
    return installed


def command(*words: str) -> Result:
    return CliRunner().invoke(channels, list(words))


def test_a_system_is_added_by_command_and_may_read_while_its_agreement_names_it_or_it_may_hear_of_a_withdrawal(
    with_kafka: Town, way: Channel
) -> None:
    def reads() -> object:
        return json.loads(command("systems").stdout)

    assert reads() == []
    added = command("add", ORGANISATION, "--system", LOGIN)
    assert added.exit_code == 0, added.output
    assert decisions(LOGIN).name in added.stdout
    assert reads() == [{"login": LOGIN, "reads": False}], "to nobody by default"
    with with_kafka.owner() as owner:
        owner.execute("UPDATE agreements SET channels = '{email,decisions}'")
    assert reads() == [{"login": LOGIN, "reads": True}]
    refer(with_kafka, "wijkagent")
    put(with_kafka, way)
    with with_kafka.owner() as owner:
        owner.execute("UPDATE agreements SET ends_on = current_date - 1")
    assert reads() == [{"login": LOGIN, "reads": True}], "a withdrawal must still reach it"
    with with_kafka.owner() as owner:
        owner.execute("UPDATE referrals SET expires_at = now() - interval '1 minute'")
    assert reads() == [{"login": LOGIN, "reads": False}]


def test_what_cannot_be_a_system_is_refused(with_kafka: Town) -> None:
    give_system(with_kafka)
    for words, why in (
        ((ORGANISATION, "--system", "seinpost-relay"), "cannot be"),
        ((ORGANISATION, "--system", "Met Hoofdletter"), "cannot be"),
        (("Nobody", "--system", LOGIN), "no organisation"),
        ((ORGANISATION,), "--url"),
        (("Organisatie jenv municipality", "--system", LOGIN), "another organisation"),
    ):
        refused = command("add", *words)
        assert refused.exit_code == 2, words
        assert why in refused.output
        assert "Traceback" not in refused.output
    with with_kafka.owner() as owner:
        assert owner.execute("SELECT count(*) FROM endpoints").fetchone() == (1,)


@pytest.mark.kafka
def test_the_relay_tells_each_system_on_its_topic_and_one_without_a_topic_holds_up_no_other(
    town: Town, way: Channel, relay_way: Engine, kafka_broker: LocalBroker
) -> None:
    give_system(town)
    give_system(town, "coordinator.x", "nergens")
    apply(kafka_broker.bootstrap, TOPICS, [System(LOGIN, True)])
    signal = refer(town, "coordinator.x", "wijkagent")
    put(town, way)
    producer = RecordProducer(kafka_broker.bootstrap, "test")
    relay = Relay(relay_way, producer, SETTINGS, true_time)
    try:
        with pytest.raises(Exception, match="did not acknowledge"):
            relay.turn()
        take_back(town, signal)
        put(town, way)
        apply(kafka_broker.bootstrap, [], [System(LOGIN, True), System("nergens", True)])
        until(lambda: relay.turn() == 0)
    finally:
        producer.close()
    for login in (LOGIN, "nergens"):
        (events,) = decisions_told(login, kafka_broker.bootstrap).values()
        kinds = [body["told"] for _, body in events]
        assert kinds == (["new", "withdrawn"] if login == LOGIN else ["withdrawn"]), login
