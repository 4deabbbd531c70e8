"""The demo's own mail server: real SMTP on loopback that puts every notice in a folder, for a newcomer to read.

It forwards nothing and accepts mail for invented addresses only.
"""

from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

ONLY_DOMAIN = "@example.org"


class _Folder:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._count = len(list(folder.glob("*.eml")))

    async def handle_RCPT(  # noqa: N802  (aiosmtpd's name)
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if not address.endswith(ONLY_DOMAIN):
            return "550 this is a demo: invented addresses only"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        self._count += 1
        content = envelope.content if isinstance(envelope.content, bytes) else b""
        (self._folder / f"{self._count:05d}.eml").write_bytes(content)
        return "250 delivered"


def mailbox(folder: Path, port: int) -> Controller:
    """A started mail server on loopback that writes to `folder`; stop it with `.stop()`."""
    controller = Controller(_Folder(folder), hostname="127.0.0.1", port=port)
    controller.start()
    return controller
