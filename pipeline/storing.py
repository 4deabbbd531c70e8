"""Taking a batch into the queue, with the one record that the database refuses named instead of stopping the rest.

Both roads call this inside their own transaction.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from pipeline.store.attempts import RecordRefused, named
from pipeline.store.intake import take
from signals.analysed import Analysed
from signals.ids import IdKey
from signals.post import PostRemoved


@dataclass(frozen=True)
class Refused:
    """A record that the database will never take."""

    record: Analysed | PostRemoved
    error: Exception


def take_or_name(
    connection: Connection, records: Sequence[Analysed | PostRemoved], id_key: IdKey, now: datetime
) -> list[Refused]:
    """Take the batch whole; when the database refuses it, by halves, in order, down to the records that it refuses.

    One bad record in 256 costs 16 tries more, not 256.
    """
    try:
        with connection.begin_nested():
            take(connection, records, id_key, now)
        return []
    except DBAPIError as error:
        if not isinstance(named(error), RecordRefused):
            raise
        if len(records) == 1:
            return [Refused(records[0], error)]
    half = len(records) // 2
    return [
        refused for part in (records[:half], records[half:]) for refused in take_or_name(connection, part, id_key, now)
    ]
