"""`seinpost unseal`: the only process that can open a sealed link or name. Runs until it is told to stop."""

import signal
import threading

import typer

from pipeline.unseal import UnsealServer
from seinpost import composition
from seinpost.schema_first import begin_on
from seinpost.settings import load

app = typer.Typer(help="Run the only service that can open a sealed link.")


@app.command()
def unseal() -> None:
    """Listen on the private socket in the data folder; every opening is written on the trail first."""
    settings = load()
    engine = composition.database(settings).engine_for("seinpost_unseal")
    keys = composition.key_folder(settings)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    try:
        begin_on(engine, stop)
        UnsealServer(composition.unseal_socket(settings), engine, keys.link_private_key, composition.now).run(stop)
    finally:
        engine.dispose()
