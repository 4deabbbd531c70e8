"""The word lists of `nlp/data/time_words.toml`, read once. Holds no meaning of its own."""

import tomllib
from pathlib import Path
from typing import Final

_TABLE: Final[dict[str, dict[str, str]]] = tomllib.loads(
    (Path(__file__).parents[1] / "data" / "time_words.toml").read_text(encoding="utf-8")
)


def words(section: str, name: str) -> frozenset[str]:
    """One list as a set."""
    return frozenset(_TABLE[section][name].split())


def sections(section: str) -> dict[str, str]:
    """All lists of a section by name, words parted by blanks."""
    return _TABLE[section]
