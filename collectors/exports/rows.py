"""From one record of an export to an unmasked post, or to the word that a post is gone.

It reads only the mapped columns: an author's column is never looked at.
"""

import hashlib
import re
from collections.abc import Mapping as Values
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from collectors.exports.mapping import Mapping
from collectors.refused import Refused
from collectors.unmasked import Gone, UnmaskedPost
from signals.dead_letter import DeadReason
from signals.post import Source

_HERE = "collectors/exports/rows.py"
_YES = frozenset({"true", "1", "yes", "ja", "waar"})
_NO = frozenset({"", "false", "0", "no", "nee", "onwaar"})
_SINCE_1970 = re.compile(r"^\d{9,13}(\.\d{1,9})?$")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class RowReader:
    """Reads the rows of one export. `base` (microseconds) is when its first import began.

    A row without `updated_at` is as new as the import plus its place in the file, so that a later line of one post
    wins, and an import that goes on after a crash gives every row the same revision again.
    """

    source_id: str
    mapping: Mapping
    base: int

    def read(self, values: Values[str, object], place: int) -> tuple[UnmaskedPost | Gone, bool]:
        """The post, and whether a moment in it could not be read. `place` counts rows. Raises `Refused`."""
        columns = self.mapping.columns
        text = "\n\n".join(t for name in columns.text if (t := _text(values, name, "text")))
        link = _first(values, columns.url, "url")
        written = _first(values, columns.posted_at, "posted_at")
        posted_at = self._moment(written)
        updated = _first(values, columns.updated_at, "updated_at")
        updated_at = self._moment(updated)
        own_id = _first(values, columns.id, "id")
        if not own_id and not link:
            raise Refused(DeadReason.SCHEMA, "id", _HERE)
        native_id = f"{self.source_id}:{own_id or _digest(link, written, text)}"
        revision = self.base + place if updated_at is None else (updated_at - _EPOCH) // _MICROSECOND
        version = _first(values, columns.version, "version")
        if self._is_deleted(values):
            return Gone(Source.EXPORT, native_id, f"removed:{version or revision}", revision), False
        if not text:
            raise Refused(DeadReason.SCHEMA, "text", _HERE)
        post = UnmaskedPost(
            source=Source.EXPORT,
            native_id=native_id,
            version=version or _digest(text, written, updated),
            revision=revision,
            text=text,
            posted_at=posted_at,
            link=link or None,
            lang=_first(values, columns.lang, "lang") or None,
        )
        return post, (posted_at is None and bool(written)) or (updated_at is None and bool(updated))

    def _is_deleted(self, values: Values[str, object]) -> bool:
        answer = _first(values, self.mapping.columns.deleted, "deleted").casefold()
        if answer not in _YES | _NO:
            raise Refused(DeadReason.SCHEMA, "deleted", _HERE)
        return answer in _YES

    def _moment(self, written: str) -> datetime | None:
        """A moment as ISO 8601, a mapped format, or (milli)seconds since 1970; None when it is none of them."""
        if not written:
            return None
        if _SINCE_1970.match(written):  # shorter numbers are dates without dashes
            number = float(written)
            return datetime.fromtimestamp(number / 1000 if number > 1e11 else number, UTC)
        for way in (None, *self.mapping.date_formats):
            try:
                found = datetime.fromisoformat(written) if way is None else datetime.strptime(written, way)  # noqa: DTZ007
                return (found if found.tzinfo else found.replace(tzinfo=ZoneInfo(self.mapping.timezone))).astimezone(
                    UTC
                )
            except (ValueError, OverflowError):
                continue
        return None


_MICROSECOND = datetime.resolution


def _text(values: Values[str, object], name: str, field: str) -> str:
    """A cell as text. A list or object where a text belongs is a wrong record, not something to print."""
    value = values.get(name)
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, int | float) and field != "text":
        return str(value)
    raise Refused(DeadReason.SCHEMA, field, _HERE)


def _first(values: Values[str, object], names: tuple[str, ...], field: str) -> str:
    return next((found for name in names if (found := _text(values, name, field))), "")


def _digest(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32]
