"""Notices by e-mail: hands each to the mail server and says in one code what came of it. It retries nothing.

One that is to be sealed to its recipient's certificate never leaves readable: what cannot be sealed stays here.
"""

import asyncio
import ssl
from dataclasses import dataclass
from datetime import datetime
from email.policy import SMTP
from email.utils import parseaddr
from pathlib import Path
from types import TracebackType
from typing import Self

import aiosmtplib

from forwarding.channels import smime
from forwarding.channels.channel import Outcome
from forwarding.channels.message import compose
from pipeline.store.notices import ChannelName, DueNotice


@dataclass(frozen=True)
class MailServer:
    """Where notices are handed in. With `starttls` an unencrypted hand-over is refused."""

    host: str
    port: int
    sender: str
    starttls: bool = False
    username: str | None = None
    password_file: Path | None = None
    ca_file: Path | None = None
    timeout: float = 20.0


@dataclass(frozen=True)
class Email:
    """The channel: messages that link to the portal at `base_url`, over so many connections to one server.

    Two lines share the connections: while one writes down what came of its messages, the other hands over.
    """

    server: MailServer
    base_url: str
    connections: int = 8
    signer: smime.Signer | None = None

    @property
    def name(self) -> ChannelName:
        """E-mail."""
        return ChannelName.EMAIL

    @property
    def lines(self) -> int:
        """Two, where there are connections for them."""
        return min(2, self.connections)

    @property
    def together(self) -> int:
        """A message for each connection of the line."""
        return self.connections // self.lines

    def line(self) -> "MailLine":
        """The connections of one line."""
        return MailLine(self.server, self.base_url, self.signer)


class MailLine:
    """Connections to the mail server, one for each message at a time, opened when first needed and after one broke."""

    def __init__(self, server: MailServer, base_url: str, signer: smime.Signer | None = None) -> None:
        self._server = server
        self._signer = signer
        self._base_url = base_url
        self._from = parseaddr(server.sender)[1]
        self._idle: list[aiosmtplib.SMTP] = []

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        idle, self._idle = self._idle, []
        await asyncio.gather(*(_hang_up(client) for client in idle))

    async def hand_over(self, notice: DueNotice, now: datetime) -> Outcome:
        """Give one message to the server."""
        try:
            message = self._written(notice, now)
        except ValueError:  # an address with a line break: one notice must not stop all
            return Outcome.REFUSED
        except smime.CertificateWrong:
            return Outcome.CERTIFICATE
        client: aiosmtplib.SMTP | None = None
        try:
            client = self._idle.pop() if self._idle else self._client()
            if not client.is_connected:
                await client.connect()
            # Not `send_message`: it copies and reads the message anew, which costs more than all the rest.
            await client.sendmail(self._from, [notice.address], message)
        except (aiosmtplib.SMTPException, OSError) as error:
            if client is not None:
                await _hang_up(client)
            return _outcome(error)
        self._idle.append(client)
        return Outcome.ACCEPTED

    def _written(self, notice: DueNotice, now: datetime) -> bytes:
        message = compose(notice, self._server.sender, self._base_url, now)
        if notice.certificate is not None:
            certificate = smime.read_certificate(notice.certificate, notice.address, now)
            smime.seal(message, certificate, self._signer)
        return message.as_bytes(policy=SMTP)

    def _client(self) -> aiosmtplib.SMTP:
        server = self._server
        return aiosmtplib.SMTP(
            hostname=server.host,
            port=server.port,
            start_tls=server.starttls,
            username=server.username,
            password=server.password_file.read_text().strip() if server.password_file else None,
            cert_bundle=str(server.ca_file) if server.ca_file else None,
            timeout=server.timeout,
        )


async def _hang_up(client: aiosmtplib.SMTP) -> None:
    try:
        await client.quit()
    except (aiosmtplib.SMTPException, OSError):
        client.close()  # it was gone already


def _outcome(error: Exception) -> Outcome:
    """The code for a failure. A server's words are never kept: they may repeat an address."""
    match error:
        case aiosmtplib.SMTPAuthenticationError():
            return Outcome.NOT_SIGNED_IN
        case aiosmtplib.SMTPRecipientsRefused(recipients=refusals):
            return Outcome.REFUSED if all(one.code >= 500 for one in refusals) else Outcome.TRY_LATER
        case ssl.SSLError():
            return Outcome.NOT_ENCRYPTED
        case aiosmtplib.SMTPSenderRefused():
            return Outcome.SENDER_REFUSED  # our own settings are wrong, not this recipient: keep trying
        case aiosmtplib.SMTPConnectError() | aiosmtplib.SMTPServerDisconnected() | aiosmtplib.SMTPTimeoutError():
            return Outcome.UNREACHABLE
        case aiosmtplib.SMTPResponseException(code=code):
            return Outcome.REFUSED if code >= 500 else Outcome.TRY_LATER
        case aiosmtplib.SMTPNotSupported():
            return Outcome.NOT_ENCRYPTED
        case aiosmtplib.SMTPException():
            return Outcome.NOT_ENCRYPTED if "TLS" in str(error) else Outcome.UNREACHABLE
        case _:
            return Outcome.UNREACHABLE
