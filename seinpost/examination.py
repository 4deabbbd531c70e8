"""What `seinpost doctor` looks at, one small check each: whether it is fine, and if not what to mend.

Changes nothing and never shows a secret. A database that is not running is started for the look, as any command does.
"""

import os
import smtplib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

import psycopg

from pipeline.backup.last_restore import last_restore
from pipeline.store import schema
from pipeline.store.connection import Database
from pipeline.store.connection_trouble import why_not
from pipeline.store.roles import OWNER
from pipeline.store.setup import roles_that_bypass
from seinpost import composition
from seinpost.settings import Settings, settings_file

LOOPBACK = ("127.0.0.1", "localhost", "::1")
_SOON = timedelta(days=30)


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at. `says` is what was found, or what to do."""

    what: str
    fine: bool
    says: str


def examine(settings: Settings) -> Iterator[Finding]:
    """Every check, in the order in which things are needed."""
    file = settings_file()
    yield Finding("settings", True, f"{file} and the environment" if file.is_file() else "defaults and the environment")
    yield from _address(settings)
    yield from _keys(settings)
    yield from _database(settings)
    yield from _kafka(settings)
    yield _mail(settings)
    yield _webhooks(settings)
    yield from mail_signing(settings)
    yield _stream(settings)
    yield _models(settings)


def _address(settings: Settings) -> Iterator[Finding]:
    parts = urlsplit(settings.address)
    if parts.scheme == "https" or parts.hostname in LOOPBACK:
        yield Finding("address", True, settings.address)
    else:
        yield Finding("address", False, f"{settings.address} is not https: put a TLS proxy before it and set base_url")


def _keys(settings: Settings) -> Iterator[Finding]:
    problems = composition.key_folder(settings).problems()
    for problem in problems:
        yield Finding("keys", False, problem)
    if not problems:
        yield Finding("keys", True, f"{settings.key_folder}, closed to others")


def _database(settings: Settings) -> Iterator[Finding]:
    if settings.database_url is None and not (settings.data / "postgres").is_dir():
        yield Finding("database", False, f"nothing in {settings.data} yet: run seinpost up, or set data")
        return
    try:
        with composition.running_database(settings) as there:
            yield from _roles_and_tables(there)
    except (composition.DatabaseAway, psycopg.OperationalError):
        untrusted = why_not(composition.database(settings).url)
        general = "does not answer: check database_url and the server; a new one needs setup"
        yield Finding("database", False, untrusted or general)
        return
    yield _way_to_database(settings)


def _way_to_database(settings: Settings) -> Finding:
    url = composition.database(settings).url
    if url.host is None or url.host in LOOPBACK:
        return Finding("database connection", True, "stays on this machine")
    if url.query.get("sslmode") != "verify-full":
        return Finding("database connection", False, f"{url.host} is not checked: set database_tls_ca, or database_tls")
    return Finding("database connection", True, "over TLS, host name checked")


def _roles_and_tables(there: Database) -> Iterator[Finding]:
    address = there.url.set(drivername="postgresql", username=OWNER, password=there.password(OWNER))
    with psycopg.connect(address.render_as_string(hide_password=False), connect_timeout=5) as connection:
        version = connection.info.server_version // 10000
        yield Finding("database", True, f"PostgreSQL {version} answers")
        yield from _schema(connection)
        bypass = roles_that_bypass(connection)
        if bypass:
            repair = "; ".join(f"ALTER ROLE {role} NOSUPERUSER NOBYPASSRLS NOCREATEROLE" for role in bypass)
            yield Finding("database roles", False, f"can get round row-level security; run as administrator: {repair}")
        else:
            yield Finding("database roles", True, "none can get round row-level security")
        open_tables = connection.execute(
            "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
            " WHERE n.nspname = 'seinpost' AND c.relkind IN ('r', 'p') AND c.relname <> 'alembic_version'"
            " AND NOT (c.relrowsecurity AND c.relforcerowsecurity) ORDER BY 1"
        ).fetchall()
        if open_tables:
            names = ", ".join(name for (name,) in open_tables)
            yield Finding("database tables", False, f"row-level security is not forced on {names}: run seinpost setup")
        else:
            yield Finding("database tables", True, "row-level security is forced on all")


def _schema(connection: psycopg.Connection) -> Iterator[Finding]:
    row = connection.execute("SELECT version_num FROM public.alembic_version").fetchone()
    found, wanted = str(row[0]) if row else "", schema.newest()
    if found != wanted and schema.is_known(found):
        yield Finding("database schema", False, f"is {found} and this program needs {wanted}: run seinpost setup")
        return
    yield Finding("database schema", True, found if found == wanted else f"{found}, of a newer Seinpost than this one")
    restored = last_restore(connection)
    if restored is not None:
        yield Finding("restored", True, restored)


def mail_signing(settings: Settings) -> Iterator[Finding]:
    """Nothing where there is no key: signing is a choice."""
    from forwarding.channels.smime import SigningKeyWrong, read_signer

    pem = composition.key_folder(settings).mail_signing_key()
    if pem is None:
        return
    try:
        ends = read_signer(pem).certificate.not_valid_after_utc
    except SigningKeyWrong as wrong:
        yield Finding("mail signing", False, f"{wrong}; see docs/how-to/forward.md")
        return
    soon = ends - composition.now() < _SOON
    yield Finding("mail signing", not soon, f"our certificate ends on {ends:%Y-%m-%d}" + (": renew it" if soon else ""))


def _kafka(settings: Settings) -> Iterator[Finding]:
    if settings.kafka is None:
        yield Finding("kafka", True, "not used: the embedded road")
        return
    from pipeline.kafka.connection import ConnectionFileWrong
    from pipeline.kafka.faults import BrokerAway  # only the Kafka road needs these
    from pipeline.topics import drift

    try:
        there = composition.brokers(settings)
        differing = drift(there)
    except (BrokerAway, ConnectionFileWrong) as away:
        yield Finding("kafka", False, str(away))
        return
    yield Finding("kafka", True, f"answers on {settings.kafka}")
    elsewhere = [a for a in there.addresses.split(",") if a.rpartition(":")[0].strip("[]") not in LOOPBACK]
    if elsewhere and there.tls is None:
        yield Finding("kafka connection", False, f"{elsewhere[0]} is reached without TLS: set kafka_tls_ca")
    elif elsewhere and not there.known_as:
        yield Finding("kafka connection", False, f"{elsewhere[0]} does not learn who we are: set kafka_username")
    else:
        yield Finding("kafka connection", True, "over TLS, known by name" if there.tls else "stays on this machine")
    if differing:
        yield Finding("kafka topics", False, "; ".join(differing))
    else:
        yield Finding("kafka topics", True, "topics, copies and permissions are as they should be")


def _models(settings: Settings) -> Finding:
    from nlp.analyse import Analyser  # slow to import, and the last thing to look at
    from nlp.encoder import ModelFolderError
    from nlp.places import imported
    from nlp.places.gazetteer_file import GazetteerWrong
    from nlp.places.imported import ImportedPlacesWrong

    try:
        Analyser.load(settings.models, imported.current(settings.places_folder))
    except (ModelFolderError, ImportedPlacesWrong, GazetteerWrong) as error:
        return Finding("models", False, str(error))
    return Finding("models", True, "detection models load")


def _mail(settings: Settings) -> Finding:
    if settings.smtp_host is None:
        return Finding("mail", True, "not set: nobody is told by e-mail (smtp_host)")
    place = f"{settings.smtp_host}:{settings.smtp_port}"
    password = settings.smtp_password_file
    if password is not None and not os.access(password, os.R_OK):
        return Finding("mail", False, f"{password} cannot be read: give this user the right to (smtp_password_file)")
    try:
        with smtplib.SMTP(settings.smtp_host, settings.smtp_port, timeout=5) as server:
            server.ehlo()
            starttls = server.has_extn("starttls")
    except (OSError, smtplib.SMTPException):
        return Finding("mail", False, f"{place} does not answer: correct smtp_host and smtp_port")
    if settings.smtp_starttls and not starttls:
        return Finding("mail", False, f"{place} offers no STARTTLS: choose another server or port")
    if not settings.smtp_starttls and settings.smtp_host not in LOOPBACK:
        return Finding("mail", False, f"{place} is elsewhere and mail would go unencrypted: set smtp_starttls")
    return Finding("mail", True, f"{place} answers")


def _webhooks(settings: Settings) -> Finding:
    if settings.webhook_loopback:
        return Finding("webhooks", False, "may call this very machine, which is for tests: unset webhook_loopback")
    if settings.webhook_ca is not None and not os.access(settings.webhook_ca, os.R_OK):
        return Finding("webhooks", False, f"{settings.webhook_ca} cannot be read: correct webhook_ca")
    return Finding("webhooks", True, "over https with a checked certificate, to public addresses alone")


def _stream(settings: Settings) -> Finding:
    if settings.jetstream_dictionary is not None and not settings.jetstream_dictionary.is_file():
        return Finding("stream", False, f"{settings.jetstream_dictionary} is not there: correct jetstream_dictionary")
    if settings.contact is None:
        return Finding("stream", True, "no contact set: live sources stay off until you set one")
    return Finding("stream", True, "live sources are told whom to reach")
