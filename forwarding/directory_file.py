"""The file format of the directory: organisations with agreements, contacts with the places they serve, corridors.

It reads and checks one file by itself; what needs the database or the gazetteer is checked by `forwarding.directory`.
"""

import json
from datetime import date
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from pipeline.store.notices import ChannelName
from signals.referral import Field as ReferralField
from signals.referral import RecipientKind

Words = Annotated[str, Field(min_length=1, max_length=200)]
Email = Annotated[str, Field(pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$", max_length=254)]


class DirectoryWrong(Exception):
    """The file cannot be imported; `faults` are lines of 'where: what to mend'. Nothing was changed."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__(f"nothing was imported; mend {len(faults)} fault(s): {'; '.join(faults[:3])}")
        self.faults = faults


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class AgreementPart(_Part):
    """Under which an organisation may receive, which fields, by which channels, and until when."""

    purpose: Words
    fields: tuple[ReferralField, ...]
    channels: frozenset[ChannelName] = frozenset({ChannelName.EMAIL})
    starts_on: date
    ends_on: date

    @model_validator(mode="after")
    def _has_a_length(self) -> Self:
        if self.ends_on < self.starts_on:
            raise ValueError("ends_on lies before starts_on")
        return self


class OrganisationPart(_Part):
    """An organisation; its name is its key. A police organisation names its unit."""

    name: Words
    kind: RecipientKind
    municipality: Words
    police_unit: Words | None = None
    agreements: tuple[AgreementPart, ...] = ()

    @model_validator(mode="after")
    def _police_have_a_unit(self) -> Self:
        if (self.kind is RecipientKind.POLICE) != (self.police_unit is not None):
            raise ValueError("police_unit stands with kind police, and only there")
        return self


class ContactPart(_Part):
    """A person in a role; organisation, kind and e-mail address together are the key. Places are gazetteer ids.

    `hours` is for the reader ('ma-do 8.30-16.30'); `confirmed_on`: when somebody made sure that all this is right.
    Away: the first and the last day; `stand_in` is the address of a colleague of the same organisation and kind.
    """

    organisation: Words
    kind: RecipientKind
    role: Words
    name: Words
    email: Email
    phone: Words | None = None
    user: Words | None = None
    review_on: date
    confirmed_on: date | None = None
    hours: Words | None = None
    active: bool = True
    places: frozenset[str] = frozenset()
    away_from: date | None = None
    away_until: date | None = None
    stand_in: Email | None = None

    @model_validator(mode="after")
    def _away_for_days(self) -> Self:
        if (self.away_from is None) != (self.away_until is None):
            raise ValueError("away_from and away_until stand together: the first and the last day")
        if self.away_from is not None and self.away_until is not None and self.away_until < self.away_from:
            raise ValueError("away_until lies before away_from")
        if self.stand_in is not None and self.away_from is None:
            raise ValueError("stand_in stands with away_from and away_until: nobody stands in for who is there")
        return self


class CorridorPart(_Part):
    """The schools that a station or area concerns, who keeps the list and when it was last looked at."""

    place: str
    schools: Annotated[frozenset[str], Field(min_length=1)]
    kept_by: Words
    reviewed_on: date


class DirectoryFile(_Part):
    """The whole file."""

    organisations: tuple[OrganisationPart, ...] = ()
    contacts: tuple[ContactPart, ...] = ()
    corridors: tuple[CorridorPart, ...] = ()


def read_directory(content: str) -> DirectoryFile:
    """The file's content, or DirectoryWrong with the line or the path of every fault."""
    try:
        return checked(json.loads(content))
    except json.JSONDecodeError as wrong:
        raise DirectoryWrong([f"line {wrong.lineno}, column {wrong.colno}: this is not JSON ({wrong.msg})"]) from None


def checked(content: object) -> DirectoryFile:
    """These parts as a directory, or DirectoryWrong with the path of every fault."""
    try:
        return DirectoryFile.model_validate(content, strict=False)
    except ValidationError as wrong:
        raise DirectoryWrong(
            [f"{_path(fault['loc'])}: {fault['msg'].removeprefix('Value error, ')}" for fault in wrong.errors()]
        ) from None


def _path(location: tuple[int | str, ...]) -> str:
    written = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in location)
    return written.lstrip(".") or "the file"
