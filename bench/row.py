"""One line of a measurement: a way of doing something, and what came out."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """`result` says its unit."""

    way: str
    result: str
