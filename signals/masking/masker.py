"""The order in which a text is masked, and the one function other rooms call. Finders stand in their own modules."""

from collections.abc import Callable, Iterable

from signals.masking import addresses, contact, handles, house_numbers, iban, links, names, plates
from signals.masking.alignment import Masked, align
from signals.masking.reading import Reading
from signals.masking.token import Found

_FINDERS: tuple[Callable[[str], Iterable[Found]], ...] = (
    addresses.find,
    links.find,
    handles.find,
    iban.find,
    contact.find,
    plates.find,
    house_numbers.find,
    names.find,
)
_ROUNDS = 4
"""Masking one thing can uncover the next. Rounds stop when nothing is found; hostile text may not ask for more."""


def mask(text: str) -> Masked:
    """The text without handles, links, phone numbers, e-mail, IBANs, plates, house numbers and personal names.

    Pure, and linear in the length of the text. Masking a masked text again changes nothing.
    """
    reading = Reading(text)
    for _ in range(_ROUNDS):
        before = len(reading.found)
        for find in _FINDERS:
            reading.blank(find(reading.buffer))
        if len(reading.found) == before:
            break
    return align(text, reading.stretches())
