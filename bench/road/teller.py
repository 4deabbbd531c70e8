"""A dispatcher for measurements, as a process of its own: told the place, mail port and number of connections."""

import json
import os
import sys
import threading
from pathlib import Path

import structlog

from bench.road.place import Whereabouts, now
from forwarding.channels.email import Email, MailServer
from forwarding.dispatcher import run

if __name__ == "__main__":
    at, port, connections = Whereabouts(**json.loads(sys.argv[1])), int(sys.argv[2]), int(sys.argv[3])
    # Its messages cost what they cost in use, and go nowhere: nobody reads this process' output while it is measured.
    log = structlog.PrintLoggerFactory(Path(os.devnull).open("w"))  # noqa: SIM115 (open as long as the process lives)
    structlog.configure(
        processors=[structlog.processors.add_log_level, structlog.processors.JSONRenderer()], logger_factory=log
    )
    print("ready", flush=True)
    sys.stdin.readline()
    run(
        at.database.engine_for("seinpost_dispatch", 4),
        [Email(MailServer("127.0.0.1", port, "seinpost@example.org"), "https://seinpost.example.org", connections)],
        now,
        threading.Event(),
    )
