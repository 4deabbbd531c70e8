"""Notices sealed to a contact's certificate: opened with another program, and never sent readable instead."""

import json
import shutil
import subprocess
from collections.abc import Iterator
from datetime import timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from forwarding.channels import smime
from forwarding.channels.email import Email, MailServer
from forwarding.channels.message import message_id
from pipeline.store import endpoints, trial_messages
from pipeline.store.notices import ChannelName
from pipeline.store.referrals import signal_referrals
from seinpost.cli.directory import app as directory
from seinpost.examination import mail_signing
from seinpost.settings import Settings
from signals.referral import ReferralState
from tests.conftest import missing
from tests.forwarding.channels.certificates import Owned, owned
from tests.forwarding.channels.telling import BASE, dispatching, notices, refer, settled, take_back, true_time
from tests.forwarding.mailbox import Mailbox, free_port, serve
from tests.forwarding.town import NOW, STATION, Town
from tests.patience import until

ADDRESS = "wijkagent@example.org"
SENDER = "seinpost@example.org"


@pytest.fixture
def post_office() -> Iterator[tuple[Mailbox, MailServer]]:
    mailbox, port = Mailbox(), free_port()
    controller = serve(mailbox, port)
    yield mailbox, MailServer("127.0.0.1", port, SENDER)
    controller.stop()


@pytest.fixture(scope="module")
def theirs() -> Owned:
    return owned(ADDRESS)


def command(*words: str) -> Result:
    return CliRunner().invoke(directory, ["certificate", *words])


def openssl(folder: Path, *words: str) -> bytes:
    """What another program makes of it; it fails the test where that program refuses."""
    if shutil.which("openssl") is None:
        missing("openssl is not here")
    done = subprocess.run(["openssl", *words], cwd=folder, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout


def opened(raw: bytes, theirs: Owned, folder: Path) -> bytes:
    for name, content in (
        ("mail.eml", raw),
        ("key.pem", theirs.key.encode()),
        ("cert.pem", theirs.certificate.encode()),
    ):
        (folder / name).write_bytes(content)
    return openssl(folder, "smime", "-decrypt", "-in", "mail.eml", "-inkey", "key.pem", "-recip", "cert.pem")


def give(town: Town, pem: str, ends: str = "now() + interval '1 year'") -> None:
    with town.owner() as owner:
        owner.execute(
            f"UPDATE contacts SET certificate = %s, certificate_ends_at = {ends} WHERE email = %s".encode(),
            (pem, ADDRESS),
        )


def test_a_notice_is_sealed_to_its_recipient_and_says_inside_what_it_always_said(
    town: Town, theirs: Owned, post_office: tuple[Mailbox, MailServer], tmp_path: Path
) -> None:
    mailbox, server = post_office
    give(town, theirs.certificate)
    refer(town, "wijkagent", "coordinator.x")
    with dispatching(town, [Email(server, BASE, 2)]):
        until(lambda: settled(town, "email"))
    raw = {message["To"]: raw for message, raw in zip(mailbox.messages(), mailbox.received, strict=True)}
    readable, sealed = raw["coordinator.x@example.org"], raw[ADDRESS]
    assert STATION.name.encode() in readable, "who has no certificate is told as before"
    outer = message_from_bytes(sealed, policy=policy.default)
    assert outer.get_content_type() == "application/pkcs7-mime"
    assert outer["Message-ID"] == message_id_of(town)
    assert "Er staat een signaal voor u klaar" in outer["Subject"]
    for word in (STATION.name.encode(), b"Acuut", b"portaal/"):
        assert word not in sealed
    inside = message_from_bytes(opened(sealed, theirs, tmp_path), policy=policy.default)
    text = inside.get_content()
    assert inside.get_content_type() == "text/plain"
    assert STATION.name in text
    assert "Direct gevaar? Bel 112." in text
    assert b"aes-256-cbc" in openssl(tmp_path, "cms", "-cmsout", "-print", "-in", "mail.eml")


def message_id_of(town: Town) -> str:
    with town.owner() as owner:
        row = owner.execute(
            "SELECT n.id FROM notices n JOIN referrals r ON r.id = n.referral_id JOIN contacts c ON c.id = r.contact_id"
            " WHERE c.email = %s",
            (ADDRESS,),
        ).fetchone()
    assert row is not None
    return message_id(row[0], SENDER)


@pytest.mark.parametrize("curve", [False, True])
def test_with_a_key_of_our_own_what_is_sealed_is_signed_too(
    town: Town, theirs: Owned, post_office: tuple[Mailbox, MailServer], tmp_path: Path, curve: bool
) -> None:
    mailbox, server = post_office
    ours = owned(SENDER, curve=curve)
    give(town, theirs.certificate)
    refer(town, "wijkagent")
    with dispatching(town, [Email(server, BASE, 2, smime.read_signer(ours.both))]):
        until(lambda: settled(town, "email"))
    (tmp_path / "signed.eml").write_bytes(opened(mailbox.received[0], theirs, tmp_path))
    (tmp_path / "ours.pem").write_text(ours.certificate)
    verified = openssl(tmp_path, "smime", "-verify", "-in", "signed.eml", "-CAfile", "ours.pem", "-purpose", "any")
    assert STATION.name in message_from_bytes(verified, policy=policy.default).get_content()


def test_a_certificate_that_ended_keeps_the_notice_here_visibly_and_a_new_one_lets_it_go(
    town: Town, theirs: Owned, post_office: tuple[Mailbox, MailServer]
) -> None:
    mailbox, server = post_office
    give(town, owned(ADDRESS, ends=NOW - timedelta(days=1)).certificate)
    signal = refer(town, "wijkagent")
    with dispatching(town, [Email(server, BASE, 2)]):
        until(lambda: settled(town, "email"))
        assert mailbox.received == [], "never readable instead"
        assert notices(town, "email") == [("new", "failed", 1, "certificate")]
        with town.expert() as connection:
            (status,) = signal_referrals(connection, signal)
            assert (status.state, status.notice_problem) == (ReferralState.FAILED, "certificate")
            (mail,) = [one for one in endpoints.counts(connection, true_time()) if one.channel is ChannelName.EMAIL]
            assert (mail.failed, mail.problems) == (1, ("certificate",))
        give(town, theirs.certificate)
        with town.expert() as connection:
            assert endpoints.again(connection, ChannelName.EMAIL, true_time()) == 1
        until(lambda: notices(town, "email") == [("new", "sent", 1, "")])
        take_back(town, signal)
        until(lambda: len(mailbox.received) == 2)
    assert all(message.get_content_type() == "application/pkcs7-mime" for message in mailbox.messages())


def test_a_test_message_goes_sealed_as_a_notice_would(
    town: Town, theirs: Owned, post_office: tuple[Mailbox, MailServer]
) -> None:
    mailbox, server = post_office
    give(town, theirs.certificate)
    with town.expert() as connection:
        trial_messages.ask(connection, town.contacts["wijkagent"], true_time())
    with dispatching(town, [Email(server, BASE, 2)]):
        until(lambda: len(mailbox.received) == 1)
    (message,) = mailbox.messages()
    assert message.get_content_type() == "application/pkcs7-mime"


WRONG = {
    "not of": owned("iemand.anders@example.org"),
    "ended on": owned(ADDRESS, ends=NOW - timedelta(days=1)),
    "holds from": owned(ADDRESS, begins=NOW + timedelta(days=9)),
    "key usage": owned(ADDRESS, usage="signing"),
    "not meant for": owned(ADDRESS, usage="web"),
    "RSA key": owned(ADDRESS, curve=True),
    "2048 bits": owned(ADDRESS, bits=1024),
}


@pytest.mark.parametrize("why", WRONG)
def test_a_certificate_that_cannot_be_used_for_this_address_is_refused_with_the_reason(why: str) -> None:
    with pytest.raises(smime.CertificateWrong, match=why) as refused:
        smime.read_certificate(WRONG[why].certificate, ADDRESS, NOW)
    assert "\n" not in str(refused.value)


def test_what_is_no_single_certificate_is_refused_and_a_private_key_is_sent_back_to_its_owner(theirs: Owned) -> None:
    for content in ("", "geen certificaat", theirs.certificate * 2, theirs.certificate[:200]):
        with pytest.raises(smime.CertificateWrong, match="one certificate"):
            smime.read_certificate(content, ADDRESS, NOW)
    with pytest.raises(smime.CertificateWrong, match="private key"):
        smime.read_certificate(theirs.both.decode(), ADDRESS, NOW)
    assert smime.read_certificate(theirs.certificate, ADDRESS.upper(), NOW)
    assert smime.read_certificate(owned(ADDRESS, in_subject=True, usage="any").certificate, ADDRESS, NOW)


@pytest.mark.parametrize("content", [b"", b"geen sleutel", owned(SENDER).certificate.encode()])
def test_a_signing_key_that_cannot_be_used_is_named(content: bytes) -> None:
    with pytest.raises(smime.SigningKeyWrong, match="signing key"):
        smime.read_signer(content)


def test_a_signing_key_of_another_certificate_is_refused() -> None:
    mixed = owned(SENDER, curve=True).key + owned(SENDER).certificate
    with pytest.raises(smime.SigningKeyWrong, match="does not belong"):
        smime.read_signer(mixed.encode())


def test_the_command_keeps_a_certificate_shows_its_fingerprint_and_takes_it_away_again(
    installed: Town, theirs: Owned, tmp_path: Path
) -> None:
    file = tmp_path / "cert.pem"
    file.write_text(theirs.certificate)

    def kept() -> object:
        with installed.owner() as owner:
            return owner.execute("SELECT certificate FROM contacts WHERE email = %s", (ADDRESS,)).fetchone()

    done = command(ADDRESS, str(file))
    assert done.exit_code == 0, done.output
    shown = openssl(tmp_path, "x509", "-in", "cert.pem", "-noout", "-fingerprint", "-sha256").decode()
    assert shown.strip().partition("=")[2] in done.output
    assert kept() == (theirs.certificate,)
    for words in ((ADDRESS,), ("niemand@example.org", str(file)), (ADDRESS, str(file), "--remove")):
        refused = command(*words)
        assert refused.exit_code == 2
        assert "Traceback" not in refused.output
    assert kept() == (theirs.certificate,)
    assert command(ADDRESS, "--remove").exit_code == 0
    assert kept() == (None,)
    with installed.owner() as owner:
        steps = owner.execute("SELECT payload FROM trail WHERE payload LIKE '%contact_certificate%'").fetchall()
    assert len(steps) == 2
    assert "BEGIN CERTIFICATE" not in str(steps)


def test_a_certificate_that_ends_within_thirty_days_is_among_the_gaps(installed: Town, tmp_path: Path) -> None:
    file = tmp_path / "cert.pem"
    file.write_text(owned(ADDRESS, ends=true_time() + timedelta(days=20)).certificate)
    assert command(ADDRESS, str(file)).exit_code == 0

    def named(*words: str) -> list[str]:
        gaps = json.loads(CliRunner().invoke(directory, ["gaps", "--json", *words]).stdout)
        return [gap["about"] for gap in gaps if gap["kind"] == "certificate_ends"]

    assert named() == [ADDRESS]
    assert named("--within", "10") == []


def test_doctor_says_when_our_own_certificate_for_mail_ends_or_cannot_be_used(tmp_path: Path) -> None:
    file = tmp_path / "mail-signing.pem"

    def said() -> list[tuple[bool, str]]:
        return [(one.fine, one.says) for one in mail_signing(Settings(keys=tmp_path))]

    assert said() == [], "signing is a choice"
    for days, fine in ((200, True), (20, False)):
        file.write_bytes(owned(SENDER, ends=true_time() + timedelta(days=days)).both)
        assert [one for one, _ in said()] == [fine], days
    file.write_bytes(b"geen sleutel")
    ((fine, says),) = said()
    assert not fine
    assert "signing key" in says
