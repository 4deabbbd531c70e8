"""The certificate to which a contact's notices by e-mail are sealed, and when it ends. Run as the owner.

It judges no certificate: `forwarding.channels.smime` does, before one is kept and again whenever one is used.
"""

from datetime import datetime

from sqlalchemy import Connection, text

from pipeline.store import trail


class NoSuchAddress(Exception):
    """No active contact has this address."""


def keep(connection: Connection, address: str, pem: str | None, ends_at: datetime | None, now: datetime) -> int:
    """Give every active contact with this address this certificate, or none; how many contacts.

    On the trail without the certificate. Raises NoSuchAddress.
    """
    changed = connection.execute(
        text(
            """UPDATE seinpost.contacts SET certificate = :pem, certificate_ends_at = :ends
                WHERE lower(email) = lower(:address) AND active RETURNING id"""
        ),
        {"pem": pem, "ends": ends_at, "address": address},
    ).scalars()
    found = list(changed)
    if not found:
        raise NoSuchAddress(f"no active contact has the address {address}; see the directory")
    for contact in found:
        detail = {"has": "yes" if pem is not None else "no"}
        trail.append(connection, "contact_certificate", "contact", str(contact), now, detail)
    return len(found)
