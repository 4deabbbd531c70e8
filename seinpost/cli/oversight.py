"""`retention`, `audit` and `register`: the oversight commands.

Those that are still to come say so and end with status 2.
"""

from typing import Annotated, NoReturn

import typer

retention = typer.Typer(help="Forget what is due to be forgotten.", no_args_is_help=True)
audit = typer.Typer(help="Verify the tamper-evident trail.", no_args_is_help=True)
register = typer.Typer(help="The register of processing activities.", no_args_is_help=True)


@retention.callback()
@audit.callback()
@register.callback()
def group() -> None:
    """Keeps a group with one command a group."""


def not_built(what: str, comes_with: str) -> NoReturn:
    """Say honestly that a command is still to come."""
    typer.echo(f"{what} is not built yet: it comes with {comes_with}.", err=True)
    raise typer.Exit(2)


@retention.command("run")
def retention_run(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would go.")] = False,
) -> None:
    """Delete everything whose time is up, by the one retention table."""
    not_built("retention run --dry-run" if dry_run else "retention run", "the retention engine")


@audit.command("verify")
def audit_verify() -> None:
    """Check that no row of the trail was changed, removed or put in between."""
    not_built("audit verify", "the trail")


@register.command("export")
def register_export() -> None:
    """Print the register of processing activities of this installation."""
    not_built("register export", "the oversight screens")
