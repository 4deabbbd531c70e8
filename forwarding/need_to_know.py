"""Which fields one recipient may see: its row of the need-to-know table, its agreement and the switches together.

Deny by default: a field passes only when every one of them lets it. It holds no content.
"""

from collections.abc import Iterable

from signals.label import Category, Level
from signals.referral import ALLOWED, Field, RecipientKind

_SEXUAL_FIELDS = frozenset({Field.CATEGORY, Field.PLACE})
_NOT_IN_PLACE_NOTICE = frozenset({Field.EXCERPT, Field.LINK})
_URGENT_FOR_LINK = frozenset({Level.CONCREET, Level.ACUUT})

THEMES: dict[Category, str] = {
    Category.THREAT: "geweld",
    Category.WEAPON: "wapens",
    Category.CONFRONTATION: "geweld",
    Category.RECRUITMENT: "uitbuiting",
    Category.DRUGS: "drugs",
    Category.EXTORTION: "afpersing",
}
"""What people in the field hear instead of a category."""

LOOK_OUT: dict[str, str] = {
    "geweld": "Wees zichtbaar aanwezig en let op groepen die zich verzamelen.",
    "wapens": "Wees zichtbaar aanwezig. Grijp niet zelf in: bel 112 als u een wapen ziet.",
    "uitbuiting": "Let op jongeren die worden aangesproken voor snel geld. Zij kunnen slachtoffer zijn.",
    "drugs": "Let op plekken waar wordt gewacht en overgedragen.",
    "afpersing": "Let op jongeren die onder druk lijken te staan. Zij kunnen slachtoffer zijn.",
}
"""The one line for the field. Written beforehand, so that nothing of a post or of a reader's text can slip into it."""

HELP_QUESTIONS: dict[Category, str] = {
    Category.THREAT: "Kunt u hulp klaarzetten voor wie wordt bedreigd?",
    Category.WEAPON: "Kunt u hulp klaarzetten voor de school en de leerlingen?",
    Category.CONFRONTATION: "Kunt u hulp klaarzetten voor wie hierbij betrokken raakt?",
    Category.RECRUITMENT: "Kunt u hulp klaarzetten voor wie wordt geronseld?",
    Category.DRUGS: "Kunt u meedenken over hulp voor jongeren op deze plek?",
    Category.EXTORTION: "Kunt u hulp klaarzetten voor wie wordt afgeperst?",
}
"""The help question for a help partner: no reading of the post, just what is asked."""


def fields_for(
    kind: RecipientKind,
    agreed: Iterable[Field],
    category: Category,
    level: Level,
    *,
    police_excerpt: bool,
    place_notice: bool,
) -> frozenset[Field]:
    """The fields that a recipient of this kind sees of a signal like this."""
    fields = ALLOWED[kind] & frozenset(agreed)
    if category is Category.SEXUAL:
        fields &= _SEXUAL_FIELDS  # in every channel, for everyone
    if place_notice:
        fields -= _NOT_IN_PLACE_NOTICE
    if kind is RecipientKind.POLICE:
        if not police_excerpt:
            # The source link shows more than any excerpt, so a switch that hides the one hides the other.
            fields -= {Field.EXCERPT, Field.LINK}
        if level not in _URGENT_FOR_LINK:
            fields -= {Field.LINK}
    return fields
