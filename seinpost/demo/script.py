"""The demo's script: invented posts from `posts.jsonl` as Jetstream frames, with fresh ids and moments at every round.

Texts are invented; no line is a real post, and no group, school contact or person in them exists.
"""

import json
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib import resources
from typing import Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict

from collectors.streams.jetstream_wire import COLLECTION

_AMSTERDAM = ZoneInfo("Europe/Amsterdam")
_LETTERS = "234567abcdefghijklmnopqrstuvwxyz"
_AUTHORS = 40


class Line(BaseModel):
    """One invented post. `then` says what happens to it a few posts later; `alt` is the alt text of a picture."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    text: str
    lang: str = "nl"
    alt: str | None = None
    then: Literal["edit", "delete"] | None = None
    edited_text: str | None = None


@dataclass(frozen=True)
class _Place:
    did: str
    rkey: str


Frame = Callable[[int], bytes]
"""Makes the frame for the moment (microseconds) at which it is played."""


def load() -> tuple[Line, ...]:
    """The lines of the demo, in their order."""
    text = (resources.files("seinpost.demo") / "posts.jsonl").read_text(encoding="utf-8")
    return tuple(Line.model_validate_json(line) for line in text.splitlines() if line.strip())


def frames(lines: Sequence[Line], seed: int) -> Iterator[Frame]:
    """Endless frames: every round plays all lines with fresh record keys; edits and deletes follow their post."""
    chance = random.Random(seed)  # noqa: S311  only to vary a play
    authors = ["did:plc:" + "".join(chance.choices(_LETTERS, k=24)) for _ in range(_AUTHORS)]
    while True:
        due: list[tuple[int, Frame]] = []
        for number, line in enumerate(lines):
            at = _Place(chance.choice(authors), "".join(chance.choices(_LETTERS, k=13)))
            yield _upsert(at, line, line.text, "create")
            if line.then == "edit":
                due.append((number + 4, _upsert(at, line, line.edited_text or line.text, "update")))
            elif line.then == "delete":
                due.append((number + 8, _delete(at)))
            for _, frame in [ready for ready in due if ready[0] <= number]:
                yield frame
            due = [later for later in due if later[0] > number]
            if number % 25 == 24:
                yield _account(at.did)
        for _, frame in due:
            yield frame


def _upsert(at: _Place, line: Line, text: str, operation: str) -> Frame:
    def frame(time_us: int) -> bytes:
        now = datetime.fromtimestamp(time_us / 1e6, UTC)
        record: dict[str, object] = {
            "$type": COLLECTION,
            "createdAt": now.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "langs": [line.lang],
            "text": timely(text, now),
        }
        if line.alt is not None:
            record["embed"] = {"$type": "app.bsky.embed.images", "images": [{"alt": line.alt, "image": {}}]}
        commit: dict[str, object] = {
            "rev": f"r{time_us:x}",
            "operation": operation,
            "collection": COLLECTION,
            "rkey": at.rkey,
            "record": record,
            "cid": f"bafy{time_us:x}",
        }
        return _json({"did": at.did, "time_us": time_us, "kind": "commit", "commit": commit})

    return frame


def _delete(at: _Place) -> Frame:
    def frame(time_us: int) -> bytes:
        commit = {"rev": f"r{time_us:x}", "operation": "delete", "collection": COLLECTION, "rkey": at.rkey}
        return _json({"did": at.did, "time_us": time_us, "kind": "commit", "commit": commit})

    return frame


def _account(did: str) -> Frame:
    def frame(time_us: int) -> bytes:
        account = {"active": True, "did": did, "seq": time_us, "time": ""}
        return _json({"did": did, "time_us": time_us, "kind": "account", "account": account})

    return frame


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def timely(text: str, now: datetime) -> str:
    """The text with its templates filled in, so that a post points to a moment near now.

    `{straks}` is a clock time in about an hour, `{later}` in about three; `{dagdeel}` is vanmiddag, vanavond or
    vannacht; `{morgen}` is tomorrow's weekday.
    """
    local = now.astimezone(_AMSTERDAM)
    soon = _round_up(local + timedelta(minutes=55))
    late = _round_up(local + timedelta(minutes=170))
    part = "vannacht" if local.hour < 5 or local.hour >= 22 else "vanavond" if local.hour >= 16 else "vanmiddag"
    days = ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag")
    filled = {
        "straks": f"{soon:%H:%M}",
        "later": f"{late:%H:%M}",
        "dagdeel": part,
        "morgen": days[(local.weekday() + 1) % 7],
    }
    for name, value in filled.items():
        text = text.replace("{" + name + "}", value)
    return text


def _round_up(moment: datetime) -> datetime:
    return moment.replace(second=0, microsecond=0) + timedelta(minutes=-moment.minute % 15)
