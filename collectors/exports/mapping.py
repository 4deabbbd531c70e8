"""Which column of a tool's export is what. Read from a TOML file, or the plain names when there is none.

No vendor is built in: a contract's columns belong in the installation's own mapping file.
"""

import tomllib
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, field_validator


class MappingUnreadable(Exception):
    """The mapping file cannot be used; says in one line what is wrong with it."""


def _names(value: object) -> object:
    return (value,) if isinstance(value, str) else tuple(value) if isinstance(value, list) else value


Names = Annotated[tuple[Annotated[str, Field(min_length=1)], ...], BeforeValidator(_names)]


class Columns(BaseModel):
    """Column names per field; the first one that is filled counts, but all columns of `text` are joined."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: Names = ("id",)
    text: Names = ("text",)
    posted_at: Names = ("posted_at",)
    updated_at: Names = ("updated_at",)
    url: Names = ("url",)
    lang: Names = ("lang",)
    version: Names = ("version",)
    deleted: Names = ("deleted",)


class Mapping(BaseModel):
    """How to read one tool's export. `timezone` is for moments written without one; `date_formats` as in strptime."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    columns: Columns = Columns()
    timezone: str = "UTC"
    date_formats: tuple[str, ...] = ()

    @field_validator("timezone")
    @classmethod
    def _known(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError):
            raise ValueError("is no time zone; write one such as Europe/Amsterdam") from None
        return name


def load(path: Path) -> Mapping:
    """The mapping in a TOML file; an unknown key is an error."""
    try:
        return Mapping.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        raise MappingUnreadable(f"there is no mapping file {path}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        raise MappingUnreadable(f"the mapping file {path} is not TOML: {fault}") from None
    except ValidationError as fault:
        first = fault.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise MappingUnreadable(f"the mapping file {path} is wrong at {where}: {first['msg']}") from None
