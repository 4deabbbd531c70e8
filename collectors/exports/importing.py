"""Imports one export into the road, in bounded memory, so that a killed import goes on where it stopped.

The place is kept under the source's name and the file's SHA-256: another file, or a changed one, starts afresh.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from io import BufferedReader

from collectors.exports.mapping import Mapping
from collectors.exports.records import kept, records, shape_of
from collectors.exports.rows import RowReader
from collectors.health import HealthState
from collectors.outlet import Outlet
from collectors.refused import Refused

BATCH = 256
ROWS_PER_HAND_OVER = 4096
"""The place is saved at least this often, also when nothing is in scope."""

SOURCE_KIND = "export"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass
class ImportReport:
    """What became of a file. `dead` counts rows that were set aside, per reason code."""

    read: int = 0
    accepted: int = 0
    outside_scope: int = 0
    without_moment: int = 0
    resumed_at_row: int = 0
    already_done: bool = False
    dead: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True)
class Place:
    """Where an import is: the next byte, the rows before it, when its first run began (microseconds), and its end."""

    offset: int
    rows: int
    base: int
    done: bool = False

    def dumps(self) -> str:
        """The place as a cursor position."""
        return json.dumps([self.offset, self.rows, self.base, self.done])

    @staticmethod
    def loads(position: str) -> "Place":
        """The place that a cursor position tells."""
        offset, rows, base, done = json.loads(position)
        return Place(int(offset), int(rows), int(base), bool(done))


def collector_name(source_id: str, file: BufferedReader) -> str:
    """The cursor's name of this file from this source."""
    file.seek(0)
    return f"import:{source_id}:{hashlib.file_digest(file, 'sha256').hexdigest()[:32]}"


def import_file(
    file: BufferedReader,
    name: str,
    source_id: str,
    mapping: Mapping,
    outlet: Outlet,
    now: datetime,
    progress: Callable[[int], None] = lambda _: None,
) -> ImportReport:
    """Import every row of a file. Raises what the sink raises; run it again and it goes on where it stopped."""
    shape = shape_of(file, name, mapping.columns)
    position = outlet.position()
    place = Place.loads(position) if position else Place(shape.start, 0, (now - _EPOCH) // datetime.resolution)
    report = ImportReport(resumed_at_row=place.rows, already_done=place.done)
    if place.done:
        return report
    reader = RowReader(source_id, mapping, place.base)
    end, rows, since = place.offset, place.rows, 0
    for record in records(file, shape, place.offset):
        rows += 1
        since += 1
        report.read += 1
        try:
            if record.refused is not None:
                raise record.refused
            found, unread_moment = reader.read(record.values or {}, rows)
            outlet.add(found)
            report.without_moment += unread_moment
        except Refused as refused:
            outlet.refuse(refused, kept(record), SOURCE_KIND, record.size, record.sha256)
            report.dead[refused.reason.value] += 1
        end = record.end
        if len(outlet) >= BATCH or since >= ROWS_PER_HAND_OVER:
            report.accepted += outlet.hand_over(Place(end, rows, place.base).dumps())
            since = 0
            progress(end)
    report.accepted += outlet.hand_over(Place(end, rows, place.base, done=True).dumps())
    report.outside_scope = outlet.outside
    outlet.report(HealthState.OK)
    progress(end)
    return report
