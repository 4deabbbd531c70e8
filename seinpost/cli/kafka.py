"""`seinpost kafka`: a real local Apache Kafka in the foreground, for development. Not for production."""

import signal
from pathlib import Path
from types import FrameType
from typing import Annotated

import typer

from pipeline.kafka.local_broker import LocalBroker

app = typer.Typer()


@app.command()
def kafka(
    port: Annotated[int, typer.Option(help="Port for clients; the controller takes the next one.")] = 9092,
    data: Annotated[Path, typer.Option(help="Where the broker keeps its records.")] = Path("var/kafka"),
    cache: Annotated[Path, typer.Option(help="Where the jars are kept between starts.")] = Path(".cache"),
    heap: Annotated[int, typer.Option(help="Java heap in MiB.")] = 256,
    fetch_only: Annotated[bool, typer.Option("--fetch-only", help="Bring the jars here and stop.")] = False,
) -> None:
    """Run a real local Apache Kafka in the foreground; Ctrl-C stops it cleanly and keeps its records."""
    if fetch_only:
        from pipeline.kafka.broker_jars import jars

        typer.echo(jars(cache), err=True)
        return
    broker = LocalBroker(data=data, cache=cache, port=port, heap_mb=heap)
    signal.signal(signal.SIGTERM, _as_interrupt)
    broker.start()
    typer.echo(f"Apache Kafka answers on {broker.bootstrap}; Ctrl-C stops it", err=True)
    try:
        status = broker.wait()
    except KeyboardInterrupt:
        broker.stop()
        typer.echo("Apache Kafka stopped", err=True)
        return
    typer.echo(f"Apache Kafka ended by itself with status {status}: see {broker.log}", err=True)
    raise typer.Exit(1)


def _as_interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt
