"""JSON answers, as the YouTube and Reddit readers need them: bytes to a value, and items to models one by one.

It knows no field of either platform; an item that does not fit is set aside and the rest goes on.
"""

import hashlib
import json
import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Annotated, TypeVar

from pydantic import AfterValidator, BaseModel, ValidationError, ValidatorFunctionWrapHandler, WrapValidator
from pydantic_core import PydanticCustomError

from collectors.health import HealthState
from collectors.readers.reader import Answer, Ask, Marks, Page, SetAside
from collectors.refused import Refused
from collectors.unmasked import Gone, UnmaskedPost
from signals.dead_letter import DeadReason

Json = dict[str, object]
Model = TypeVar("Model", bound=BaseModel)
T = TypeVar("T")

_HERE = "collectors/readers/youtube_reddit_json.py"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_NO_UTF8 = "no_utf8"
_LOOK_AT = 64 * 1024
_DEEPEST_KEPT = 12
# Who wrote it, and which channel or page it stands on: a dead letter keeps neither.
_PERSONAL = re.compile(
    r"author|channel|owner|user|moderator|banned_by|approved_by|removed_by\Z|permalink|url|html|etag", re.I
)
_WALLS = (
    (
        "cookie_wall",
        re.compile(r"https://consent\.(?:youtube|google)\.|before you continue to|cookie[- ]?(?:wall|consent)"),
    ),
    (
        "bot_wall",
        re.compile(
            r"captcha|unusual traffic|whoa there, pardner|blocked by (?:network|mistake)|just a moment\.\.\.|cf-chl"
            r"|challenge-platform|not a bot|turnstile"
        ),
    ),
    ("login_wall", re.compile(r"servicelogin|accounts\.google\.com/|type=[\"']?password|reddit\.com/login|log in to")),
)


def _or_none(value: object, handler: ValidatorFunctionWrapHandler) -> object:
    try:
        return handler(value)
    except ValidationError as wrong:
        if any(error["type"] == _NO_UTF8 for error in wrong.errors(include_url=False, include_input=False)):
            raise  # damaged bytes are no absence: the item is set aside with what is left of it
        return None


Soft = Annotated[T | None, WrapValidator(_or_none)]
"""A field that an item can do without: the wrong type reads as absent."""


def _encodable(text: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError:
        raise PydanticCustomError(_NO_UTF8, "holds what no UTF-8 can hold") from None
    return text


Words = Annotated[str, AfterValidator(_encodable)]
"""A text that can be encoded: no half surrogate pairs, no bytes that were damaged on the way."""


class Closed(Exception):
    """An answer that is no JSON to read: the state and the reason code of the page that says so."""

    def __init__(self, state: HealthState, reason: str) -> None:
        super().__init__(reason)
        self.state = state
        self.reason = reason

    def page(self, cost: int = 0) -> Page:
        """The page that says so."""
        if self.state is HealthState.BLOCKED:
            return Page(state=HealthState.BLOCKED, reason=self.reason, cost=cost)
        return Page(state=HealthState.MISPARSED, reason=self.reason, cost=cost)


def opened(answer: Answer, oddities: Counter[str]) -> object:
    """The JSON value of an answer. Raises `Closed` for anything else.

    Bytes that are no UTF-8 cost only the items they stand in: their strings cannot be encoded from here on.
    """
    reason = wall(answer)
    if reason is not None:
        raise Closed(HealthState.MISPARSED if reason == "html_page" else HealthState.BLOCKED, reason)
    body = answer.body.removeprefix(b"\xef\xbb\xbf").strip()
    if not body:
        raise Closed(HealthState.MISPARSED, "empty_body")
    try:
        text = body.decode()
    except UnicodeDecodeError:
        oddities["invalid_utf8"] += 1
        text = body.decode(errors="surrogateescape")
    try:
        # Numbers longer than any clock or count would cost more time to read than the rest of the page.
        return json.loads(text, parse_int=_whole, parse_constant=lambda _: None)
    except RecursionError:
        raise Closed(HealthState.MISPARSED, "too_deep") from None
    except ValueError:
        raise Closed(HealthState.MISPARSED, "not_json") from None


def wall(answer: Answer) -> str | None:
    """What kind of page stands where data should: a consent, login or challenge page, or another; None where none."""
    start = answer.body[:_LOOK_AT].decode("utf-8", "replace").lstrip("\ufeff \t\r\n").casefold()
    if not start.startswith("<"):
        return None
    found = f"{answer.url}\n{start}".casefold()
    return next((reason for reason, mark in _WALLS if mark.search(found)), "html_page")


def fitted(model: type[Model], item: object, aside: list[SetAside], path: str) -> Model | None:
    """The item as a model, or None when it was set aside; `path` says where in the answer it stood."""
    try:
        return model.model_validate(item)
    except ValidationError as wrong:
        first = wrong.errors(include_url=False, include_context=False, include_input=False)[0]
        where = ".".join((path, *(str(part) for part in first["loc"])))[:120]
        reason = DeadReason.INVALID_UTF8 if first["type"] == _NO_UTF8 else DeadReason.SCHEMA
        aside.append(SetAside(Refused(reason, where, _HERE), raw_of(item)))
        return None


def raw_of(item: object) -> bytes:
    """An item's own bytes without the fields that tell who wrote it."""
    return json.dumps(_impersonal(item, 0), ensure_ascii=False).encode("utf-8", "surrogatepass")


def _impersonal(value: object, depth: int) -> object:
    if depth > _DEEPEST_KEPT:
        return None
    if isinstance(value, dict):
        return {k: _impersonal(v, depth + 1) for k, v in value.items() if not _PERSONAL.search(k)}
    if isinstance(value, list):
        return [_impersonal(item, depth + 1) for item in value]
    return value


def record(value: object) -> Json:
    """An object as it is; anything else as an empty one."""
    return value if isinstance(value, dict) else {}


def items(value: object) -> list[object]:
    """A list as it is; anything else as an empty one."""
    return value if isinstance(value, list) else []


def strings(value: object) -> list[str]:
    """The texts in a list; nothing of anything else."""
    return [item for item in items(value) if isinstance(item, str)]


def moment(written: str | None) -> datetime | None:
    """An RFC 3339 moment, or None for what is none."""
    if written is None or len(written) > 64:
        return None
    try:
        read = datetime.fromisoformat(written)
        return (read if read.tzinfo else read.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def from_seconds(seconds: float | None) -> datetime | None:
    """The moment that many seconds after 1970, or None for what no clock tells."""
    try:
        return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def microseconds(at: datetime | None, seen_at: datetime) -> int:
    """A revision: microseconds since 1970, not in the future, not before 1970; 0 where no moment is told."""
    return 0 if at is None else max(0, (min(at, seen_at) - _EPOCH) // datetime.resolution)


def removed(reason: str, seen_at: datetime) -> str:
    """The version of a removal. The day tells it from an earlier one, after which the post came back."""
    return f"removed:{reason}:{seen_at.astimezone(UTC).date().isoformat()}"


def digest(*parts: str) -> str:
    """A version for texts whose source dates no change."""
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32]


def joined(*parts: str | None) -> str:
    """Text parts under each other, the empty ones left out."""
    return "\n\n".join(part.strip() for part in parts if part and part.strip())


def _whole(digits: str) -> int | None:
    return int(digits) if len(digits) <= 20 else None


@dataclass(slots=True, repr=False)
class Found:
    """What a list of items gave. `items` counts all there were, `left_out` those left out on purpose.

    `newest` and `oldest` are moments at which items were written.
    """

    items: int = 0
    left_out: int = 0
    posts: list[UnmaskedPost] = field(default_factory=list)
    gone: list[Gone] = field(default_factory=list)
    aside: list[SetAside] = field(default_factory=list)
    oddities: Counter[str] = field(default_factory=Counter)
    newest: datetime | None = None
    oldest: datetime | None = None

    def note(self, at: datetime | None) -> None:
        """Take note of when an item was written."""
        if at is not None:
            self.newest = at if self.newest is None else max(self.newest, at)
            self.oldest = at if self.oldest is None else min(self.oldest, at)

    def add(self, other: "Found") -> None:
        """Take over what a part of the list gave."""
        self.items += other.items
        self.left_out += other.left_out
        self.posts += other.posts
        self.gone += other.gone
        self.aside += other.aside
        self.oddities += other.oddities
        self.note(other.newest)
        self.note(other.oldest)

    def leave_out(self, reason: str, gone: Gone) -> None:
        """Leave an item out on purpose; a version that was read before has to go."""
        self.left_out += 1
        self.oddities[reason] += 1
        self.gone.append(gone)

    def page(self, marks: Marks, then: tuple[Ask, ...], cost: int = 0, *, strict: bool = True) -> Page:
        """All this as a page. One that had items and gave nothing is misparsed: the form of the answers changed.

        `strict` off forgives one or two items without words, which happen where people write.
        """
        without_text = self.oddities["no_text"]
        read = len(self.posts) + len(self.gone) + self.left_out
        forgiven = not strict and without_text == self.items < 3
        odd = dict(self.oddities)
        if self.items and not read and not forgiven:
            return Page(
                set_aside=tuple(self.aside), oddities=odd, state=HealthState.MISPARSED, reason="no_text", cost=cost
            )
        return Page(tuple(self.posts), tuple(self.gone), tuple(self.aside), marks, then, odd, cost=cost)
