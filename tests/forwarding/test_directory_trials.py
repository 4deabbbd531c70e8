"""Test messages: they say that they are one, go the way of a notice, and end in a state that a person can see."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import jsonschema
import pytest
from pymisp import MISPEvent
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from forwarding import directory_changes
from forwarding.channels.calling import Caller, trusting
from forwarding.channels.email import Email, MailServer
from forwarding.channels.misp_event import misp_event
from forwarding.channels.webhook import Webhooks
from forwarding.directory_gaps import GapKind, gaps
from forwarding.dispatcher import Patience
from pipeline import retention
from pipeline.store import trial_messages
from pipeline.store.connection import acting
from pipeline.store.directory_upkeep import kept_directory
from pipeline.store.notices import ChannelName, NoticeKind
from pipeline.store.trial_messages import (
    EnoughTrials,
    NoSuchTrial,
    NoSuchTrialContact,
    Trial,
    TrialState,
    TrialWaits,
)
from tests.database import as_owner
from tests.forwarding.channels.receiver import receiving
from tests.forwarding.channels.telling import BASE, dispatching, give_endpoint, refer
from tests.forwarding.channels.test_misp import BARE, SCHEMA
from tests.forwarding.mailbox import Mailbox, free_port, serve
from tests.forwarding.town import BOOK, Town
from tests.patience import until
from tests.pipeline.kafka.authority import Authority

NOW = datetime.now(UTC)  # the database asks its own clock how long a link works
NAME = "coordinator.x"


@pytest.fixture
def mailbox() -> Mailbox:
    return Mailbox()


@pytest.fixture
def email(mailbox: Mailbox) -> Iterator[Email]:
    port = free_port()
    controller = serve(mailbox, port)
    yield Email(MailServer("127.0.0.1", port, "seinpost@example.org"), BASE, connections=1)
    controller.stop()


def ask(town: Town, name: str = NAME, now: datetime = NOW) -> UUID:
    with town.expert() as connection:
        return trial_messages.ask(connection, town.contacts[name], now)


def latest(town: Town, name: str = NAME) -> tuple[Trial, ...]:
    with town.expert() as connection:
        return trial_messages.latest(connection, [town.contacts[name]]).get(town.contacts[name], ())


def settled(town: Town, name: str = NAME) -> bool:
    return all(trial.state is not TrialState.WAITING for trial in latest(town, name))


def not_arriving(town: Town) -> list[tuple[str, str]]:
    with town.expert() as connection:
        found = gaps(kept_directory(connection), BOOK, NOW.date())
    return [(gap.about, gap.detail) for gap in found if gap.kind is GapKind.NOT_ARRIVING]


def on_the_trail(town: Town) -> list[str]:
    """The actions, in order. Nothing of them names a person or an address."""
    with town.owner() as owner:
        rows = owner.execute(
            "SELECT payload FROM trail WHERE payload::jsonb->>3 LIKE 'trial%%' ORDER BY seq"
        ).fetchall()
    assert not any("example.org" in payload or NAME in payload for (payload,) in rows)
    return [payload.split('"trial_')[1].split('"')[0] for (payload,) in rows]


def test_a_test_message_says_in_two_languages_that_it_is_one_and_leads_to_its_own_page(
    town: Town, mailbox: Mailbox, email: Email
) -> None:
    trial = ask(town)
    assert [(one.channel, one.state) for one in latest(town)] == [(ChannelName.EMAIL, TrialState.WAITING)]
    engine = town.database.engine_for("seinpost_dispatch", 2)
    with engine.begin() as one_line, engine.begin() as another:
        assert trial_messages.due(one_line, NOW, ChannelName.EMAIL) is not None
        assert trial_messages.due(another, NOW, ChannelName.EMAIL) is None, "while it is told it is nobody else's"
    engine.dispose()
    with dispatching(town, [email]):
        until(lambda: settled(town))
    [message] = mailbox.messages()
    body = message.get_content()
    assert (message["To"], message["Subject"]) == ("coordinator.x@example.org", "Seinpost: dit is een proefbericht")
    assert message["In-Reply-To"] is None
    for words in (
        "Dit is een proefbericht. Er is geen signaal en er is niets aan de hand.",
        "Druk dan in het portaal op ‘Ontvangen’",
        "This is a test message. There is no signal and nothing is the matter.",
        "Press ‘Received’ in the portal",
        "112",
    ):
        assert words in body
    assert body.count(f"{BASE}/portaal/proefbericht/{trial}") == 2
    for word in ("Soort:", "Niveau:", "Plaats:", "Kenmerk:", "Te zien tot", "Reference:"):
        assert word not in body
    assert [(one.state, one.problem) for one in latest(town)] == [(TrialState.SENT, "")]
    assert on_the_trail(town) == ["asked", "sent"]
    assert not_arriving(town) == []


def test_a_refused_one_ends_in_a_gap_until_a_later_one_arrives(town: Town, mailbox: Mailbox, email: Email) -> None:
    mailbox.answer = lambda _: "550 no such user"
    ask(town, now=NOW - timedelta(minutes=5))
    with dispatching(town, [email]):
        until(lambda: settled(town))
        assert [(one.state, one.problem) for one in latest(town)] == [(TrialState.FAILED, "refused")]
        assert not_arriving(town) == [("coordinator.x@example.org", "email")]
        mailbox.answer = lambda _: None
        ask(town)
        until(lambda: latest(town)[0].state is TrialState.SENT)
    assert not_arriving(town) == []
    assert on_the_trail(town) == ["asked", "failed", "asked", "sent"]


def test_one_that_is_put_off_is_tried_again_under_the_same_id_and_fails_in_the_end(
    town: Town, mailbox: Mailbox, email: Email
) -> None:
    mailbox.drop_data = 1  # the server takes it and hangs up before saying so
    ask(town)
    with dispatching(town, [email]):
        until(lambda: settled(town))
    first, second = mailbox.messages()
    assert first["Message-ID"] == second["Message-ID"]
    assert latest(town)[0].state is TrialState.SENT
    mailbox.answer = lambda _: "451 later"
    ask(town, "hulp")
    with dispatching(town, [email], Patience(tries=2, first=timedelta(milliseconds=10))):
        until(lambda: settled(town, "hulp"))
    assert [(one.state, one.problem) for one in latest(town, "hulp")] == [(TrialState.FAILED, "try_later")]


def test_a_notice_never_waits_for_a_test_message(town: Town, mailbox: Mailbox, email: Email) -> None:
    ask(town, now=NOW - timedelta(hours=1))
    refer(town, "wijkagent", "jenv")
    with dispatching(town, [email]):
        until(lambda: len(mailbox.received) == 3)
    assert [message["To"].split("@")[0] for message in mailbox.messages()][2] == NAME


def test_it_goes_by_every_way_that_the_contact_has_and_a_partners_system_can_tell_it_from_a_signal(
    town: Town, mailbox: Mailbox, email: Email, tmp_path: Path
) -> None:
    authority = Authority(tmp_path)
    with receiving(bytes(32), authority.signs("receiver", "127.0.0.1")) as receiver:
        give_endpoint(town, NAME, receiver.url)
        give_endpoint(town, "jenv", receiver.url, agreed=False)
        webhooks = Webhooks(Caller(trusting(authority.file), True, 2.0), lambda _: bytes(32), BASE, 1)
        trial = ask(town)
        ask(town, "jenv")
        with dispatching(town, [email, webhooks]):
            until(lambda: settled(town) and settled(town, "jenv"))
    assert [(one.channel, one.state) for one in latest(town)] == [
        (ChannelName.EMAIL, TrialState.SENT),
        (ChannelName.WEBHOOK, TrialState.SENT),
    ]
    assert [one.channel for one in latest(town, "jenv")] == [ChannelName.EMAIL], "its agreement names no webhook"
    [event] = receiver.taken
    assert event["type"] == "seinpost.test.v1"
    assert event["data"] == {
        "reference": str(trial),
        "portal": f"{BASE}/portaal/proefbericht/{trial}",
        "test": True,
    }
    assert len(mailbox.received) == 2


def test_what_need_not_be_told_any_more_is_not(town: Town, mailbox: Mailbox, email: Email) -> None:
    ask(town)
    ask(town, "jenv", NOW - timedelta(hours=25))
    with town.owner() as owner:
        owner.execute("UPDATE contacts SET active = false WHERE id = %s", (town.contacts[NAME],))
    with dispatching(town, [email]):
        until(lambda: settled(town) and settled(town, "jenv"))
    assert (latest(town)[0].problem, latest(town, "jenv")[0].problem) == ("contact_left", "expired")
    assert mailbox.received == []


def test_one_at_a_time_three_a_day_for_a_contact_and_an_end_for_all_also_when_two_press_at_once(town: Town) -> None:
    made: list[object] = []

    def press() -> None:
        try:
            made.append(ask(town))
        except TrialWaits as refused:
            made.append(refused)

    pressing = [threading.Thread(target=press) for _ in range(2)]
    for one in pressing:
        one.start()
    for one in pressing:
        one.join()
    assert sorted(isinstance(one, UUID) for one in made) == [False, True]
    for _ in range(2):
        with town.owner() as owner:
            owner.execute("UPDATE trial_messages SET state = 'sent'")
        ask(town)
    with town.owner() as owner:
        owner.execute("UPDATE trial_messages SET state = 'sent'")
    with pytest.raises(EnoughTrials):
        ask(town)
    ask(town, "jenv")
    ask(town, now=NOW + timedelta(days=1, seconds=1))
    with town.owner() as owner:
        owner.execute(
            "INSERT INTO trial_messages (trial_id, contact_id, channel, asked_at, state, next_try_at)"
            " SELECT gen_random_uuid(), %s, 'email', %s, 'sent', now() FROM generate_series(1, 300)",
            (town.contacts["jenv"], NOW),
        )
    with pytest.raises(EnoughTrials):
        ask(town, "hulp")


def test_only_an_expert_or_the_command_line_asks_and_only_for_who_is_there(town: Town) -> None:
    engine = town.database.engine_for("seinpost_web")
    for user, role in ((town.users[NAME], "seinpost_expert"), (town.users[NAME], "seinpost_recipient"), (None, None)):
        with (
            pytest.raises(DBAPIError, match=r"only an expert|permission denied"),
            acting(engine, user, role) as refused,
        ):
            trial_messages.ask(refused, town.contacts[NAME], NOW)
    engine.dispose()
    with town.owner() as owner:
        owner.execute("UPDATE contacts SET active = false WHERE id = %s", (town.contacts["hulp"],))
    with pytest.raises(NoSuchTrialContact):
        ask(town, "hulp")
    with as_owner(town.database) as connection:
        assert directory_changes.ask_trial(connection, "Coordinator.X@example.org", NOW) == 1
        with pytest.raises(directory_changes.NotInDirectory):
            directory_changes.ask_trial(connection, "hulp@example.org", NOW)
    assert latest(town)[0].state is TrialState.WAITING


def test_only_the_contact_itself_says_that_it_came_once_and_for_four_weeks(town: Town) -> None:
    trial, old = ask(town), ask(town, "hulp", NOW - timedelta(days=28, minutes=1))
    engine = town.database.engine_for("seinpost_web")

    def as_recipient(name: str, of: UUID) -> bool:
        with acting(engine, town.users[name], "seinpost_recipient") as connection:
            there = trial_messages.mine(connection, of) is not None
            trial_messages.seen(connection, of, NOW)
            return there

    for name, of in (("coordinator.y", trial), ("hulp", old)):
        with pytest.raises(NoSuchTrial):
            as_recipient(name, of)
    assert latest(town)[0].seen_at is None
    assert as_recipient(NAME, trial)
    assert as_recipient(NAME, trial)
    assert latest(town)[0].seen_at == NOW
    assert on_the_trail(town) == ["asked", "asked", "seen"]
    engine.dispose()


def test_the_dispatcher_finds_what_is_due_and_a_page_the_last_of_each_by_an_index(town: Town) -> None:
    with town.owner() as owner:
        owner.execute(
            "INSERT INTO trial_messages (trial_id, contact_id, channel, asked_at, state, next_try_at)"
            " SELECT gen_random_uuid(), c.id, 'email', %s - n * interval '1 day', 'sent', now()"
            "  FROM generate_series(1, 600) AS n, contacts c",
            (NOW,),
        )
        owner.execute("ANALYZE trial_messages")
    questions = (
        ("seinpost_dispatch", trial_messages._DUE.text, {"now": NOW, "channel": "email"}, "trial_messages_waiting"),
        (
            "seinpost_web",
            trial_messages._LATEST.text,
            {"contacts": [town.contacts["jenv"]]},
            "trial_messages_contact",
        ),
    )
    for role, question, values, index in questions:
        engine = town.database.engine_for(role)
        acts = (town.reader, "seinpost_expert") if role == "seinpost_web" else (None, None)
        with acting(engine, *acts) as connection:
            plan = "\n".join(connection.execute(text(f"EXPLAIN {question}"), values).scalars())
        engine.dispose()
        assert index in plan, plan
        assert "Seq Scan on trial_messages" not in plan, plan


def test_a_test_message_is_forgotten_after_a_year(town: Town) -> None:
    ask(town, now=NOW - timedelta(days=365))
    ask(town, "jenv", NOW - timedelta(days=364))
    [rule] = [one for one in retention.RULES if one.name == "trial_messages"]
    engine = town.database.engine_for("seinpost_retention")
    with engine.begin() as connection:
        connection.execute(text(rule.statement), {"due": NOW - rule.keep, "now": NOW})
    engine.dispose()
    assert (latest(town), len(latest(town, "jenv"))) == ((), 1)


def test_on_a_partners_misp_it_is_a_communication_check_that_nobody_is_alarmed_by() -> None:
    event = misp_event(replace(BARE, kind=NoticeKind.TRIAL, theme=None), BASE, NOW)
    assert (event["info"], event["published"]) == ("Seinpost: proefbericht, er is geen signaal", False)
    assert {"name": 'exercise:generic="comcheck"'} in event["Tag"]  # type: ignore[operator]  # a list of tags
    assert "proefbericht/" in str(event["Attribute"])
    jsonschema.Draft4Validator(SCHEMA).validate({"Event": event})
    MISPEvent(strict_validation=True).load({"Event": event})  # takes out of it what it knows, so it comes last
