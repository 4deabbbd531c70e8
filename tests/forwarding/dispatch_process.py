"""A dispatcher as a process of its own, to be killed. Argument: the mail port; standard input: the database address."""

import sys
import threading
from datetime import UTC, datetime, timedelta

from sqlalchemy import create_engine

from forwarding.channels.email import Email, MailServer
from forwarding.dispatcher import Patience, run

LINES = 4

if __name__ == "__main__":
    run(
        create_engine(sys.stdin.readline().strip(), pool_size=LINES),
        [Email(MailServer("127.0.0.1", int(sys.argv[1]), "seinpost@example.org"), "http://127.0.0.1:8700", LINES)],
        lambda: datetime.now(UTC),
        threading.Event(),
        Patience(tries=1000, first=timedelta(milliseconds=50), longest=timedelta(milliseconds=100)),
        timedelta(milliseconds=200),
    )
