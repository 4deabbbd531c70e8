"""A dispatcher for measurements, as a process of its own: told where everything is, the mail port, how many lines."""

import json
import sys
import threading

from bench.road.place import Whereabouts, now
from forwarding.channels.email import Email, MailServer
from forwarding.dispatcher import run

if __name__ == "__main__":
    at, port, lines = Whereabouts(**json.loads(sys.argv[1])), int(sys.argv[2]), int(sys.argv[3])
    print("ready", flush=True)
    sys.stdin.readline()
    run(
        at.database.engine_for("seinpost_dispatch", lines + 1),
        [Email(MailServer("127.0.0.1", port, "seinpost@example.org"), "https://seinpost.example.org", lines)],
        now,
        threading.Event(),
    )
