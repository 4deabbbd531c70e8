"""One line of a measurement: a way of doing something, and what came out."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """`result` says its unit, or its column does; `more` are further columns, named by the module's `COLUMNS`."""

    way: str
    result: str
    more: tuple[str, ...] = ()
