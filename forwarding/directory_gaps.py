"""What is missing from the directory: schools that nobody has, agreements that end, lists and people to look at again.

It reads what was kept and says what to mend; it changes nothing and ranks nobody.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

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
    NOT_ARRIVING = "not_arriving"
    CERTIFICATE_ENDS = "certificate_ends"
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
    """One thing to mend: about whom or what (an id, a name of an organisation, an address) and what it is, in words.

    For who says it in words of its own: the `name` that it goes by, `detail` (a police unit, a place, a channel, who
    keeps a list), the `organisation` that it is about, if any, and the municipality.
    """

    kind: GapKind
    about: str
    what: str
    due_on: date | None = None
    name: str = ""
    detail: str = ""
    organisation: str = ""
    municipality: str = ""


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
    serving = _serving(kept, book)
    for school in _schools(kept, book, municipalities):
        unit = book.police_unit(school.id)
        ids = dict.fromkeys([school.id, *(place.id for place in book.around(school.id))])
        there = {one for place_id in ids for one in serving.get(place_id, ())}
        kinds = {kind for kind, its_unit in there if kind != RecipientKind.POLICE or its_unit == unit}
        name = f"{school.name}, {school.municipality}" if school.municipality else school.name

        def gap(kind: GapKind, lacks: str, detail: str = "", school: Place = school, name: str = name) -> Gap:
            what = f"{name}: {lacks}"
            return Gap(kind, school.id, what, name=name, detail=detail, municipality=school.municipality)

        if not any(kind == RecipientKind.SCHOOL for kind, _ in serving.get(school.id, ())):
            yield gap(GapKind.NO_COORDINATOR, "no coordinator for this school")
        if RecipientKind.POLICE not in kinds:
            whose = f"of unit {unit} " if unit else ""
            yield gap(GapKind.NO_POLICE, f"no wijkagent or other officer {whose}for this school", unit or "")
        if RecipientKind.MUNICIPALITY not in kinds:
            yield gap(GapKind.NO_MUNICIPALITY, "nobody of Jeugd & Veiligheid for this school")
        if RecipientKind.HELP not in kinds:
            yield gap(GapKind.NO_HELP, "no help partner for sexual harm at this school")


def _serving(kept: KeptDirectory, book: PlaceBook) -> dict[str, set[tuple[str, str | None]]]:
    """For each place that somebody serves, of which kind and police unit they are."""
    serving: dict[str, set[tuple[str, str | None]]] = {}
    for contact in kept.contacts:
        for place in contact.places if contact.active else ():
            serving.setdefault(book.current(place), set()).add((contact.kind, contact.police_unit))
    return serving


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
    for organisation, town in sorted({(one.organisation, one.municipality) for one in kept.contacts if one.active}):
        periods = kept.agreements.get(organisation, ())
        end = _covered_until(periods, today)
        due: date | None = None
        if not periods:
            kind, lacks = GapKind.NO_AGREEMENT, "no agreement, so nothing can be sent to it"
        elif end is None:
            due = min((first for first, _ in periods if first > today), default=None)
            if due is not None:
                kind, lacks = GapKind.AGREEMENT_AHEAD, "the agreement begins later"
            else:
                due = max(last for _, last in periods)
                kind, lacks = GapKind.AGREEMENT_ENDED, "the agreement has ended"
        elif end <= until:
            kind, lacks, due = GapKind.AGREEMENT_ENDS, "the agreement ends soon", end
        else:
            continue
        what = f"{organisation}: {lacks}"
        yield Gap(kind, organisation, what, due, name=organisation, organisation=organisation, municipality=town)


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
        for channel in contact.not_arriving:
            yield _of(contact, GapKind.NOT_ARRIVING, f"a test message by {channel} did not arrive", detail=channel)
        if contact.certificate_ends_on is not None and contact.certificate_ends_on <= until:
            lacks = "no e-mail leaves without a certificate that holds, and this one ends or has ended"
            yield _of(contact, GapKind.CERTIFICATE_ENDS, lacks, contact.certificate_ends_on)
        if not contact.account_open:
            yield _of(contact, GapKind.NO_ACCOUNT, "no account for the portal, or it is shut")
        if not contact.places:
            yield _of(contact, GapKind.NO_PLACES, "serves no place, so no rule reaches this contact")
        if contact.away_until is not None and not contact.replaced:
            yield _of(contact, GapKind.AWAY_ALONE, "away, and nobody stands in", contact.away_until)
        if contact.confirmed_on is None:
            yield _of(contact, GapKind.NEVER_CONFIRMED, "never confirmed that this is right")
        if contact.review_on <= until:
            yield _of(contact, GapKind.REVIEW_DUE, "to be looked at again", contact.review_on)
        yield from _of_places(contact, book)


def _of_places(contact: KeptContact, book: PlaceBook) -> Iterator[Gap]:
    for place_id in sorted(contact.places):
        entry = book.entry(place_id)
        if entry is None:
            lacks = f"serves {place_id}, which the gazetteer does not have (any more)"
            yield _of(contact, GapKind.UNKNOWN_PLACE, lacks, detail=place_id)
            continue
        unit = book.police_unit(place_id)
        if contact.kind == RecipientKind.POLICE and unit is not None and unit != contact.police_unit:
            lacks = f"serves {entry.name}, which is unit {unit}; never proposed for it"
            yield _of(contact, GapKind.OTHER_UNIT, lacks, detail=entry.name)


def _of(contact: KeptContact, kind: GapKind, lacks: str, due_on: date | None = None, detail: str = "") -> Gap:
    name = f"{contact.display_name}, {contact.role_name}"
    return Gap(
        kind,
        contact.email,
        f"{name}, {contact.organisation}: {lacks}",
        due_on,
        name=name,
        detail=detail,
        organisation=contact.organisation,
        municipality=contact.municipality,
    )


def _of_lists(kept: KeptDirectory, book: PlaceBook, until: date) -> Iterator[Gap]:
    for listed in kept.lists:
        entry = book.entry(listed.place_id)
        name = entry.name if entry is not None else listed.place_id
        town = entry.municipality if entry is not None else ""
        for place_id in sorted({listed.place_id, *listed.schools}):
            if book.entry(place_id) is None:
                what = f"the list of {name} names {place_id}, which the gazetteer does not have (any more)"
                lost = GapKind.UNKNOWN_PLACE
                yield Gap(lost, listed.place_id, what, name=name, detail=place_id, municipality=town)
        due = listed.reviewed_on + LIST_KEPT
        if due <= until:
            what = f"the list of schools of {name}, kept by {listed.kept_by}: to be looked at again"
            again = GapKind.LIST_DUE
            yield Gap(again, listed.place_id, what, due, name=name, detail=listed.kept_by, municipality=town)
