"""The languages of the screens. Dutch is the language the screens are written in; English is a gettext catalogue.

Catalogues are read from their .po files at start, so that no compiled file can lag behind. It detects no language:
a reader chooses.
"""

from enum import StrEnum
from functools import cache
from gettext import NullTranslations
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations

CATALOGUES = Path(__file__).parent / "locale"


class Language(StrEnum):
    """A language that the screens speak."""

    DUTCH = "nl"
    ENGLISH = "en"


def chosen(value: str | None) -> Language:
    """The language a cookie names; Dutch when it names none of ours."""
    try:
        return Language(value or "")
    except ValueError:
        return Language.DUTCH


@cache
def translations(language: Language) -> NullTranslations:
    """The catalogue of a language: every .po file in its folder together."""
    if language is Language.DUTCH:
        return NullTranslations()
    together = Translations()
    for file in sorted((CATALOGUES / language.value).glob("*.po")):
        with file.open("rb") as source:
            compiled = BytesIO()
            write_mo(compiled, read_po(source, locale=language.value))
        compiled.seek(0)
        together.merge(Translations(compiled))
    return together
