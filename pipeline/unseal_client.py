"""Ask the unseal service to open a link or a name. It holds no key and keeps no answer."""

import socket
from pathlib import Path

from pydantic import ValidationError

from pipeline.unseal import UnsealAnswer, UnsealRequest

_SECONDS = 10.0
_LONGEST_ANSWER = 256 * 1024


class UnsealUnreachable(Exception):
    """The unseal service does not answer."""


class UnsealClient:
    """One question at a time over the service's private socket."""

    def __init__(self, socket_path: Path) -> None:
        self._path = socket_path

    def ask(self, request: UnsealRequest) -> UnsealAnswer:
        """Send the request and read the answer, or raise UnsealUnreachable."""
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
                connection.settimeout(_SECONDS)
                connection.connect(str(self._path))
                connection.sendall(request.model_dump_json().encode() + b"\n")
                with connection.makefile("rb") as stream:
                    return UnsealAnswer.model_validate_json(stream.readline(_LONGEST_ANSWER))
        except (OSError, ValidationError):
            raise UnsealUnreachable("the unseal service does not answer; start it with: seinpost unseal") from None
