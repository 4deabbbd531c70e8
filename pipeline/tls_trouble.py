"""What is wrong with a server's certificate or with ours, in one line. It shakes hands once more and mends nothing."""

import socket
import ssl
from dataclasses import dataclass

_EXPIRED = 10  # OpenSSL's X509_V_ERR_CERT_HAS_EXPIRED
_NOT_YET = 9
_UNKNOWN_AUTHORITY = {2, 18, 19, 20, 21}  # the ways to say that no authority that we trust has signed it
_OTHER_HOST = {62, 64}  # host name, address


@dataclass(frozen=True)
class Asked:
    """Whom we shake hands with, in words, and the settings to look at when it fails."""

    who: str
    address_setting: str
    ca_setting: str
    certificate_setting: str | None = None
    """None where we show no certificate."""
    greeting: bytes = b""
    """Sent after the handshake and always answered: under TLS 1.3 a refusal of our certificate comes only then."""


def trouble(connection: socket.socket, host: str, context: ssl.SSLContext, asked: Asked) -> str | None:
    """What is wrong; None when the two trust each other, or the server went silent."""
    try:
        with context.wrap_socket(connection, server_hostname=host) as secured:
            if asked.greeting:
                secured.sendall(asked.greeting)
                secured.recv(1)
    except ssl.SSLCertVerificationError as error:
        return _untrusted(f"the certificate of {asked.who} {host}", error.verify_code, asked)
    except ssl.SSLError as error:
        words = (error.reason or "no reason given").replace("_", " ").lower()
        if "certificate" in words and asked.certificate_setting is not None:
            return (
                f"{asked.who} {host} refuses our certificate ({words}); check {asked.certificate_setting} and its date"
            )
        if "certificate" in words:
            return f"{asked.who} {host} asks for a certificate of ours ({words}); see docs/how-to/secure-connections.md"
        return f"{asked.who} {host} does not speak TLS with us ({words}); check {asked.address_setting}"
    except TimeoutError:
        return None
    except OSError:
        if asked.certificate_setting is None:
            return None
        return f"{asked.who} {host} ends the connection at our certificate; check {asked.certificate_setting}"
    return None


def _untrusted(certificate: str, code: int, asked: Asked) -> str:
    if code == _EXPIRED:
        return f"{certificate} has expired; renew it there"
    if code == _NOT_YET:
        return f"{certificate} is not valid yet; check the clocks"
    if code in _OTHER_HOST:
        return f"{certificate} is for another host; correct {asked.address_setting} or the certificate"
    if code in _UNKNOWN_AUTHORITY:
        return f"{certificate} is of an authority that we do not trust; check {asked.ca_setting}"
    return f"{certificate} cannot be trusted (OpenSSL says {code}); renew it there"
