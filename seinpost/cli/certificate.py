"""`seinpost directory certificate`: to which certificate a contact's e-mail is sealed. It asks no authority."""

from pathlib import Path
from typing import Annotated, NoReturn

import typer

from seinpost import composition
from seinpost.settings import load


def certificate(
    address: Annotated[str, typer.Argument(help="The contact's e-mail address.")],
    file: Annotated[Path | None, typer.Argument(help="Its certificate in PEM form.")] = None,
    remove: Annotated[bool, typer.Option("--remove", help="Send its notices readable again.")] = False,
) -> None:
    """Seal a contact's notices by e-mail to its own certificate (S/MIME). Compare the fingerprint with its owner."""
    from forwarding.channels import smime
    from pipeline.store import certificates

    if (file is None) == (not remove):
        _wrong("give the file with the certificate, or --remove")
    now = composition.now()
    settings = load()
    try:
        pem = _read(file) if file is not None else None
        found = smime.read_certificate(pem, address, now) if pem is not None else None
        ends = found.not_valid_after_utc if found is not None else None
        with composition.running_database(settings), composition.as_owner(settings) as connection:
            certificates.keep(connection, address, pem, ends, now)
    except (smime.CertificateWrong, certificates.NoSuchAddress) as wrong:
        _wrong(f"{wrong}; nothing was changed")
    if found is None:
        typer.echo(f"Notices to {address} are sent readable again.", err=True)
        return
    typer.echo(smime.fingerprint(found))
    typer.echo(
        f"Notices to {address} are sealed to it until {found.not_valid_after_utc:%Y-%m-%d}. Compare this fingerprint"
        " with its owner by telephone.",
        err=True,
    )


def _read(file: Path) -> str:
    from forwarding.channels.smime import LARGEST

    try:
        if file.stat().st_size > LARGEST:
            _wrong(f"{file} is too large for one certificate")
        return file.read_text()
    except (OSError, UnicodeDecodeError):
        _wrong(f"{file} cannot be read as text; a certificate in PEM form begins with -----BEGIN CERTIFICATE-----")


def _wrong(what: str) -> NoReturn:
    typer.echo(what, err=True)
    raise typer.Exit(2)
