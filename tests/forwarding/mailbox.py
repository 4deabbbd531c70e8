"""A real SMTP server on loopback that keeps what it is given, and can be told to be difficult."""

import socket
from collections.abc import Callable
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from ssl import SSLContext

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

Answer = Callable[[str], str | None]


@dataclass
class Mailbox:
    """What the server was given, and how it answers a recipient (None: accept)."""

    received: list[bytes] = field(default_factory=list)
    answer: Answer = lambda _: None
    drop_data: int = 0

    async def handle_RCPT(  # noqa: N802 (the name is aiosmtpd's)
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Accept or refuse one recipient."""
        refusal = self.answer(address)
        if refusal is not None:
            return refusal
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Keep the message, or take it and hang up before saying so."""
        assert isinstance(envelope.content, bytes)
        self.received.append(envelope.content)
        if self.drop_data > 0:
            self.drop_data -= 1
            server.transport.abort()
        return "250 kept"

    def messages(self) -> list[EmailMessage]:
        """What came, parsed."""
        parsed = [message_from_bytes(raw, policy=policy.default) for raw in self.received]
        assert all(isinstance(message, EmailMessage) for message in parsed)
        return parsed  # type: ignore[return-value]


def serve(mailbox: Mailbox, port: int, tls: SSLContext | None = None) -> Controller:
    """Start the server; the caller stops it. With `tls` it takes mail only after STARTTLS."""
    controller = Controller(mailbox, hostname="127.0.0.1", port=port, tls_context=tls, require_starttls=tls is not None)
    controller.start()
    return controller


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
