"""Webhooks told to a real receiver that verifies with the public library; every fault ends in a state one can see."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from forwarding.channels.calling import Caller, trusting
from forwarding.channels.email import Email, MailServer
from forwarding.channels.webhook import Webhooks
from forwarding.dispatcher import Patience
from pipeline.key_folder import KeyFolder
from pipeline.store import endpoints
from pipeline.store.notices import ChannelName
from pipeline.store.referrals import signal_referrals
from signals.referral import ReferralState
from tests.forwarding.channels.receiver import Receiver, receiving
from tests.forwarding.channels.telling import (
    BASE,
    dispatching,
    give_endpoint,
    notices,
    refer,
    settled,
    take_back,
    true_time,
)
from tests.forwarding.mailbox import Mailbox, free_port, serve
from tests.forwarding.town import Town
from tests.patience import until
from tests.pipeline.kafka.authority import Authority

SECRET = bytes(range(32))
SENT = [("new", "sent", 1, "")]


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def receiver(authority: Authority) -> Iterator[Receiver]:
    with receiving(SECRET, authority.signs("receiver", "127.0.0.1")) as one:
        yield one


@pytest.fixture
def webhooks(authority: Authority, tmp_path: Path) -> Webhooks:
    """The channel with the permission for tests and a trusted authority; every endpoint has the same secret."""
    return Webhooks(Caller(trusting(authority.file), True, 0.6), lambda _: SECRET, BASE, 2)


def states(town: Town, signal: UUID) -> set[ReferralState]:
    with town.expert() as connection:
        return {status.state for status in signal_referrals(connection, signal)}


def told_by_mail(town: Town) -> None:
    """As if the e-mail beside it had left: what is tried here is the other channel."""
    with town.owner() as owner:
        owner.execute("UPDATE notices SET state = 'failed', last_problem = 'refused' WHERE channel = 'email'")


def channel_now(town: Town, channel: ChannelName = ChannelName.WEBHOOK) -> endpoints.ChannelNow:
    with town.expert() as connection:
        return {one.channel: one for one in endpoints.counts(connection, true_time())}[channel]


def again(town: Town) -> int:
    with town.expert() as connection:
        return endpoints.again(connection, ChannelName.WEBHOOK, true_time())


def test_a_system_is_told_once_signed_with_what_its_recipient_may_know_and_no_content(
    town: Town, receiver: Receiver, webhooks: Webhooks
) -> None:
    give_endpoint(town, "wijkagent", receiver.url)
    signal = refer(town, "wijkagent")
    with dispatching(town, [webhooks]):
        until(lambda: settled(town))
    assert notices(town) == SENT
    (event,) = receiver.taken
    data = event["data"]
    assert isinstance(data, dict)
    assert (event["specversion"], event["source"], event["type"]) == ("1.0", BASE, "seinpost.referral-new.v1")
    assert event["id"] == receiver.tried[0]
    assert data["portal"] == f"{BASE}/portaal/{event['subject']}"
    assert data["reference"] == event["subject"]
    assert set(data) == {
        *("reference", "portal", "category", "level", "places", "window_start", "window_end", "expires_at"),
    }
    assert (data["category"], data["level"]) == ("confrontation", "acuut")
    assert datetime.fromisoformat(str(data["expires_at"])) > true_time()
    for secret in (b"zqkanarie", b"Sanne", b"Geen clip", str(signal).encode()):
        assert all(secret not in raw for raw in receiver.raw)
    assert states(town, signal) == {ReferralState.SENT}


def test_the_field_hears_a_theme_and_no_level(town: Town, receiver: Receiver, webhooks: Webhooks) -> None:
    give_endpoint(town, "jongerenwerk", receiver.url)
    refer(town, "jongerenwerk")
    with dispatching(town, [webhooks]):
        until(lambda: settled(town))
    data = receiver.taken[0]["data"]
    assert isinstance(data, dict)
    assert data["theme"] == "geweld"
    assert {"category", "level"} & set(data) == set()


def test_without_an_agreement_for_it_a_system_is_told_nothing(
    town: Town, receiver: Receiver, webhooks: Webhooks
) -> None:
    give_endpoint(town, "wijkagent", receiver.url, agreed=False)
    refer(town, "wijkagent")
    assert notices(town) == []
    assert len(notices(town, "email")) == 1


def test_an_agreement_that_no_longer_allows_it_stops_what_waits_but_not_a_withdrawal(
    town: Town, receiver: Receiver, webhooks: Webhooks
) -> None:
    give_endpoint(town, "wijkagent", receiver.url)
    signal = refer(town, "wijkagent")
    with town.owner() as owner:
        owner.execute("UPDATE agreements SET channels = '{email}'")
    with dispatching(town, [webhooks]):
        until(lambda: settled(town))
        assert notices(town) == [("new", "failed", 1, "not_allowed")]
        assert receiver.tried == []
        assert channel_now(town).failed == 0, "nobody can mend that by sending again"
        take_back(town, signal)
        until(lambda: len(receiver.taken) == 1)
    assert receiver.taken[0]["type"] == "seinpost.referral-withdrawn.v1"


def test_a_withdrawal_goes_the_same_way_and_tells_only_the_reference(
    town: Town, receiver: Receiver, webhooks: Webhooks
) -> None:
    give_endpoint(town, "wijkagent", receiver.url)
    signal = refer(town, "wijkagent", "jenv")
    with dispatching(town, [webhooks]):
        until(lambda: settled(town))
        take_back(town, signal)
        until(lambda: len(receiver.taken) == 2)
    new, withdrawn = receiver.taken
    assert withdrawn["type"] == "seinpost.referral-withdrawn.v1"
    assert withdrawn["subject"] == new["subject"]
    assert set(withdrawn["data"]) == {"reference", "portal"}  # type: ignore[call-overload]
    assert withdrawn["id"] != new["id"]
    assert len(notices(town)) == 2, "the other recipient has no system and gets no webhook"


NOES = {
    "wijkagent": (500, 3, "try_later"),
    "coordinator.x": (503, 3, "try_later"),
    "coordinator.y": (429, 3, "try_later"),
    "jenv": (400, 3, "not_verified"),
    "jongerenwerk": (401, 3, "not_verified"),
    "handhaving": (404, 1, "refused"),
    "hulp": (410, 1, "refused"),
    "otsv": (422, 1, "refused"),
}


def test_a_system_that_says_no_ends_in_a_failure_that_is_seen_and_is_told_once_it_is_mended(
    town: Town, receiver: Receiver, webhooks: Webhooks
) -> None:
    for name, (status, _, _) in NOES.items():
        give_endpoint(town, name, f"{receiver.url}/{status}")
    signal = refer(town, *NOES)
    told_by_mail(town)
    receiver.answer = lambda path: int(path.rpartition("/")[2])
    with dispatching(town, [webhooks]):
        until(lambda: settled(town))
        assert sorted(notices(town)) == sorted(("new", "failed", tries, why) for _, tries, why in NOES.values())
        assert len(receiver.tried) == sum(tries for _, tries, _ in NOES.values())
        assert states(town, signal) == {ReferralState.FAILED}
        seen = channel_now(town)
        assert (seen.failed, seen.waiting, seen.last_sent) == (len(NOES), 0, None)
        assert seen.problems == ("not_verified", "refused", "try_later")
        receiver.answer = lambda _: None
        assert again(town) == len(NOES)
        until(lambda: settled(town))
    assert notices(town) == SENT * len(NOES)
    assert len(receiver.taken) == len(NOES)
    assert len(set(receiver.tried)) == len(NOES), "every try of a notice bears the same webhook-id"
    assert states(town, signal) == {ReferralState.SENT}
    assert channel_now(town).last_sent is not None
    assert again(town) == 0


def test_a_redirect_is_not_followed(town: Town, receiver: Receiver, webhooks: Webhooks, authority: Authority) -> None:
    give_endpoint(town, "wijkagent", receiver.url)
    refer(town, "wijkagent")
    with receiving(SECRET, authority.signs("receiver", "127.0.0.1")) as other, dispatching(town, [webhooks]):
        receiver.elsewhere, receiver.answer = other.url, lambda _: 307
        until(lambda: settled(town))
        assert other.tried == []
    assert notices(town) == [("new", "failed", 1, "redirected")]


def test_a_system_that_is_down_is_told_when_it_is_back(town: Town, authority: Authority, webhooks: Webhooks) -> None:
    endpoint = give_endpoint(town, "wijkagent", f"https://127.0.0.1:{free_port()}/")
    refer(town, "wijkagent")
    patient = Patience(tries=1000, first=timedelta(milliseconds=30), longest=timedelta(milliseconds=60))
    with dispatching(town, [webhooks], patient):
        until(lambda: notices(town)[0][2] >= 2)  # type: ignore[operator]
        assert notices(town)[0][3] == "unreachable"
        assert channel_now(town).waiting == 1
        with receiving(SECRET, authority.signs("receiver", "127.0.0.1")) as back:
            with town.owner() as owner:
                owner.execute("UPDATE endpoints SET url = %s WHERE id = %s", (back.url, endpoint))
            until(lambda: settled(town))
            assert len(back.taken) == 1


def test_a_slow_system_and_one_that_never_ends_its_answer_are_given_up_in_time(
    town: Town, receiver: Receiver, webhooks: Webhooks
) -> None:
    give_endpoint(town, "wijkagent", receiver.url)
    refer(town, "wijkagent")
    receiver.slow = 1.0
    with dispatching(town, [webhooks], Patience(tries=1)):
        until(lambda: settled(town))
        assert notices(town) == [("new", "failed", 1, "unreachable")]
        receiver.slow, receiver.drip = 0.0, True
        assert again(town) == 1
        until(lambda: settled(town))
    assert notices(town) == [("new", "failed", 1, "unreachable")]


def test_an_answer_that_is_lost_leads_to_a_repeat_with_the_same_id(
    town: Town, receiver: Receiver, webhooks: Webhooks
) -> None:
    receiver.hang_up_after_taking = 1  # it has the event, but we do not hear so: the gap that HTTP leaves
    give_endpoint(town, "wijkagent", receiver.url)
    refer(town, "wijkagent")
    with dispatching(town, [webhooks]):
        until(lambda: settled(town))
    first, second = receiver.taken
    assert first == second
    assert notices(town) == [("new", "sent", 2, "")]


def test_a_certificate_of_another_host_or_of_nobody_we_trust_is_told_nothing(
    town: Town, authority: Authority, webhooks: Webhooks, tmp_path: Path
) -> None:
    stranger = Authority(tmp_path / "stranger")
    endpoint = give_endpoint(town, "wijkagent", "https://127.0.0.1/")
    refer(town, "wijkagent")
    for pair in (
        authority.signs("elsewhere", "partner.example"),
        authority.signs("late", "127.0.0.1", expired=True),
        stranger.signs("stranger", "127.0.0.1"),
    ):
        with receiving(SECRET, pair) as one:
            with town.owner() as owner:
                owner.execute("UPDATE endpoints SET url = %s WHERE id = %s", (one.url, endpoint))
            again(town)
            with dispatching(town, [webhooks]):
                until(lambda: settled(town))
            assert one.tried == []
        assert notices(town) == [("new", "failed", 3, "not_encrypted")]


def test_a_clock_that_is_wrong_is_noticed_and_after_it_is_mended_all_is_told(
    town: Town, receiver: Receiver, webhooks: Webhooks
) -> None:
    def late() -> datetime:
        return true_time() - timedelta(minutes=20)

    give_endpoint(town, "wijkagent", receiver.url)
    refer(town, "wijkagent", clock=late)
    with dispatching(town, [webhooks], clock=late):
        until(lambda: settled(town))
    assert notices(town) == [("new", "failed", 3, "not_verified")]
    assert receiver.taken == []
    again(town)
    with dispatching(town, [webhooks]):
        until(lambda: settled(town))
    assert notices(town) == SENT
    assert len(receiver.taken) == 1


def test_a_secret_that_is_not_ours_is_noticed_and_one_that_is_missing_is_said(
    town: Town, receiver: Receiver, webhooks: Webhooks
) -> None:
    give_endpoint(town, "wijkagent", receiver.url)
    refer(town, "wijkagent")
    with dispatching(town, [replace(webhooks, secret=lambda _: bytes(32))]):
        until(lambda: settled(town))
    assert notices(town) == [("new", "failed", 3, "not_verified")]
    again(town)
    with dispatching(town, [replace(webhooks, secret=lambda _: None)]):
        until(lambda: settled(town))
    assert notices(town) == [("new", "failed", 3, "no_key")]
    assert receiver.taken == []


def test_an_address_that_leads_inward_is_not_called_however_it_got_into_the_directory(
    town: Town, receiver: Receiver, webhooks: Webhooks
) -> None:
    inward = {"wijkagent": "https://10.0.0.1/", "jenv": "https://169.254.169.254/latest", "otsv": "https://[fd00::1]/"}
    for name, url in inward.items():
        give_endpoint(town, name, url)
    refer(town, *inward)
    with dispatching(town, [webhooks]):
        until(lambda: settled(town))
    assert notices(town) == [("new", "failed", 1, "address_refused")] * 3


def test_this_machine_is_not_called_without_the_permission_for_tests(
    town: Town, receiver: Receiver, webhooks: Webhooks
) -> None:
    give_endpoint(town, "wijkagent", receiver.url)
    refer(town, "wijkagent")
    shipped = replace(webhooks, caller=Caller(webhooks.caller.trust))
    with dispatching(town, [shipped]):
        until(lambda: settled(town))
    assert notices(town) == [("new", "failed", 1, "address_refused")]
    assert receiver.tried == []


def test_one_channel_that_fails_does_not_hold_up_the_other_and_told_once_is_told(
    town: Town, receiver: Receiver, webhooks: Webhooks
) -> None:
    mailbox, port = Mailbox(), free_port()
    receiver.answer = lambda _: 404
    give_endpoint(town, "wijkagent", receiver.url)
    signal = refer(town, "wijkagent")
    with dispatching(town, [webhooks]):
        until(lambda: settled(town))
    assert states(town, signal) == {ReferralState.PREPARED}, "the e-mail may still tell it"
    controller = serve(mailbox, port)
    try:
        with dispatching(town, [webhooks, Email(MailServer("127.0.0.1", port, "seinpost@example.org"), BASE, 2)]):
            until(lambda: settled(town, "email"))
    finally:
        controller.stop()
    assert states(town, signal) == {ReferralState.SENT}
    assert channel_now(town).failed == 1
    assert channel_now(town, ChannelName.EMAIL).failed == 0
    assert len(mailbox.received) == 1


def test_secrets_lie_in_the_key_folder_and_nowhere_in_the_database(town: Town, keys: KeyFolder) -> None:
    endpoint = give_endpoint(town, "wijkagent", "https://partner.example/")
    assert keys.endpoint_key(endpoint) is None
    secret = keys.keep_endpoint_key(endpoint)
    assert keys.keep_endpoint_key(endpoint) == secret == keys.endpoint_key(endpoint)
    assert len(secret) == 32
    file = keys.path / "endpoints" / f"{endpoint}.key"
    assert file.stat().st_mode & 0o077 == 0
    with town.owner() as owner:
        columns = owner.execute(
            "SELECT column_name FROM information_schema.columns WHERE table_name = 'endpoints'"
        ).fetchall()
    assert {name for (name,) in columns} == {
        *("id", "organisation_id", "channel", "url", "sharing_group", "active", "added_at"),
    }


def test_the_event_is_the_same_at_every_try(town: Town, receiver: Receiver, webhooks: Webhooks) -> None:
    give_endpoint(town, "coordinator.x", receiver.url)
    refer(town, "coordinator.x")
    receiver.answer = lambda _: 503 if len(receiver.tried) < 3 else None
    with dispatching(town, [webhooks]):
        until(lambda: settled(town))
    bodies = {raw[raw.index(b'{"data"') :] for raw in receiver.raw}
    assert len(receiver.raw) == 3
    assert len(bodies) == 1
    assert json.loads(bodies.pop())["id"] == receiver.tried[0]
