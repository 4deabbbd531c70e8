"""The screens as a process: `python -m bench.road.screens WHEREABOUTS PORT`. The product's own application."""

import json
import signal
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

import uvicorn

from bench.road.place import Whereabouts, now
from collectors.post_maker import PostMaker
from collectors.sealing import Sealer
from pipeline.unseal_client import UnsealClient
from review_ui.app import create_app
from review_ui.dependencies import Dependencies, Reporting
from review_ui.staffing import staffed_hours
from signals.ports import Cursor
from signals.post import Post, PostRemoved


class TakesNothing:
    """A sink for a measurement that hands nothing in."""

    def accept(self, batch: Sequence[Post | PostRemoved], cursor: Cursor | None) -> None:
        """Refuse."""
        raise NotImplementedError("no tip is handed in while the screens are measured")


def main(whereabouts: str, port: str) -> None:
    """Serve until SIGTERM; says `ready` on standard output."""
    at = Whereabouts(**json.loads(whereabouts))
    engine = at.database.engine_for("seinpost_web", pool_size=20)
    app = create_app(
        Dependencies(
            engine=engine,
            clock=now,
            unseal=UnsealClient(Path(at.key_folder) / "nobody.sock"),
            reporting=Reporting(PostMaker(at.keys.id_key(), Sealer(at.keys.link_public_key)), TakesNothing()),
            base_url=f"http://127.0.0.1:{port}",
            staffed=staffed_hours("mon-sun 00:00-23:59"),
        )
    )
    server = uvicorn.Server(
        uvicorn.Config(app, host="127.0.0.1", port=int(port), log_level="critical", timeout_graceful_shutdown=1)
    )
    signal.signal(signal.SIGTERM, lambda *_: setattr(server, "should_exit", True))
    threading.Thread(target=_say_ready, args=(server,), daemon=True).start()
    server.run()
    engine.dispose()


def _say_ready(server: uvicorn.Server) -> None:
    stop = threading.Event()
    while not server.started and not stop.wait(0.02):
        pass
    print("ready", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
