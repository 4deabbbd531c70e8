"""Why brokers do not let us in, in one line: the client only says that it ran out of time. Changes nothing."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager

from kafka.errors import AuthorizationError, KafkaError, SaslAuthenticationFailedError
from kafka.net.manager import KafkaConnectionManager
from kafka.net.selector import NetworkSelector

from pipeline.kafka.connection import Bootstrap, Brokers, Tls, brokers, client_settings, tls_context
from pipeline.kafka.faults import BrokerRefuses, named
from pipeline.tls_trouble import Asked, trouble

_PATIENCE = 3.0
_API_VERSIONS = b"\0\0\0\x0a\0\x12\0\0\0\0\0\0\xff\xff"  # a request that every broker answers, logged in or not


@contextmanager
def reaching(bootstrap: Bootstrap, what: str) -> Iterator[None]:
    """While connecting: the errors of the client as ours, with the reason where TLS or the log-in is what is wrong."""
    with named(what):
        try:
            yield
        except AuthorizationError:
            raise
        except KafkaError:
            found = why_not(brokers(bootstrap))
            if found is None:
                raise
            raise BrokerRefuses(found) from None


def why_not(there: Brokers) -> str | None:
    """What is wrong with TLS or our log-in, at the first broker that answers at all; None when it is neither."""
    found = _tls_trouble(there, there.tls) if there.tls else None
    if found is None and there.login is not None and _log_in_refused(there):
        return f"Kafka refuses the log-in of {there.login.username}; check kafka_username and kafka_password_file"
    return found


def _tls_trouble(there: Brokers, tls: Tls) -> str | None:
    for address in there.addresses.split(","):
        host, _, port = address.strip().rpartition(":")
        host = host.strip("[]")
        try:
            connection = socket.create_connection((host, int(port)), timeout=_PATIENCE)
        except (OSError, ValueError):
            continue
        with connection:
            return trouble(connection, host, tls_context(tls), _asked(tls))
    return None


def _asked(tls: Tls) -> Asked:
    return Asked(
        "the Kafka broker",
        "kafka and kafka_tls",
        "kafka_tls_ca",
        "kafka_tls_certificate" if tls.certificate else None,
        _API_VERSIONS,
    )


def _log_in_refused(there: Brokers) -> bool:
    """Whether a broker says no to our name and password; asked of the client's inner part, for only that tells."""
    net = NetworkSelector()
    manager = KafkaConnectionManager(net, **client_settings(there))

    async def refused(node: str) -> bool:
        connection = manager.get_connection(node, timeout_ms=_PATIENCE * 1000, refresh_metadata_on_err=False)
        try:
            await connection
        except SaslAuthenticationFailedError:
            return True
        except KafkaError:
            # It told what it can do and then hung up: a broker does so at a wrong password, often before saying it.
            return connection.broker_version_data is not None
        return False

    net.start()
    try:
        return any(net.run(refused, broker.node_id) for broker in manager.cluster.bootstrap_brokers())
    finally:
        manager.close()
        net.stop()
