"""The routing rules as data: which mention of a place, with which category, proposes which kind of contact, and why.

A rule only proposes; a person sends. A rule without places or categories reaches nobody.
"""

from dataclasses import dataclass
from enum import StrEnum

from signals.label import Category
from signals.place import PlaceKind
from signals.referral import RecipientKind


class Bond(StrEnum):
    """How a contact is tied to a place that a signal names."""

    SERVES = "serves"
    """The contact's own list names this very place."""
    CORRIDOR = "corridor"
    """Coordinators keep this place on the list of a school that the contact serves."""
    COVERS = "covers"
    """The contact's own list names the place or an area that it lies in."""


@dataclass(frozen=True)
class Rule:
    """One line of the routing table. `why` is Dutch; {place}, {via}, {where} and {unit} are filled in."""

    id: str
    categories: frozenset[Category]
    places: frozenset[PlaceKind]
    bond: Bond
    reaches: RecipientKind
    why: str


_SEXUAL = frozenset({Category.SEXUAL})
_OTHER = frozenset(Category) - _SEXUAL - {Category.NONE}
_SCHOOL = frozenset({PlaceKind.SCHOOL})
_OUTSIDE = frozenset({PlaceKind.STATION, PlaceKind.AREA, PlaceKind.STREET, PlaceKind.CITY})
_ANYWHERE = _SCHOOL | _OUTSIDE

RULES: tuple[Rule, ...] = (
    # Sexual harm: help for the victim first, and the police at once. Nobody in the field, no municipality.
    Rule(
        "sexual-help",
        _SEXUAL,
        _ANYWHERE,
        Bond.COVERS,
        RecipientKind.HELP,
        "Het gaat om seksueel grensoverschrijdend gedrag: eerst hulp. {where}, het werkgebied van deze hulppartner.",
    ),
    Rule(
        "sexual-police",
        _SEXUAL,
        _ANYWHERE,
        Bond.COVERS,
        RecipientKind.POLICE,
        "Het gaat om seksueel grensoverschrijdend gedrag: de politie hoort dit direct. "
        "{where}, het werkgebied van dit politiecontact (eenheid {unit}).",
    ),
    Rule(
        "sexual-school",
        _SEXUAL,
        _SCHOOL,
        Bond.SERVES,
        RecipientKind.SCHOOL,
        "{place} wordt genoemd. De coördinator van die school ziet alleen de categorie en de plaats.",
    ),
    # Everything else: the named school, then the schools that a place concerns, then who is there.
    Rule(
        "school-coordinator",
        _OTHER,
        _SCHOOL,
        Bond.SERVES,
        RecipientKind.SCHOOL,
        "{place} wordt genoemd. Dit is de coördinator van die school.",
    ),
    Rule(
        "corridor-coordinator",
        _OTHER,
        _OUTSIDE,
        Bond.CORRIDOR,
        RecipientKind.SCHOOL,
        "{place} staat op de lijst van plaatsen die {via} aangaan. Dit is de coördinator van die school.",
    ),
    Rule(
        "police-of-the-place",
        _OTHER,
        _ANYWHERE,
        Bond.COVERS,
        RecipientKind.POLICE,
        "{where}, het werkgebied van dit politiecontact (eenheid {unit}).",
    ),
    Rule(
        # Also when only a school is named: J&V is the link between a school and its quarter, and a jeugdambassadeur
        # is tied to schools alone.
        "municipality-of-the-place",
        _OTHER,
        _ANYWHERE,
        Bond.COVERS,
        RecipientKind.MUNICIPALITY,
        "{where}. Dit is het contact van de gemeente voor Jeugd & Veiligheid daar.",
    ),
    Rule(
        "field-of-the-place",
        _OTHER,
        _ANYWHERE,
        Bond.COVERS,
        RecipientKind.FIELD,
        "{where}. Zij zijn daar op straat en krijgen alleen het gebied, de tijd en het thema.",
    ),
)
"""In order of reading: what comes first is shown first. Escalation (OTSV, AcVZ) is no rule: a person chooses it."""
