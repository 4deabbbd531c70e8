"""A real Apache Kafka as an installation with many machines has it: TLS on every listener, log-ins, and permissions.

A plain listener is there for the launcher's question whether the broker answers; nobody on it may do anything.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from kafka import KafkaAdminClient
from kafka.admin import ScramMechanism, UserScramCredentialUpsertion

from pipeline.kafka.broker_jars import KafkaNotHere
from pipeline.kafka.connection import Brokers, Login, Tls, client_settings
from pipeline.kafka.local_broker import LocalBroker, free_port
from pipeline.topic_access import ADMINISTRATOR, PROCESSES
from tests.conftest import CACHE, missing
from tests.pipeline.kafka.authority import Authority, Pair

HOST = "127.0.0.1"


def properties(ports: dict[str, int], server: Pair, authority: Authority) -> dict[str, str]:
    """The broker's settings. How an installation sets them stands in docs/how-to/secure-connections.md."""
    listeners = ",".join(f"{name}://{HOST}:{port}" for name, port in ports.items())
    mutual = {f"listener.name.{name}.ssl.client.auth": "required" for name in ("mutual", "controller")}
    return {
        "listeners": listeners,
        "advertised.listeners": ",".join(each for each in listeners.split(",") if not each.startswith("CONTROLLER")),
        "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,LOGIN:SASL_SSL,MUTUAL:SSL,CONTROLLER:SSL",
        "inter.broker.listener.name": "MUTUAL",
        "ssl.keystore.type": "PEM",
        "ssl.keystore.location": str(server.both),
        "ssl.truststore.type": "PEM",
        "ssl.truststore.location": str(authority.file),
        "ssl.principal.mapping.rules": "RULE:^.*CN=([a-z-]+).*$/$1/,DEFAULT",
        "sasl.enabled.mechanisms": "SCRAM-SHA-512",
        "listener.name.login.scram-sha-512.sasl.jaas.config": (
            "org.apache.kafka.common.security.scram.ScramLoginModule required;"
        ),
        "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
        "super.users": f"User:broker;User:{ADMINISTRATOR}",
        **mutual,
    }


@dataclass(frozen=True)
class Secured:
    """The running broker, and how each process reaches it."""

    broker: LocalBroker
    authority: Authority
    folder: Path
    ports: dict[str, int]

    def by_certificate(self, login: str, **other: Path) -> Brokers:
        """As `login`, by a certificate of its own."""
        pair = self.authority.signs(login)
        return Brokers(f"{HOST}:{self.ports['MUTUAL']}", Tls(self.authority.file, pair.certificate, pair.key))

    def by_password(self, login: str) -> Brokers:
        """As `login`, by its password."""
        return Brokers(
            f"{HOST}:{self.ports['LOGIN']}", Tls(self.authority.file), Login(login, self.password_file(login))
        )

    def password_file(self, login: str) -> Path:
        """Where the password of a log-in stands."""
        return self.folder / f"{login}.password"

    @property
    def administrator(self) -> Brokers:
        """As `topics apply` reaches it."""
        return self.by_certificate(ADMINISTRATOR)


@contextmanager
def secured_broker(folder: Path) -> Iterator[Secured]:
    """The broker with a log-in for every process of the table."""
    authority = Authority(folder / "authority")
    server = authority.signs("broker", HOST)
    ports = {name: free_port() for name in ("PLAINTEXT", "LOGIN", "MUTUAL", "CONTROLLER")}
    broker = LocalBroker(
        folder / "broker",
        CACHE,
        ports["PLAINTEXT"],
        ports["CONTROLLER"],
        changes=properties(ports, server, authority),
    )
    try:
        broker.start(patience=240)
    except KafkaNotHere as reason:
        missing(str(reason))
    try:
        there = Secured(broker, authority, folder, ports)
        for process in PROCESSES:
            give_password(there, process.login)
        yield there
    finally:
        broker.kill()


def give_password(there: Secured, login: str) -> None:
    """Let somebody in under this name."""
    password = f"word-of-{login}"
    admin = KafkaAdminClient(**client_settings(there.administrator))
    credential = UserScramCredentialUpsertion(login, ScramMechanism.SCRAM_SHA_512, password.encode(), iterations=4096)
    admin.alter_user_scram_credentials([credential])
    admin.close()
    there.password_file(login).touch(mode=0o600)
    there.password_file(login).write_text(password + "\n")
