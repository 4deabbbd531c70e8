"""What one recipient will see of one signal: `cut` makes exactly the row that is stored, `preview` shows it beforehand.

It stores nothing and sends nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from forwarding.current_ids import contacts_by_id, content_of, corridors
from forwarding.excerpt import excerpt
from forwarding.need_to_know import HELP_QUESTIONS, LOOK_OUT, THEMES, fields_for
from forwarding.own_places import own_places
from forwarding.places import PlaceBook, installed_places
from pipeline.store.directory import DirectoryContact
from pipeline.store.referral_content import SignalContent
from signals.label import Category
from signals.masking import mask
from signals.referral import Field, RecipientKind

SHORT_DUIDING = 200
"""Longest reading, in code points, for a recipient that gets it short."""


class UnknownContact(Exception):
    """The contact is not in the directory."""


@dataclass(frozen=True)
class View:
    """What a recipient sees. None (or False): may not see it, or there is nothing to see."""

    theme: str | None = None
    category: str | None = None
    level: str | None = None
    places: tuple[str, ...] | None = None
    window_start: datetime | None = None
    window_end: datetime | None = None
    excerpt: str | None = None
    link_allowed: bool = False
    duiding: str | None = None


@dataclass(frozen=True)
class Preview:
    """A view beforehand: for whom it is, and why it cannot be sent (None when it can)."""

    contact: DirectoryContact
    kind: RecipientKind
    fields: frozenset[Field]
    view: View
    hindrance: str | None


def preview(
    connection: Connection,
    signal_id: UUID,
    contact_id: UUID,
    police_excerpt: bool = False,
    place_notice: bool = False,
    book: PlaceBook | None = None,
) -> Preview:
    """What this contact would see if the signal were sent now: the very values that `referrals.prepare` stores."""
    places = book or installed_places()
    (seen,) = previews(connection, signal_id, [contact_id], places, police_excerpt, place_notice)
    return seen


def previews(
    connection: Connection,
    signal_id: UUID,
    contact_ids: Sequence[UUID],
    book: PlaceBook,
    police_excerpt: bool = False,
    place_notice: bool = False,
) -> list[Preview]:
    """The same for several contacts, each once, in the order given. Raises UnknownContact or NoSuchSignal."""
    content = content_of(connection, signal_id, book)
    lists = corridors(connection, content, book)
    wanted = list(dict.fromkeys(contact_ids))
    known = contacts_by_id(connection, wanted, book)
    missing = [contact_id for contact_id in wanted if contact_id not in known]
    if missing:
        raise UnknownContact(f"contact {missing[0]} is not in the directory")
    return [look(known[contact_id], content, lists, book, police_excerpt, place_notice) for contact_id in wanted]


def look(
    contact: DirectoryContact,
    content: SignalContent,
    lists: Mapping[str, frozenset[str]],
    book: PlaceBook,
    police_excerpt: bool,
    place_notice: bool,
) -> Preview:
    """One contact's preview of content that was already read. `lists` holds the corridors of the signal's places."""
    kind = RecipientKind(contact.kind)
    fields = fields_for(
        kind,
        [Field(name) for name in contact.agreement_fields] if contact.agreement_valid else [],
        content.category,
        content.level,
        police_excerpt=police_excerpt,
        place_notice=place_notice,
    )
    places = own_places(kind, contact.places, content.places, lists, book)
    return Preview(contact, kind, fields, cut(kind, fields, content, places), hindrance(contact, fields, places))


def hindrance(contact: DirectoryContact, fields: frozenset[Field], places: Sequence[str]) -> str | None:
    """Why nothing can be sent to this contact, in one Dutch sentence; None when it can."""
    if not contact.active:
        return "Deze contactpersoon is niet meer actief."
    if contact.agreement_id is None:
        return f"Er is geen convenant met {contact.organisation}."
    if contact.agreement_begins_on is not None:
        return f"Het convenant met {contact.organisation} gaat pas in op {contact.agreement_begins_on:%d-%m-%Y}."
    if not contact.agreement_valid:
        return f"Het convenant met {contact.organisation} is niet geldig (tot {contact.agreement_ends_on:%d-%m-%Y})."
    if not contact.has_portal:
        return "Deze contactpersoon heeft nog geen toegang tot het portaal. Bel."
    if not fields:
        return f"Het convenant met {contact.organisation} laat voor dit signaal niets toe."
    if not places:
        return "Geen plaats in dit signaal hoort bij deze contactpersoon."
    return None


def cut(kind: RecipientKind, fields: frozenset[Field], content: SignalContent, places: Sequence[str]) -> View:
    """The content, cut to the fields. A field that is not in `fields` is not even looked at."""
    window = Field.WINDOW in fields
    return View(
        theme=THEMES.get(content.category) if Field.THEME in fields else None,
        category=content.category.value if Field.CATEGORY in fields else None,
        level=content.level.value if Field.LEVEL in fields else None,
        places=tuple(places) if Field.PLACE in fields else None,
        window_start=content.window_start if window else None,
        window_end=content.window_end if window else None,
        excerpt=excerpt(content.text, content.reasons) if Field.EXCERPT in fields and content.text else None,
        link_allowed=Field.LINK in fields,
        duiding=_duiding(kind, content) if Field.DUIDING in fields else None,
    )


def _duiding(kind: RecipientKind, content: SignalContent) -> str | None:
    """The reading in this kind's length, with names masked once more: a reader may have typed one."""
    if kind is RecipientKind.FIELD:
        return _look_out(content.category)
    if kind is RecipientKind.HELP:
        return HELP_QUESTIONS.get(content.category)
    if not content.duidingen:
        return None
    if kind is RecipientKind.MUNICIPALITY:
        return _short(mask(content.duidingen[0]).text)
    return "\n".join(mask(duiding).text for duiding in content.duidingen)


def _look_out(category: Category) -> str | None:
    theme = THEMES.get(category)
    return LOOK_OUT[theme] if theme is not None else None


def _short(reading: str) -> str:
    """The first sentence, on one line."""
    line = " ".join(reading.split())
    for mark in (". ", "! ", "? "):
        head, found, _ = line.partition(mark)
        line = head + mark.strip() if found else line
    return line if len(line) <= SHORT_DUIDING else line[: SHORT_DUIDING - 1] + "…"
