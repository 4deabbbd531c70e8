"""A record that could not be handled, set aside with its reason. Never exception text, never readable content."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from signals.frozen import Frozen
from signals.moment import Moment

MAX_BYTES = 64 * 1024
"""The bytes kept of a dead letter (encrypted under the hour's key) are cut here."""


class DeadReason(StrEnum):
    """Why a record was set aside; each has one line of advice for the reader."""

    MALFORMED = "malformed"
    INVALID_UTF8 = "invalid_utf8"
    TOO_LARGE = "too_large"
    SCHEMA = "schema"
    UNDECRYPTABLE = "undecryptable"
    HOUR_KEY_GONE = "hour_key_gone"
    ANALYSIS_FAILED = "analysis_failed"
    STORE_REFUSED = "store_refused"


DEAD_REASON_ADVICE: dict[DeadReason, str] = {
    DeadReason.MALFORMED: "The record is not in the expected form. Mend it at its source and import it again.",
    DeadReason.INVALID_UTF8: "The record is not valid UTF-8. Save the file as UTF-8 and import it again.",
    DeadReason.TOO_LARGE: "The text is longer than a post may be. Cut it or leave it out.",
    DeadReason.SCHEMA: "The record has missing or unknown fields. Check the version of the sender.",
    DeadReason.UNDECRYPTABLE: "The record does not open with its hour's key. Let all workers share one key folder.",
    DeadReason.HOUR_KEY_GONE: "The hour's key was destroyed: the record is past its retention. Nothing can be done.",
    DeadReason.ANALYSIS_FAILED: "The analysis failed on this record. Retry after an update; report the code location.",
    DeadReason.STORE_REFUSED: "The database refused this record. Report the code location.",
}


_PRINTABLE = r"^[ -~]{0,400}$"


class DeadLetter(Frozen):
    """What is known of a record that was set aside. `raw` is cut at MAX_BYTES and stored only encrypted."""

    reason: DeadReason
    step: Annotated[str, Field(pattern=_PRINTABLE)]
    source_kind: Annotated[str, Field(pattern=_PRINTABLE)]
    size: Annotated[int, Field(ge=0, lt=2**63)]
    sha256: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
    field_path: Annotated[str, Field(pattern=_PRINTABLE)]
    code_location: Annotated[str, Field(pattern=_PRINTABLE)]
    happened_at: Moment
    raw: bytes
