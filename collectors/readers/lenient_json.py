"""The body of a JSON API's answer, read without ever failing on it: what is no JSON gets a reason, odd values a place.

It knows nothing of posts, and no field of any platform.
"""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from collectors.health import HealthState
from collectors.readers.reader import Answer, Page, SetAside
from collectors.readers.walls import instead_of_data
from collectors.refused import Refused

Fields = Mapping[str, object]
_LONGEST_NUMBER = 20


@dataclass(frozen=True, slots=True, repr=False)
class Loaded:
    """The value of a body; `damaged` when bytes in it were no UTF-8. Strings that held such bytes cannot be encoded."""

    value: object
    damaged: bool

    def __repr__(self) -> str:
        return "Loaded(…)"

    def oddities(self) -> Counter[str]:
        """What was strange about the body as a whole."""
        return Counter({"invalid_utf8": 1} if self.damaged else {})


def load(answer: Answer) -> Loaded | Page:
    """The JSON of an answer, or the page that says why there is none."""
    if walled := instead_of_data(answer):
        return walled
    body = answer.body.removeprefix(b"\xef\xbb\xbf").strip()
    if not body:
        return Page(state=HealthState.MISPARSED, reason="empty_body")
    damaged = False
    try:
        text = body.decode()
    except UnicodeDecodeError:
        # Only the items that hold the damaged bytes are lost: their strings carry lone surrogates from here on.
        text, damaged = body.decode(errors="surrogateescape"), True
    try:
        return Loaded(json.loads(text, parse_int=_whole, parse_constant=lambda _: None), damaged)
    except RecursionError:
        return Page(state=HealthState.MISPARSED, reason="too_deep")
    except ValueError:
        return Page(state=HealthState.MISPARSED, reason="not_json")


def fields(value: object) -> Fields:
    """An object's fields; none for anything else."""
    return value if isinstance(value, dict) else {}


def items(value: object) -> list[object]:
    """A list's items; none for anything else."""
    return value if isinstance(value, list) else []


def strings(value: object) -> list[str]:
    """The texts in a list; nothing of anything else."""
    return [item for item in items(value) if isinstance(item, str)]


def words(value: object) -> str:
    """A string without the blanks around it; empty for anything else."""
    return value.strip() if isinstance(value, str) else ""


def encodable(value: str) -> bool:
    """Whether UTF-8 can hold it: no half surrogate pairs, no bytes that were damaged on the way."""
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def set_aside(refused: Refused, kept: object) -> SetAside:
    """One item that cannot be read; `kept` is what of it may lie with the dead letters: nothing of an author."""
    try:
        raw = json.dumps(kept, ensure_ascii=False).encode("utf-8", "surrogatepass")
    except RecursionError:
        raw = b""  # nested too deep to be written; the reason and the place stay
    return SetAside(refused, raw)


def _whole(digits: str) -> int | None:
    # Longer than any clock or count: it would cost more time to read than the rest of the page.
    return int(digits) if len(digits) <= _LONGEST_NUMBER else None
