"""Why brokers do not let us in, in one line: the client only says that it ran out of time. Changes nothing."""

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager

from kafka.errors import AuthorizationError, KafkaError, SaslAuthenticationFailedError

from pipeline.kafka.connection import Bootstrap, Brokers, Tls, brokers, tls_context
from pipeline.kafka.faults import BrokerRefuses, named

_PATIENCE = 3.0
_EXPIRED = 10  # OpenSSL's X509_V_ERR_CERT_HAS_EXPIRED
_UNKNOWN_AUTHORITY = {2, 18, 19, 20, 21}  # and the other ways to say that no trusted authority signed it
_OTHER_HOST = {62, 64}  # host name, address
_API_VERSIONS = b"\0\0\0\x0a\0\x12\0\0\0\0\0\0\xff\xff"  # a request that every broker answers, to hear an alert


@contextmanager
def reaching(bootstrap: Bootstrap, what: str) -> Iterator[None]:
    """While connecting: the errors of the client as ours, with the reason where TLS or the log-in is what is wrong."""
    with named(what):
        try:
            yield
        except SaslAuthenticationFailedError:
            raise BrokerRefuses(_password_refused(brokers(bootstrap))) from None
        except AuthorizationError:
            raise
        except KafkaError:
            trouble = why_not(brokers(bootstrap))
            if trouble is None:
                raise
            raise BrokerRefuses(trouble) from None


def _password_refused(there: Brokers) -> str:
    name = there.login.username if there.login else "this process"
    return f"Kafka refuses the log-in of {name}; check kafka_username and kafka_password_file"


def why_not(there: Brokers) -> str | None:
    """What is wrong with TLS to the first broker that answers at all; None when nothing is, or none answers."""
    if there.tls is None:
        return None
    for address in there.addresses.split(","):
        host, _, port = address.strip().rpartition(":")
        try:
            connection = socket.create_connection((host.strip("[]"), int(port)), timeout=_PATIENCE)
        except (OSError, ValueError):
            continue
        with connection:
            return _handshake(connection, host.strip("[]"), there.tls)
    return None


def _handshake(connection: socket.socket, host: str, tls: Tls) -> str | None:
    try:
        with tls_context(tls).wrap_socket(connection, server_hostname=host) as secured:
            # Under TLS 1.3 a broker refuses our certificate only after the handshake.
            secured.sendall(_API_VERSIONS)
            secured.recv(1)
    except ssl.SSLCertVerificationError as error:
        return _untrusted(host, error.verify_code)
    except ssl.SSLError as error:
        if "CERTIFICATE" in (error.reason or ""):
            return (
                f"the broker {host} refuses our certificate ({_words(error)}); check kafka_tls_certificate and its date"
            )
        return f"the broker {host} does not speak TLS with us ({_words(error)}); check the port and kafka_tls"
    except TimeoutError:
        return None
    except OSError:
        if tls.certificate is None:
            return None
        return f"the broker {host} ends the connection at our certificate; check kafka_tls_certificate and its date"
    return None


def _untrusted(host: str, code: int) -> str:
    if code == _EXPIRED:
        return f"the certificate of the broker {host} has expired; renew it there"
    if code in _OTHER_HOST:
        return f"the certificate of the broker {host} is for another host; correct the kafka setting or the certificate"
    if code in _UNKNOWN_AUTHORITY:
        return f"the certificate of the broker {host} is of an authority that we do not trust; check kafka_tls_ca"
    return f"the certificate of the broker {host} cannot be trusted (OpenSSL says {code}); renew it there"


def _words(error: ssl.SSLError) -> str:
    return (error.reason or "no reason given").replace("_", " ").lower()
