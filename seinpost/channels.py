"""Puts the ways to tell recipients together from the settings and the key folder."""

from forwarding.channels.calling import Caller, trusting
from forwarding.channels.channel import Channel
from forwarding.channels.decisions import Decisions
from forwarding.channels.email import Email, MailServer
from forwarding.channels.misp import Misp
from forwarding.channels.smime import read_signer
from forwarding.channels.webhook import Webhooks
from seinpost import composition
from seinpost.settings import Settings


def channels(settings: Settings) -> list[Channel]:
    """Every way that is set up: e-mail when there is a mail server, the others always."""
    caller = Caller(trusting(settings.webhook_ca), settings.webhook_loopback)
    keys = composition.key_folder(settings)
    ways: list[Channel] = [
        Webhooks(caller, keys.endpoint_key, settings.address),
        Misp(caller, keys.endpoint_key, settings.address),
        Decisions(lambda: composition.database(settings).engine_for("seinpost_dispatch", 1)),
    ]
    if settings.smtp_host is not None:
        server = MailServer(
            settings.smtp_host,
            settings.smtp_port,
            settings.smtp_sender,
            settings.smtp_starttls,
            settings.smtp_username,
            settings.smtp_password_file,
        )
        signing = keys.mail_signing_key()
        signer = read_signer(signing) if signing is not None else None
        ways.append(Email(server, settings.address, settings.smtp_connections, signer))
    return ways
