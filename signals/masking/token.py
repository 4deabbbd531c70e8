"""The tokens that stand where something was masked, and what a finder hands back. Other rooms read the same tokens."""

from enum import StrEnum
from typing import NamedTuple


class Token(StrEnum):
    """What a masked stretch was. The labelling guide and the models know these words."""

    HANDLE = "[@]"
    LINK = "[link]"
    PHONE = "[telefoon]"
    EMAIL = "[e-mail]"
    IBAN = "[iban]"
    PLATE = "[kenteken]"
    HOUSE_NUMBER = "[nr]"
    NAME = "[naam]"


class Found(NamedTuple):
    """A stretch [start, end) of a reading that must go, and the token that takes its place."""

    start: int
    end: int
    token: Token
