"""`seinpost up`: the whole of Seinpost on one machine, in one process tree, until Ctrl-C.

It starts and watches; what each process does stands in its own command.
"""

import contextlib
import signal
import socket
import threading
import time
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.embedded_postgres import EmbeddedPostgres
from pipeline.store.setup import prepare
from seinpost import composition
from seinpost.processes import Tree
from seinpost.settings import Settings, as_environment, load

if TYPE_CHECKING:
    from pipeline.kafka.local_broker import LocalBroker

app = typer.Typer(help="Run it all on this machine.")

READY_SECONDS = 90
FORGET_MINUTES = 10


@app.command()
def up(
    demo: Annotated[bool, typer.Option("--demo", help="Invented posts, people and schools; no outside call.")] = False,
    kafka: Annotated[bool, typer.Option("--kafka", help="Over a real local Apache Kafka.")] = False,
    port: Annotated[int | None, typer.Option("--port", help="Port of the review UI (8700).")] = None,
    data: Annotated[
        Path | None, typer.Option("--data", help="Where everything is kept (var; the demo: var/demo).")
    ] = None,
) -> None:
    """Start database, collectors, analysis, review UI, dispatcher and the unseal service. Ctrl-C stops them all."""
    settings = _settings(load(), demo, port, data)
    if not _port_is_free(settings):
        typer.echo(f"port {settings.port} is taken: stop what listens there, or choose another with --port", err=True)
        raise typer.Exit(2)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    with contextlib.ExitStack() as house:
        _run(settings, demo, kafka, stop, house)
    typer.echo("Everything has stopped.", err=True)


def _run(settings: Settings, demo: bool, kafka: bool, stop: threading.Event, house: contextlib.ExitStack) -> None:
    began = time.monotonic()
    settings.data.mkdir(parents=True, exist_ok=True, mode=0o700)
    postgres = _database(settings, house)
    settings, broker = _broker(settings, kafka, house)
    replay_port = None
    if demo:
        from seinpost.demo.start import start_demo

        settings, replay_port = start_demo(settings, house)
    tree = Tree(settings.data / "log", as_environment(settings), lambda line: typer.echo(line, err=True))
    house.callback(tree.stop)
    if replay_port is not None:
        tree.start("replay", "--port", str(replay_port), module="seinpost.demo.replay_server")
    tree.start("serve", "serve")
    tree.start("unseal", "unseal")
    if settings.kafka:
        for number, worker in enumerate(("analyse", "intake", "relay")):
            tree.start(worker, "work", worker, environment=_metrics_port(settings, number))
    if settings.contact is not None:
        tree.start("collect", "collect", "--wait")
    else:
        typer.echo("No source is read: that needs SEINPOST_CONTACT and an order. Tips and imports work.", err=True)
    tree.start("dispatch", "work", "dispatch", environment=_metrics_port(settings, 3))
    _wait_until_ready(settings, stop)
    typer.echo(f"Seinpost is ready after {time.monotonic() - began:.0f} s: {settings.address}")
    if demo:
        from seinpost.demo.start import log_ins

        typer.echo(log_ins(settings))
    typer.echo("Ctrl-C stops everything.", err=True)
    tree.start("forget", "retention", "run", "--every", str(FORGET_MINUTES))
    tree.watch(stop, lambda: _keep_running(postgres, broker))


def _settings(settings: Settings, demo: bool, port: int | None, data: Path | None) -> Settings:
    changes: dict[str, object] = {}
    if port is not None:
        changes["port"] = port
    if data is not None:
        changes["data"] = data
    elif demo:
        changes["data"] = settings.data / "demo"
    # Absolute: the children read it from wherever they start.
    return settings.model_copy(update={**changes, "data": Path(str(changes.get("data", settings.data))).resolve()})


def _database(settings: Settings, house: contextlib.ExitStack) -> EmbeddedPostgres | None:
    if settings.database_url is not None:
        house.enter_context(composition.running_database(settings))
        return None
    postgres = composition.embedded_postgres(settings)
    postgres.start()
    house.callback(postgres.stop)
    prepare(postgres.admin_url, "seinpost", composition.key_folder(settings).database_password)
    return postgres


def _broker(settings: Settings, kafka: bool, house: contextlib.ExitStack) -> tuple[Settings, "LocalBroker | None"]:
    """The Kafka to use, if any: the one that is configured, or with --kafka one of our own."""
    if settings.kafka is None and not kafka:
        return settings, None
    from pipeline.topics import apply

    broker = None
    if settings.kafka is None:
        from pipeline.kafka.local_broker import LocalBroker, free_port

        broker = LocalBroker(settings.data / "kafka", Path(".cache"), free_port(), free_port())
        broker.start()
        house.callback(broker.stop)
        settings = settings.model_copy(update={"kafka": broker.bootstrap})
    if settings.kafka is not None:
        apply(composition.brokers(settings))
    return settings, broker


def _metrics_port(settings: Settings, number: int) -> dict[str, str]:
    """Each worker shows its counters on a port of its own: the one that is set, and those after it."""
    return {} if settings.metrics_port is None else {"SEINPOST_METRICS_PORT": str(settings.metrics_port + number)}


def _port_is_free(settings: Settings) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError:
            return False
    return True


def _wait_until_ready(settings: Settings, stop: threading.Event) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while not stop.wait(0.2):
        try:
            urllib.request.urlopen(f"http://{settings.host}:{settings.port}/readyz", timeout=2).close()
            return
        except OSError:  # not up yet; urllib's errors are OSErrors too
            pass
        if time.monotonic() > deadline:
            typer.echo(f"the review UI does not answer; read {settings.data / 'log' / 'serve.log'}", err=True)
            raise typer.Exit(2)


def _keep_running(postgres: EmbeddedPostgres | None, broker: "LocalBroker | None") -> None:
    if postgres is not None and not postgres.runs:
        typer.echo("the database stopped; it starts again", err=True)
        postgres.start()
    if broker is not None and not broker.alive():
        typer.echo("Apache Kafka stopped; it starts again", err=True)
        broker.start()
