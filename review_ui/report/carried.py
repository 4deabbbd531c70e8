"""What someone typed or shared before logging in, carried through the log-in form, so that nobody types it twice.

It stands in the page only: no cookie, no address and no store holds it.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Annotated

from fastapi import Depends, Form

from collectors.tips import LONGEST_ANSWER, LONGEST_TIP

_Words = Annotated[str, Form(max_length=LONGEST_TIP * 2)]  # a line end is two characters in a form
_Line = Annotated[str, Form(max_length=2048)]

TIP_FORM, OBSERVATION_FORM = "/melden/tip", "/melden/waarneming"


@dataclass(frozen=True, repr=False)
class Carried:
    """The fields of both forms; most are empty."""

    tekst: str = ""
    link: str = ""
    wat: str = ""
    waar: str = ""
    wanneer: str = ""
    hoeveel: str = ""

    def __repr__(self) -> str:
        return "Carried(…)"

    @property
    def filled(self) -> dict[str, str]:
        """The fields that hold something."""
        return {name: value for name, value in asdict(self).items() if value}

    @property
    def form(self) -> str:
        """The form on which it goes on."""
        return OBSERVATION_FORM if self.wat or self.waar else TIP_FORM


def carried_of(typed: Mapping[str, str]) -> Carried:
    """What can be carried of a form's fields, cut to what a form takes."""
    longest = {"tekst": LONGEST_TIP, "wat": LONGEST_TIP, "link": 2048}
    return Carried(
        **{each.name: typed.get(each.name, "")[: longest.get(each.name, LONGEST_ANSWER)] for each in fields(Carried)}
    )


def _from_form(
    tekst: _Words = "", link: _Line = "", wat: _Words = "", waar: _Line = "", wanneer: _Line = "", hoeveel: _Line = ""
) -> Carried:
    return Carried(tekst.replace("\r\n", "\n"), link, wat.replace("\r\n", "\n"), waar, wanneer, hoeveel)


CarriedOn = Annotated[Carried, Depends(_from_form)]
