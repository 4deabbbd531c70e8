"""What is missing from the directory: schools that nobody has, agreements that end, lists and people to look at again.

It reads what was kept and says what to mend; it changes nothing and ranks nobody.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from forwarding.own_places import covering
from forwarding.places import Place, PlaceBook
from pipeline.store.directory_upkeep import KeptContact, KeptDirectory
from signals.place import PlaceKind
from signals.referral import RecipientKind

LIST_KEPT = timedelta(days=365)
"""How long a list of schools is good; coordinators look at it every year."""
SECONDARY = frozenset({"vo", "pro", "mbo"})
"""The types of school that are looked for when a whole municipality is asked."""


class GapKind(StrEnum):
    """What is missing, in the order in which it is told: who is reached by nobody comes first."""

    NO_COORDINATOR = "no_coordinator"
    NO_POLICE = "no_police"
    NO_MUNICIPALITY = "no_municipality"
    NO_HELP = "no_help"
    NO_AGREEMENT = "no_agreement"
    AGREEMENT_ENDED = "agreement_ended"
    AGREEMENT_AHEAD = "agreement_ahead"
    AGREEMENT_ENDS = "agreement_ends"
    NO_ACCOUNT = "no_account"
    NO_PLACES = "no_places"
    OTHER_UNIT = "other_unit"
    UNKNOWN_PLACE = "unknown_place"
    AWAY_ALONE = "away_alone"
    NEVER_CONFIRMED = "never_confirmed"
    REVIEW_DUE = "review_due"
    LIST_DUE = "list_due"


@dataclass(frozen=True)
class Gap:
    """One thing to mend: about whom or what (an id, a name of an organisation, an address) and what it is, in words."""

    kind: GapKind
    about: str
    what: str
    due_on: date | None = None


def gaps(
    kept: KeptDirectory,
    book: PlaceBook,
    today: date,
    within: timedelta = timedelta(days=30),
    municipalities: Collection[str] = (),
) -> list[Gap]:
    """Every gap, the gravest kind first, within a kind by what it is about.

    Schools are those that somebody serves or served and those on a list; with `municipalities` also every secondary
    school there.
    """
    found = [
        *_of_schools(kept, book, municipalities),
        *_of_agreements(kept, today, today + within),
        *_of_contacts(kept, book, today + within),
        *_of_lists(kept, book, today + within),
    ]
    order = list(GapKind)
    return sorted(found, key=lambda gap: (order.index(gap.kind), gap.due_on or date.min, gap.about, gap.what))


def _of_schools(kept: KeptDirectory, book: PlaceBook, municipalities: Collection[str]) -> Iterator[Gap]:
    active = [contact for contact in kept.contacts if contact.active]
    served = {contact.id: frozenset(book.current(place) for place in contact.places) for contact in active}
    for school in _schools(kept, book, municipalities):

        def has(kind: RecipientKind, school: Place = school) -> bool:
            return any(
                covering(school.id, served[contact.id], book) is not None
                for contact in active
                if contact.kind == kind
                and (kind is not RecipientKind.POLICE or contact.police_unit == book.police_unit(school.id))
            )

        name = f"{school.name}, {school.municipality}" if school.municipality else school.name
        if not any(contact.kind == RecipientKind.SCHOOL and school.id in served[contact.id] for contact in active):
            yield Gap(GapKind.NO_COORDINATOR, school.id, f"{name}: no coordinator for this school")
        if not has(RecipientKind.POLICE):
            unit = book.police_unit(school.id)
            whose = f"of unit {unit} " if unit else ""
            yield Gap(GapKind.NO_POLICE, school.id, f"{name}: no wijkagent or other officer {whose}for this school")
        if not has(RecipientKind.MUNICIPALITY):
            yield Gap(GapKind.NO_MUNICIPALITY, school.id, f"{name}: nobody of Jeugd & Veiligheid for this school")
        if not has(RecipientKind.HELP):
            yield Gap(GapKind.NO_HELP, school.id, f"{name}: no help partner for sexual harm at this school")


def _schools(kept: KeptDirectory, book: PlaceBook, municipalities: Collection[str]) -> list[Place]:
    """The schools that the directory is about, by name; unknown ids are another gap."""
    ids = {place for contact in kept.contacts if contact.kind == RecipientKind.SCHOOL for place in contact.places}
    ids |= {school for listed in kept.lists for school in listed.schools}
    schools = {entry.id: entry for entry in map(book.entry, ids) if entry is not None}
    for entry in book if municipalities else ():
        if entry.municipality in municipalities and getattr(entry, "type", "") in SECONDARY:
            schools[entry.id] = entry
    return sorted(
        (school for school in schools.values() if school.kind is PlaceKind.SCHOOL), key=lambda one: (one.name, one.id)
    )


def _of_agreements(kept: KeptDirectory, today: date, until: date) -> Iterator[Gap]:
    for organisation in sorted({contact.organisation for contact in kept.contacts if contact.active}):
        periods = kept.agreements.get(organisation, ())
        end = _covered_until(periods, today)
        if not periods:
            yield Gap(GapKind.NO_AGREEMENT, organisation, f"{organisation}: no agreement, so nothing can be sent to it")
        elif end is None:
            coming = min((first for first, _ in periods if first > today), default=None)
            if coming is not None:
                yield Gap(GapKind.AGREEMENT_AHEAD, organisation, f"{organisation}: the agreement begins later", coming)
            else:
                ended = max(last for _, last in periods)
                yield Gap(GapKind.AGREEMENT_ENDED, organisation, f"{organisation}: the agreement has ended", ended)
        elif end <= until:
            yield Gap(GapKind.AGREEMENT_ENDS, organisation, f"{organisation}: the agreement ends soon", end)


def _covered_until(periods: Collection[tuple[date, date]], today: date) -> date | None:
    """The last day without a hole in between, counted from today; None when today itself is not covered."""
    end: date | None = None
    for first, last in sorted(periods):
        reached = end + timedelta(days=1) if end is not None else today
        if first <= reached <= last:
            end = last
    return end


def _of_contacts(kept: KeptDirectory, book: PlaceBook, until: date) -> Iterator[Gap]:
    for contact in kept.contacts:
        if not contact.active:
            continue
        who = f"{contact.display_name}, {contact.role_name}, {contact.organisation}"
        if not contact.account_open:
            yield Gap(GapKind.NO_ACCOUNT, contact.email, f"{who}: no account for the portal, or it is shut")
        if not contact.places:
            yield Gap(GapKind.NO_PLACES, contact.email, f"{who}: serves no place, so no rule reaches this contact")
        if contact.away_until is not None and not contact.replaced:
            yield Gap(GapKind.AWAY_ALONE, contact.email, f"{who}: away, and nobody stands in", contact.away_until)
        if contact.confirmed_on is None:
            yield Gap(GapKind.NEVER_CONFIRMED, contact.email, f"{who}: never confirmed that this is right")
        if contact.review_on <= until:
            yield Gap(GapKind.REVIEW_DUE, contact.email, f"{who}: to be looked at again", contact.review_on)
        yield from _of_places(contact, who, book)


def _of_places(contact: KeptContact, who: str, book: PlaceBook) -> Iterator[Gap]:
    for place_id in sorted(contact.places):
        entry = book.entry(place_id)
        if entry is None:
            what = f"{who}: serves {place_id}, which the gazetteer does not have (any more)"
            yield Gap(GapKind.UNKNOWN_PLACE, contact.email, what)
            continue
        unit = book.police_unit(place_id)
        if contact.kind == RecipientKind.POLICE and unit is not None and unit != contact.police_unit:
            what = f"{who}: serves {entry.name}, which is unit {unit}; never proposed for it"
            yield Gap(GapKind.OTHER_UNIT, contact.email, what)


def _of_lists(kept: KeptDirectory, book: PlaceBook, until: date) -> Iterator[Gap]:
    for listed in kept.lists:
        entry = book.entry(listed.place_id)
        name = entry.name if entry is not None else listed.place_id
        for place_id in sorted({listed.place_id, *listed.schools}):
            if book.entry(place_id) is None:
                what = f"the list of {name} names {place_id}, which the gazetteer does not have (any more)"
                yield Gap(GapKind.UNKNOWN_PLACE, listed.place_id, what)
        due = listed.reviewed_on + LIST_KEPT
        if due <= until:
            what = f"the list of schools of {name}, kept by {listed.kept_by}: to be looked at again"
            yield Gap(GapKind.LIST_DUE, listed.place_id, what, due)
