"""Telling recipients over a real SMTP server: what is told, and what happens when the server is difficult."""

import ssl
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from forwarding.channels.email import Email, MailServer
from forwarding.dispatcher import Patience
from forwarding.referrals import WithdrawReason, prepare, withdraw
from forwarding.views import View
from pipeline.store.referrals import signal_referrals
from signals.referral import ReferralState
from tests.forwarding.channels.telling import dispatching
from tests.forwarding.mailbox import Mailbox, free_port, serve
from tests.forwarding.town import BOOK, CITY, DUIDING, NOW, SCHOOL_X, STATION, Town
from tests.patience import until

BASE = "http://127.0.0.1:8700"
QUICK = Patience(tries=3, first=timedelta(milliseconds=50), longest=timedelta(milliseconds=100))
EVERYBODY = ("coordinator.x", "coordinator.y", "coordinator.z", "wijkagent", "jenv", "jongerenwerk", "handhaving")
CANARY = "zqkanarie vanmiddag bij het station zqkanarie"
NAME = "Annelies Kanariepiet"
MONTHS = [
    "januari",
    "februari",
    "maart",
    "april",
    "mei",
    "juni",
    "juli",
    "augustus",
    "september",
    "oktober",
    "november",
    "december",
]


def hours(count: int) -> timedelta:
    return timedelta(hours=count)


def dutch_day(moment: datetime) -> str:
    return f"{moment.day} {MONTHS[moment.month - 1]} {moment.year}"


def from_now_on(start: datetime = NOW) -> Callable[[], datetime]:
    """A clock that starts at the story's moment and runs at the ordinary pace."""
    begun = time.monotonic()
    return lambda: start + timedelta(seconds=time.monotonic() - begun)


def dispatcher(town: Town, server: MailServer, patience: Patience = QUICK) -> AbstractContextManager[None]:
    """A dispatcher in a thread that tells by e-mail."""
    return dispatching(town, [Email(server, BASE)], patience, from_now_on())


def refer(town: Town, *names: str, text: str = CANARY, police_excerpt: bool = True) -> UUID:
    signal = town.add_signal(STATION, SCHOOL_X, CITY, text=text, duiding=f"{DUIDING} {NAME} zqkanarie")
    with town.expert() as connection:
        prepare(
            connection, signal, [town.contacts[name] for name in names], town.reader, NOW, police_excerpt, book=BOOK
        )
    return signal


def notices(town: Town) -> list[tuple[object, ...]]:
    with town.owner() as owner:
        return owner.execute("SELECT kind, state, attempts, last_problem FROM notices ORDER BY kind, state").fetchall()


def settled(town: Town) -> bool:
    return all(state != "waiting" for _, state, _, _ in notices(town))


@pytest.fixture
def mailbox() -> Mailbox:
    return Mailbox()


@pytest.fixture
def post_office(mailbox: Mailbox) -> Iterator[MailServer]:
    port = free_port()
    controller = serve(mailbox, port)
    yield MailServer("127.0.0.1", port, "seinpost@example.org")
    controller.stop()


def test_every_recipient_is_told_once_with_a_link_and_no_content(
    town: Town, mailbox: Mailbox, post_office: MailServer
) -> None:
    signal = refer(town, *EVERYBODY, "otsv")
    with dispatcher(town, post_office):
        until(lambda: settled(town))
    messages = mailbox.messages()
    assert sorted(message["To"] for message in messages) == sorted(f"{n}@example.org" for n in (*EVERYBODY, "otsv"))
    for raw, message in zip(mailbox.received, messages, strict=True):
        body = message.get_content()
        assert body.startswith("Er staat een signaal voor u klaar")
        assert "A signal is waiting for you" in body
        assert f"{BASE}/portaal/" in body
        assert "112" in body
        for secret in ("zqkanarie", "Kanariepiet", "Geen clip", "Sanne", str(signal)):
            assert secret not in body
            assert secret.encode() not in raw
    with town.expert() as connection:
        states = {status.state for status in signal_referrals(connection, signal)}
    assert states == {ReferralState.SENT}


def test_a_notice_tells_category_or_theme_level_place_and_time_as_the_recipient_may_see(
    town: Town, mailbox: Mailbox, post_office: MailServer
) -> None:
    refer(town, "coordinator.x", "jongerenwerk")
    with dispatcher(town, post_office):
        until(lambda: settled(town))
    by_name = {message["To"].split("@")[0]: message.get_content() for message in mailbox.messages()}
    school, field = by_name["coordinator.x"], by_name["jongerenwerk"]
    begins, ends, hidden = (
        (NOW + after).astimezone(ZoneInfo("Europe/Amsterdam")) for after in (hours(2), hours(3), hours(28 * 24))
    )
    for line in (
        "Soort: Confrontatie",
        "Niveau: Acuut",
        "Plaats: Lisdodde College, Rietdam-Elsbroek, Waterstad",
        f"Tijd: {dutch_day(begins)} {begins:%H:%M}–{ends:%H:%M}",
        f"Te zien tot: {dutch_day(hidden)}",
    ):
        assert line in school.replace("\r\n", "\n"), school
    assert "Thema: geweld" in field
    for word in ("Soort", "Niveau", "Lisdodde", "Confrontatie", "Acuut"):
        assert word not in field


def test_a_repeat_of_the_same_notice_carries_the_same_message_id(
    town: Town, mailbox: Mailbox, post_office: MailServer
) -> None:
    mailbox.drop_data = 1  # the server keeps the message, but its answer is lost: the gap that SMTP leaves
    refer(town, "wijkagent")
    with dispatcher(town, post_office):
        until(lambda: settled(town))
    first, second = mailbox.messages()
    assert first["Message-ID"] == second["Message-ID"]
    assert notices(town) == [("new", "sent", 2, "")]


def test_a_server_that_is_down_is_tried_again_until_it_is_back(town: Town, mailbox: Mailbox) -> None:
    port = free_port()
    refer(town, "wijkagent")
    patient = Patience(tries=1000, first=timedelta(milliseconds=50), longest=timedelta(milliseconds=100))
    with dispatcher(town, MailServer("127.0.0.1", port, "seinpost@example.org"), patient):
        until(lambda: notices(town)[0][2] >= 2)  # type: ignore[operator]
        assert notices(town)[0][3] == "unreachable"
        controller = serve(mailbox, port)
        try:
            until(lambda: settled(town))
        finally:
            controller.stop()
    assert len(mailbox.received) == 1


def test_a_server_that_stays_away_ends_in_a_failure_that_the_expert_sees(town: Town) -> None:
    signal = refer(town, "wijkagent")
    with dispatcher(town, MailServer("127.0.0.1", free_port(), "seinpost@example.org")):
        until(lambda: settled(town))
    assert notices(town) == [("new", "failed", 3, "unreachable")]
    with town.expert() as connection:
        (status,) = signal_referrals(connection, signal)
    assert (status.state, status.notice_problem) == (ReferralState.FAILED, "unreachable")


def test_a_refused_recipient_fails_at_once_and_the_others_are_told(
    town: Town, mailbox: Mailbox, post_office: MailServer
) -> None:
    mailbox.answer = lambda address: "550 no such mailbox" if address.startswith("wijkagent") else None
    signal = refer(town, "wijkagent", "coordinator.x")
    with dispatcher(town, post_office):
        until(lambda: settled(town))
    assert notices(town) == [("new", "failed", 1, "refused"), ("new", "sent", 1, "")]
    with town.expert() as connection:
        states = {status.display_name: status.state for status in signal_referrals(connection, signal)}
    assert states == {"wijkagent": ReferralState.FAILED, "coordinator.x": ReferralState.SENT}


def test_an_address_that_would_add_a_header_fails_and_the_others_are_told(
    town: Town, mailbox: Mailbox, post_office: MailServer
) -> None:
    with town.owner() as owner:
        owner.execute(
            "UPDATE contacts SET email = E'a@example.org\r\nBcc: b@example.org' WHERE display_name = 'wijkagent'"
        )
    refer(town, "wijkagent", "coordinator.x")
    with dispatcher(town, post_office):
        until(lambda: settled(town))
    assert notices(town) == [("new", "failed", 1, "refused"), ("new", "sent", 1, "")]
    (message,) = mailbox.messages()
    assert message["To"] == "coordinator.x@example.org"


def test_a_busy_server_is_tried_again(town: Town, mailbox: Mailbox, post_office: MailServer) -> None:
    answers = iter(["451 try later", "451 try later"])
    mailbox.answer = lambda _: next(answers, None)
    refer(town, "wijkagent")
    with dispatcher(town, post_office):
        until(lambda: settled(town))
    assert notices(town) == [("new", "sent", 3, "")]


def test_withdrawing_before_the_notice_left_tells_only_the_withdrawal(
    town: Town, mailbox: Mailbox, post_office: MailServer
) -> None:
    signal = refer(town, "wijkagent")
    with town.expert() as connection:
        withdraw(connection, signal, town.reader, NOW, WithdrawReason.FALSE_SIGNAL)
    with dispatcher(town, post_office):
        until(lambda: settled(town))
    (message,) = mailbox.messages()
    assert "ingetrokken" in message["Subject"]
    assert "Plaats:" not in message.get_content()
    assert message["In-Reply-To"]
    assert notices(town) == [("new", "failed", 1, "withdrawn"), ("withdrawn", "sent", 1, "")]


def test_a_recipient_that_read_before_the_notice_left_is_not_moved_back(
    town: Town, mailbox: Mailbox, post_office: MailServer
) -> None:
    signal = refer(town, "wijkagent")
    with town.owner() as owner:
        owner.execute("UPDATE referrals SET state = 'read'")
    with dispatcher(town, post_office):
        until(lambda: settled(town))
    with town.expert() as connection:
        (status,) = signal_referrals(connection, signal)
    assert status.state is ReferralState.READ


def test_a_new_notice_rings_the_bell(town: Town, mailbox: Mailbox, post_office: MailServer) -> None:
    with dispatching(town, [Email(post_office, BASE)], QUICK, from_now_on(), poll=timedelta(minutes=5)):
        time.sleep(0.5)
        refer(town, "wijkagent")
        until(lambda: settled(town), seconds=3)
    assert len(mailbox.received) == 1


@pytest.fixture
def certificate(tmp_path: Path) -> tuple[Path, Path]:
    """A certificate for 127.0.0.1 that vouches for itself."""
    key, cert = tmp_path / "key.pem", tmp_path / "cert.pem"
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1"),
            *("-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(key), "-out", str(cert)),
        ],
        check=True,
        capture_output=True,
    )
    return cert, key


def test_with_starttls_mail_leaves_only_over_a_line_whose_certificate_is_trusted(
    town: Town, mailbox: Mailbox, certificate: tuple[Path, Path]
) -> None:
    cert, key = certificate
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    port = free_port()
    controller = serve(mailbox, port, context)
    try:
        refer(town, "wijkagent")
        with dispatcher(town, MailServer("127.0.0.1", port, "seinpost@example.org", starttls=True)):
            until(lambda: settled(town))
        assert notices(town) == [("new", "failed", 3, "not_encrypted")]
        assert mailbox.received == []
        refer(town, "coordinator.x")
        trusting = MailServer("127.0.0.1", port, "seinpost@example.org", starttls=True, ca_file=cert)
        with dispatcher(town, trusting):
            until(lambda: settled(town))
        assert len(mailbox.received) == 1
    finally:
        controller.stop()


def test_with_starttls_a_server_without_it_gets_nothing(town: Town, mailbox: Mailbox, post_office: MailServer) -> None:
    refer(town, "wijkagent")
    with dispatcher(town, MailServer(post_office.host, post_office.port, post_office.sender, starttls=True)):
        until(lambda: settled(town))
    assert notices(town) == [("new", "failed", 3, "not_encrypted")]
    assert mailbox.received == []


def test_the_dispatcher_cannot_read_what_it_does_not_tell(town: Town) -> None:
    engine = town.database.engine_for("seinpost_dispatch")
    hidden = [name for name in vars(View()) if name in ("excerpt", "duiding", "link_allowed")]
    from sqlalchemy import text
    from sqlalchemy.exc import ProgrammingError

    for column in (*hidden, "why", "prepared_by"):
        with engine.connect() as connection, pytest.raises(ProgrammingError):
            connection.execute(text(f"SELECT {column} FROM seinpost.referrals"))
    for table in ("signals", "sightings", "assessments", "users", "link_keys"):
        with engine.connect() as connection, pytest.raises(ProgrammingError):
            connection.execute(text(f"SELECT * FROM seinpost.{table}"))
    engine.dispose()
