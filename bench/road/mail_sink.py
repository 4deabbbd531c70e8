"""A mail server for measurements, as a process of its own: takes what it is given and counts messages and their ids.

Says `ready`, then its port; for each line it is sent it says how many messages came and how many different ones.
"""

import re
import sys

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from pipeline.kafka.local_broker import free_port

_ID = re.compile(rb"^Message-ID: *(?:\r\n )?(\S+)", re.MULTILINE | re.IGNORECASE)


class _Counting:
    def __init__(self) -> None:
        self.came = 0
        self.ids: set[bytes] = set()

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        assert isinstance(envelope.content, bytes)
        found = _ID.search(envelope.content)
        assert found is not None
        self.came += 1
        self.ids.add(found[1])
        return "250 kept"


def main() -> None:
    """Serve until standard input ends."""
    counting, port = _Counting(), free_port()
    controller = Controller(counting, hostname="127.0.0.1", port=port)
    controller.start()
    print("ready", port, sep="\n", flush=True)
    for _ in sys.stdin:
        print(counting.came, len(counting.ids), flush=True)
    controller.stop()


if __name__ == "__main__":
    main()
