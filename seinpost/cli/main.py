"""The `seinpost` command: puts every command of the table in its place and loads a module only when it is used.

Does nothing itself; turns an error that reaches it into one line without post text, and a fitting exit status.
"""

import importlib
import importlib.util
import logging
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Annotated, NoReturn

import typer

from seinpost.cli.commands import COMMANDS, Command

# transformers would tell every reader of standard error that PyTorch is absent, as it should be.
os.environ.setdefault("TRANSFORMERS_NO_ADVISORY_WARNINGS", "1")

WRONG_USE = 2
FAILED = 1
ROOMS = ("signals", "nlp", "collectors", "pipeline", "forwarding", "review_ui", "seinpost")

app = typer.Typer(
    name="seinpost",
    help="A lookout for schools: flags concrete threats in public posts, lets experts judge, warns who can act.",
    epilog="Settings: seinpost.toml and SEINPOST_… variables. Exit status: 0 done, 1 some items failed, 2 wrong use.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


@app.callback(invoke_without_command=True)
def root(
    version: Annotated[bool, typer.Option("--version", help="Print the version and stop.")] = False,
) -> None:
    """Options that stand before any command."""
    if version:
        from importlib.metadata import version as installed  # slow to import, and rarely asked

        typer.echo(installed("seinpost"))
        raise typer.Exit


def _register(command: Command) -> None:
    """Put a thin command in place that loads the real one and hands it every word, `--help` included."""

    def run(context: typer.Context) -> None:
        program = typer.main.get_command(provider(command))
        program(args=list(context.args), prog_name=f"seinpost {command.name}")

    app.command(
        command.name,
        help=command.summary,
        rich_help_panel=command.panel,
        add_help_option=False,
        context_settings={"allow_extra_args": True, "ignore_unknown_options": True, "allow_interspersed_args": False},
    )(run)


def provider(command: Command) -> typer.Typer:
    """The Typer app behind a command. Ends with one line and status 2 when its module is not there or does not load."""
    module, attribute = command.provider.split(":")
    name = f"seinpost.cli.{module}"
    if importlib.util.find_spec(name) is None:
        _end(f"seinpost {command.name} is not built yet", WRONG_USE)
    found: object = getattr(importlib.import_module(name), attribute)
    if not isinstance(found, typer.Typer):
        _end(f"seinpost {command.name} is not built right: {name} has no Typer app {attribute!r}", WRONG_USE)
    # The same app without the options that install shell completion: they would fill half of every help page.
    plain = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
    plain.info = found.info
    plain.registered_callback = found.registered_callback
    plain.registered_groups = found.registered_groups
    plain.registered_commands = found.registered_commands
    return plain


for _command in COMMANDS:
    _register(_command)


def _end(line: str, status: int) -> NoReturn:
    sys.stderr.write(line + "\n")
    raise SystemExit(status)


def main(arguments: Sequence[str] | None = None) -> None:
    """The entry point. A named error of ours says its own line; any other shows only its kind and place, for its
    message may quote a post. `SEINPOST_DEBUG=1` shows the traceback, for developers with invented posts.
    """
    # The client tells of every attempt to connect; a broker that is away is told once, by the command.
    logging.getLogger("kafka").setLevel(logging.CRITICAL)
    run: Callable[..., object] = app
    try:
        run(args=arguments, prog_name="seinpost")
    except Exception as error:
        if os.environ.get("SEINPOST_DEBUG") == "1":
            raise
        line, status = explain(error)
        _end(f"seinpost: {line}", status)


def explain(error: Exception) -> tuple[str, int]:
    """One line for an error that no command handled, and the exit status that fits."""
    room = type(error).__module__.split(".")[0]
    kind = type(error).__name__
    if room in ROOMS:
        return " ".join(str(error).split()), WRONG_USE
    if room == "sqlalchemy" and kind == "OperationalError":
        return "the database does not answer; check SEINPOST_DATABASE_URL, or run seinpost doctor", WRONG_USE
    if room == "kafka":
        return f"Kafka does not answer ({kind}); check SEINPOST_KAFKA, or start one with make kafka", WRONG_USE
    return f"unexpected {kind} at {_place(error.__traceback__)}; run seinpost doctor, or report this line", FAILED


def _place(trace: TracebackType | None) -> str:
    place = "an unknown place"
    while trace is not None:
        file = Path(trace.tb_frame.f_code.co_filename)
        if any(room in file.parts for room in ROOMS) and "site-packages" not in file.parts:
            place = f"{file.parent.name}/{file.name}:{trace.tb_lineno}"
        trace = trace.tb_next
    return place


if __name__ == "__main__":
    main()
