"""Who should hear of a signal: applies the routing rules to the directory and explains every proposal in Dutch.

It proposes. A person looks at the list, changes it and sends.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection

from forwarding.current_ids import contacts_serving, content_of, corridors
from forwarding.own_places import covering
from forwarding.places import PlaceBook, installed_places
from forwarding.rules import RULES, Bond, Rule
from forwarding.views import look
from pipeline.store.directory import DirectoryContact
from pipeline.store.queue import NamedPlace
from pipeline.store.referral_content import SignalContent
from pipeline.store.referrals import open_place_notices, referred_contacts
from signals.referral import Field, RecipientKind, ReferralState


@dataclass(frozen=True)
class Proposal:
    """One contact that the rules name for a signal. `hindrance` says why it cannot be sent to; None when it can."""

    contact_id: UUID
    organisation: str
    role_name: str
    display_name: str
    phone: str | None
    hours: str | None
    kind: RecipientKind
    rule: str
    why: str
    places: frozenset[str]
    """Ids of the signal's places that tie this contact to it."""
    fields: frozenset[Field]
    hindrance: str | None
    referral_state: ReferralState | None
    """State of the referral that this contact already has for this signal, or None when it still can get one."""
    has_place_notice: bool
    """Whether it was told by a place notice before; sending now completes that one."""

    @property
    def sendable(self) -> bool:
        """Whether a person may send to this contact now."""
        return self.hindrance is None


@dataclass(frozen=True)
class _Match:
    rule: Rule
    contact: DirectoryContact
    place: str
    why: str


def propose(
    connection: Connection,
    signal_id: UUID,
    police_excerpt: bool = False,
    place_notice: bool = False,
    book: PlaceBook | None = None,
    rules: Sequence[Rule] = RULES,
) -> list[Proposal]:
    """The contacts that the rules name, in the order of the rules, each once with all its reasons."""
    places = book or installed_places()
    content = content_of(connection, signal_id, places)
    lists = corridors(connection, content, places)
    near = {entry.id for place in content.places for entry in places.around(place.id)}
    near |= {place.id for place in content.places} | {school for schools in lists.values() for school in schools}
    directory = contacts_serving(connection, near, places)
    referred, notices = referred_contacts(connection, signal_id), open_place_notices(connection, signal_id)

    by_contact: dict[UUID, list[_Match]] = {}
    for match in _matches(rules, content, directory, lists, places):
        by_contact.setdefault(match.contact.id, []).append(match)
    proposals = []
    for matches in by_contact.values():
        contact = matches[0].contact
        seen = look(contact, content, lists, places, police_excerpt, place_notice)
        proposals.append(
            Proposal(
                contact_id=contact.id,
                organisation=contact.organisation,
                role_name=contact.role_name,
                display_name=contact.display_name,
                phone=contact.phone,
                hours=contact.hours,
                kind=seen.kind,
                rule=matches[0].rule.id,
                why=" ".join(_unique(match.why for match in matches)),
                places=frozenset(match.place for match in matches),
                fields=seen.fields,
                hindrance=seen.hindrance,
                # A place notice is not yet what this contact should know: the full referral is still to be sent.
                referral_state=None if contact.id in notices and not place_notice else referred.get(contact.id),
                has_place_notice=contact.id in notices,
            )
        )
    return proposals


def _matches(
    rules: Sequence[Rule],
    content: SignalContent,
    directory: Sequence[DirectoryContact],
    lists: Mapping[str, frozenset[str]],
    book: PlaceBook,
) -> Iterator[_Match]:
    for rule in rules:
        if content.category not in rule.categories:
            continue
        for place in content.places:
            if place.kind not in rule.places:
                continue
            for contact in directory:
                why = _tie(rule, place, contact, lists, book) if contact.kind == rule.reaches else None
                if why is not None:
                    yield _Match(rule, contact, place.id, why)


def _tie(
    rule: Rule,
    place: NamedPlace,
    contact: DirectoryContact,
    lists: Mapping[str, frozenset[str]],
    book: PlaceBook,
) -> str | None:
    """The sentence that ties this contact to this place under this rule, or None when nothing does."""
    via: str | None
    if rule.bond is Bond.SERVES:
        via = place.id if place.id in contact.places else None
    elif rule.bond is Bond.CORRIDOR:
        via = min(lists.get(place.id, frozenset()) & contact.places, default=None)
    else:
        via = covering(place.id, contact.places, book)
    if via is None:
        return None
    unit = book.police_unit(place.id)
    if unit is None and via == place.id:
        unit = contact.police_unit  # nobody wrote down where the place lies, but a person put it on this contact's list
    if rule.reaches is RecipientKind.POLICE and (unit is None or contact.police_unit != unit):
        return None  # the contact of another unit, or a unit that we could only guess
    entry = book.entry(via)
    name, via_name = _capital(place.name), entry.name if entry is not None else via
    where = f"{name} wordt genoemd" if via == place.id else f"{name} ligt in {via_name}"
    return " ".join((rule.why.format(place=name, via=via_name, where=where, unit=unit), *_away(contact, via)))


def _away(contact: DirectoryContact, via: str) -> Iterator[str]:
    """What to know of who is there today, after the reason."""
    for one in contact.stands_in:
        if via in one.places:
            yield f"Neemt tot en met {one.until_on:%d-%m-%Y} waar voor {one.name}."
    if contact.away_until is not None:
        instead = f"{contact.stand_in} neemt waar" if contact.stand_in else "niemand neemt waar, dus bel"
        yield f"Afwezig tot en met {contact.away_until:%d-%m-%Y}; {instead}."


def _capital(name: str) -> str:
    return name[:1].upper() + name[1:]


def _unique(sentences: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(sentences))
