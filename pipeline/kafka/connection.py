"""How we reach the brokers: where they are, whether over TLS, and as whom. It opens no connection itself.

Certificates and passwords are files, read at every new connection: a renewed one takes effect without a restart.
"""

import logging
import ssl
from dataclasses import dataclass
from pathlib import Path

_LONGEST_UNTIL_TRIED_AGAIN_MS = 2_000
"""A broker that comes back is used again after this at most; the client's own 30 s would look like a consumer that is
stuck, and the posts of that while would wait for nothing."""

# At debug level the client tells whole answers of the broker, with what records hold. Nobody may turn that on.
logging.getLogger("kafka").setLevel(logging.INFO)


class ConnectionFileWrong(Exception):
    """A certificate, key or password file for the brokers cannot be used; the file is named, its content never."""


@dataclass(frozen=True)
class Tls:
    """TLS to the brokers, host names checked. Without `ca` the authorities that this machine trusts are used.

    With `certificate` and `key` the broker learns who we are from them (mutual TLS).
    """

    ca: Path | None = None
    certificate: Path | None = None
    key: Path | None = None


@dataclass(frozen=True)
class Login:
    """A name and the file with its password, for SCRAM-SHA-512. Only ever used inside TLS."""

    username: str
    password_file: Path


@dataclass(frozen=True)
class Brokers:
    """Where the brokers are (`host:port,host:port`) and how to reach them safely."""

    addresses: str
    tls: Tls | None = None
    login: Login | None = None

    def __post_init__(self) -> None:
        if self.login is not None and self.tls is None:
            raise ConnectionFileWrong("a log-in at Kafka needs TLS: a password is never sent unencrypted")

    @property
    def known_as(self) -> bool:
        """Whether the brokers learn which process we are."""
        return self.login is not None or (self.tls is not None and self.tls.certificate is not None)


Bootstrap = str | Brokers
"""Where to connect. A bare string is a broker without TLS or log-in: on this machine, or inside one private network."""


def brokers(bootstrap: Bootstrap) -> Brokers:
    """The full form."""
    return Brokers(bootstrap) if isinstance(bootstrap, str) else bootstrap


def client_settings(bootstrap: Bootstrap) -> dict[str, object]:
    """What every Kafka client is given. Raises `ConnectionFileWrong` when a file cannot be used."""
    there = brokers(bootstrap)
    settings: dict[str, object] = {
        "bootstrap_servers": there.addresses.split(","),
        "reconnect_backoff_max_ms": _LONGEST_UNTIL_TRIED_AGAIN_MS,
    }
    if there.tls is None:
        return settings
    settings["ssl_context"] = tls_context(there.tls)
    if there.login is None:
        return settings | {"security_protocol": "SSL"}
    return settings | {
        "security_protocol": "SASL_SSL",
        "sasl_mechanism": "SCRAM-SHA-512",
        "sasl_plain_username": there.login.username,
        "sasl_plain_password": password_in(there.login.password_file),
    }


def tls_context(tls: Tls) -> ssl.SSLContext:
    """TLS 1.2 or newer that refuses a certificate of an unknown authority, of another host, or past its date."""
    try:
        context = ssl.create_default_context(cafile=tls.ca)
    except (OSError, ssl.SSLError):
        raise ConnectionFileWrong(
            f"{tls.ca} holds no certificate authority in PEM form that this user can read (kafka_tls_ca)"
        ) from None
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if tls.certificate is not None:
        try:
            context.load_cert_chain(tls.certificate, tls.key)
        except (OSError, ssl.SSLError):
            raise ConnectionFileWrong(
                f"{tls.certificate} and {tls.key} are no certificate and key that belong together and that this user"
                " can read (kafka_tls_certificate, kafka_tls_key)"
            ) from None
    return context


def password_in(file: Path) -> str:
    """The password in a file, without the line end. Raises `ConnectionFileWrong`."""
    try:
        password = file.read_text().strip()
    except (OSError, UnicodeDecodeError):
        raise ConnectionFileWrong(f"{file} cannot be read: give this user the right to (kafka_password_file)") from None
    if not password:
        raise ConnectionFileWrong(f"{file} is empty: write the password into it (kafka_password_file)")
    return password
