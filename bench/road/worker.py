"""One worker of the road as a process: `python -m bench.road.worker ROLE WHEREABOUTS [ANALYSER [BATCH]]`.

It is the product's own worker; only the analysis it is given may differ.
"""

import json
import signal
import sys
import threading

import structlog

from bench.road.analysers import ANALYSERS
from bench.road.place import Whereabouts, now
from pipeline.workers import analysis, intake


def main(role: str, whereabouts: str, analyser: str = "gate", batch: str = "") -> None:
    """Work until SIGTERM; says `ready` on standard output when loaded."""
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    at = Whereabouts(**json.loads(whereabouts))
    if role == "intake":
        print("ready", flush=True)
        engine = at.database.engine_for("seinpost_road")
        intake.run(at.bootstrap, engine, at.keys, at.keys.id_key(), now, stop)
        return
    if batch:
        analysis.BATCH = int(batch)
    analyse = ANALYSERS[analyser]()
    print("ready", flush=True)
    analysis.run(at.bootstrap, at.keys, analyse, now, stop)


if __name__ == "__main__":
    main(*sys.argv[1:])
