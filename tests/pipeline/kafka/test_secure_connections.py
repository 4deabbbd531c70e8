"""What is wrong with a certificate or a log-in at a real broker is one line, and no secret stands in it."""

import os
import subprocess
from pathlib import Path

import pytest

from pipeline.kafka.connection import Brokers, ConnectionFileWrong, Login, Tls, client_settings
from pipeline.kafka.connection_trouble import why_not
from pipeline.kafka.faults import BrokerAway
from pipeline.kafka.local_broker import free_port
from pipeline.kafka.topic_admin import require
from pipeline.topic_access import COLLECT, DOCTOR
from seinpost.composition import brokers
from seinpost.settings import Settings
from tests import command
from tests.pipeline.kafka.authority import Authority
from tests.pipeline.kafka.secured_broker import HOST, Secured

pytestmark = pytest.mark.kafka


def _run(settings: dict[str, object], *words: str) -> subprocess.CompletedProcess[str]:
    environment = {f"SEINPOST_{name.upper()}": str(value) for name, value in settings.items()}
    return command.in_words(
        words, {**{k: v for k, v in os.environ.items() if not k.startswith("SEINPOST_")}, **environment}
    )


def test_the_command_reaches_the_broker_with_the_settings_of_the_guide(secured: Secured) -> None:
    with_password = {
        "kafka": f"{HOST}:{secured.ports['LOGIN']}",
        "kafka_tls_ca": secured.authority.file,
        "kafka_username": DOCTOR.login,
        "kafka_password_file": secured.password_file(DOCTOR.login),
    }
    pair = secured.authority.signs(DOCTOR.login)
    with_certificate = {
        "kafka": f"{HOST}:{secured.ports['MUTUAL']}",
        "kafka_tls_ca": secured.authority.file,
        "kafka_tls_certificate": pair.certificate,
        "kafka_tls_key": pair.key,
    }
    for settings in (with_password, with_certificate):
        done = _run(settings, "topics", "check")
        assert done.returncode == 0, done.stderr
    refused = _run({**with_password, "kafka_password_file": secured.password_file(COLLECT.login)}, "topics", "check")
    assert refused.returncode == 2
    assert refused.stderr.count("\n") == 1
    assert f"refuses the log-in of {DOCTOR.login}" in refused.stderr
    assert "word-of" not in refused.stderr


def test_each_fault_of_trust_has_its_own_words(secured: Secured, tmp_path: Path) -> None:
    login, mutual = (f"{HOST}:{secured.ports[name]}" for name in ("LOGIN", "MUTUAL"))
    ca = secured.authority.file
    stale = secured.authority.signs("seinpost-analyse", expired=True)
    foreign = Authority(tmp_path / "other").signs("seinpost-analyse")
    faults = {
        "has no authority of ours": (Brokers(login, Tls(Authority(tmp_path / "third").file)), "that we do not trust"),
        "is for another host": (Brokers(login.replace(HOST, "localhost"), Tls(ca)), "is for another host"),
        "ours has expired": (Brokers(mutual, Tls(ca, stale.certificate, stale.key)), "refuses our certificate"),
        "ours is foreign": (Brokers(mutual, Tls(ca, foreign.certificate, foreign.key)), "refuses our certificate"),
        "none of ours": (Brokers(mutual, Tls(ca)), "asks for a certificate of ours"),
        "no TLS there": (Brokers(f"{HOST}:{secured.ports['PLAINTEXT']}", Tls(ca)), "does not speak TLS"),
    }
    for fault, (there, words) in faults.items():
        said = why_not(there)
        assert said is not None, fault
        assert words in said
        assert "\n" not in said
    assert why_not(Brokers(login, Tls(ca))) is None
    assert why_not(Brokers(f"{HOST}:{free_port()}", Tls(ca))) is None


def test_a_broker_whose_certificate_has_expired_is_said_by_every_client(secured: Secured, tmp_path: Path) -> None:
    # The broker's own certificate cannot be let expire while it runs: a plain TLS server shows one in its place.
    stale = secured.authority.signs("old-broker", HOST, expired=True)
    port = free_port()
    server = subprocess.Popen(
        ["openssl", "s_server", "-accept", f"{HOST}:{port}", "-cert", stale.certificate, "-key", stale.key, "-quiet"],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        with pytest.raises(BrokerAway, match="has expired; renew it there"):
            require(Brokers(f"{HOST}:{port}", Tls(secured.authority.file)), [])
    finally:
        server.kill()
        server.wait()


def test_files_that_cannot_be_used_are_named_at_once(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    pair, other = authority.signs("seinpost-analyse"), authority.signs("seinpost-relay")
    (tmp_path / "empty").write_text("\n")
    wrong: dict[str, Brokers] = {
        "kafka_tls_ca": Brokers("b:1", Tls(tmp_path / "none.pem")),
        "kafka_tls_key": Brokers("b:1", Tls(authority.file, pair.certificate, other.key)),
        "kafka_password_file": Brokers("b:1", Tls(authority.file), Login("x", tmp_path / "empty")),
    }
    for setting, there in wrong.items():
        with pytest.raises(ConnectionFileWrong, match=setting):
            client_settings(there)
    with pytest.raises(ConnectionFileWrong, match="never sent unencrypted"):
        Brokers("b:1", None, Login("x", tmp_path / "empty"))


def test_a_log_in_turns_tls_on_and_half_of_a_pair_is_refused(tmp_path: Path) -> None:
    there = brokers(Settings.model_validate({"kafka": "b:1", "kafka_username": "x", "kafka_password_file": tmp_path}))
    assert there.tls == Tls()
    assert there.known_as
    assert brokers(Settings.model_validate({"kafka": "b:1"})) == Brokers("b:1")
    for half in ("kafka_username", "kafka_tls_key"):
        with pytest.raises(ValueError, match="go together"):
            Settings.model_validate({"kafka": "b:1", half: "x"})
