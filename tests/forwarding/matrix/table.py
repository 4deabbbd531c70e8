"""The expected table, read from `expected.toml`, and what it says in one situation. Not the product's own."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

_WRITTEN = tomllib.loads((Path(__file__).parent / "expected.toml").read_text(encoding="utf-8"))

FIELDS = ("theme", "category", "level", "place", "window", "excerpt", "link", "duiding")
ROWS: dict[str, dict[str, str]] = _WRITTEN["rows"]
PLACES: dict[str, list[str]] = _WRITTEN["places"]
ROLES: dict[str, list[str]] = _WRITTEN["roles"]
FUNCTIONS = {role: frozenset(names) for role, names in _WRITTEN["functions"].items()}
_CHANNELS: dict[str, list[str]] = _WRITTEN["channels"]
_CASES: dict[str, list[str]] = _WRITTEN["situations"]

COLUMNS: dict[str, tuple[str, ...]] = {
    "theme": ("theme",),
    "category": ("category",),
    "level": ("level",),
    "place": ("places",),
    "window": ("window_start", "window_end"),
    "excerpt": ("excerpt",),
    "link": ("link_allowed",),
    "duiding": ("duiding",),
}
FRAME = ("id", "kind", "state", "place_notice", "prepared_at", "expires_at")
"""What every kind's view says beside the fields."""


@dataclass(frozen=True)
class Situation:
    """What a cell depends on beside kind and field."""

    name: str
    category: str = "confrontation"
    level: str = "acuut"
    place_notice: bool = False
    switch_when_sent: bool = True
    switch_now: bool = True
    source_gone: bool = False
    agreed: frozenset[str] = frozenset(FIELDS)


def expected(kind: str, now: Situation) -> dict[str, str]:
    """The fields that this kind sees in this situation, each with the word of its cell."""
    row = {field: word for field, word in ROWS[kind].items() if field in now.agreed}
    if now.category == "sexual":
        row = {field: word for field, word in row.items() if field in _CASES["sexual_shows"]}
    hidden: set[str] = set()
    if now.place_notice:
        hidden |= set(_CASES["place_notice_hides"])
    if now.source_gone:
        hidden |= set(_CASES["source_gone_hides"])
    if not (now.switch_when_sent and now.switch_now):
        hidden |= {field for field, word in row.items() if word in ("switch", "needed")}
    if now.level not in ("concreet", "acuut"):
        hidden |= {field for field, word in row.items() if word == "needed"}
    return {field: word for field, word in row.items() if field not in hidden}


def shown_by(channel: str, row: dict[str, str]) -> dict[str, str]:
    """The part of a row that a channel shows."""
    return {field: word for field, word in row.items() if field in _CHANNELS.get(channel, FIELDS)}
