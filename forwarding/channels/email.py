"""Notices by e-mail: hands each to the mail server and says in one code what came of it. It retries nothing."""

import ssl
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self

import aiosmtplib

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
    """The channel: messages that link to the portal at `base_url`, over `lines` connections to one server."""

    server: MailServer
    base_url: str
    lines: int = 4

    @property
    def name(self) -> ChannelName:
        """E-mail."""
        return ChannelName.EMAIL

    def line(self) -> "MailLine":
        """One connection."""
        return MailLine(self.server, self.base_url)


class MailLine:
    """One connection to the mail server, opened when it is first needed and again after it broke."""

    def __init__(self, server: MailServer, base_url: str) -> None:
        self._server = server
        self._base_url = base_url
        self._client: aiosmtplib.SMTP | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._hang_up()

    async def hand_over(self, notice: DueNotice, now: datetime) -> Outcome:
        """Give one message to the server."""
        message = compose(notice, self._server.sender, self._base_url, now)
        try:
            client = await self._connected()
            await client.send_message(message)
        except (aiosmtplib.SMTPException, OSError) as error:
            await self._hang_up()
            return _outcome(error)
        return Outcome.ACCEPTED

    async def _connected(self) -> aiosmtplib.SMTP:
        if self._client is None or not self._client.is_connected:
            server = self._server
            password = server.password_file.read_text().strip() if server.password_file else None
            self._client = aiosmtplib.SMTP(
                hostname=server.host,
                port=server.port,
                start_tls=server.starttls,
                username=server.username,
                password=password,
                cert_bundle=str(server.ca_file) if server.ca_file else None,
                timeout=server.timeout,
            )
            await self._client.connect()
        return self._client

    async def _hang_up(self) -> None:
        client, self._client = self._client, None
        if client is None:
            return
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
