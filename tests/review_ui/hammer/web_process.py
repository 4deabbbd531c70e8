"""The screens as a process of their own, with a clock that runs faster, so that leases lapse while a test waits.

Arguments: the port, how many times faster the clock runs, and the key folder; standard input: the database's address.
"""

import sys
from datetime import UTC, datetime
from pathlib import Path

import uvicorn
from sqlalchemy import make_url

from collectors.post_maker import PostMaker
from collectors.sealing import Sealer
from pipeline.key_folder import KeyFolder
from pipeline.store.connection import Database
from pipeline.unseal_client import UnsealClient
from review_ui.app import create_app
from review_ui.dependencies import Dependencies, Reporting
from tests.review_ui.world import KeptPosts

CONNECTIONS = 20


def main(port: int, pace: float, folder: Path, address: str) -> None:
    """Serve until the process is told to stop."""
    keys = KeyFolder(folder)
    began = datetime.now(UTC)
    app = create_app(
        Dependencies(
            engine=Database(make_url(address), keys.database_password).engine_for("seinpost_web", CONNECTIONS),
            clock=lambda: began + (datetime.now(UTC) - began) * pace,
            unseal=UnsealClient(folder / "nobody.sock"),
            reporting=Reporting(PostMaker(keys.id_key(), Sealer(keys.link_public_key)), KeptPosts()),
            base_url=f"http://127.0.0.1:{port}",
        )
    )
    uvicorn.run(app, host="127.0.0.1", port=port, log_level="error", access_log=False)


if __name__ == "__main__":
    main(int(sys.argv[1]), float(sys.argv[2]), Path(sys.argv[3]), sys.stdin.readline().strip())
