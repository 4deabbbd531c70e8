"""Why PostgreSQL does not let us in over TLS, in one line. It reads no table and needs no password."""

import socket
import ssl
import struct
from pathlib import Path

from sqlalchemy import URL

from pipeline.tls_trouble import Asked, trouble

_SSL_REQUEST = struct.pack("!ii", 8, 80877103)  # PostgreSQL's own question whether the server speaks TLS
_PATIENCE = 3.0
_ASKED = Asked("the PostgreSQL server", "database_url", "database_tls_ca")


def why_not(url: URL) -> str | None:
    """What is wrong with the certificate, for an address that asks for `verify-full`; None when it is not that."""
    if url.query.get("sslmode") != "verify-full" or url.host is None:
        return None
    ca = str(url.query.get("sslrootcert", "system"))
    try:
        context = ssl.create_default_context(cafile=None if ca == "system" else ca)
    except (OSError, ssl.SSLError):
        return f"{Path(ca)} holds no certificate authority in PEM form that this user can read (database_tls_ca)"
    try:
        with socket.create_connection((url.host, url.port or 5432), timeout=_PATIENCE) as connection:
            connection.sendall(_SSL_REQUEST)
            if connection.recv(1) != b"S":
                return f"the PostgreSQL server {url.host} speaks no TLS; set ssl = on there"
            return trouble(connection, url.host, context, _ASKED)
    except OSError:
        return None
