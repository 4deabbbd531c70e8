"""Keeps what loggers say, as the bytes somebody would find in a log file."""

import json
import logging
from collections.abc import MutableMapping
from typing import Any

import structlog


class Told(logging.Handler):
    """Takes lines of structlog and records of the standard library's loggers."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.setFormatter(logging.Formatter("%(name)s %(levelname)s %(message)s %(exc_text)s"))
        self.lines: list[dict[str, Any]] = []
        self.records: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(self.format(record))

    def line(self, _: object, __: str, said: MutableMapping[str, Any]) -> str:
        """The last step of structlog: keep the line and print nothing."""
        self.lines.append(dict(said))
        raise structlog.DropEvent

    def events(self, name: str) -> list[dict[str, Any]]:
        """Lines with this event."""
        return [line for line in self.lines if line["event"] == name]

    def everything(self) -> bytes:
        """All of it."""
        return "\n".join([*(json.dumps(line, default=str) for line in self.lines), *self.records]).encode()
