"""Reads a signal and the directory with the ids that places have today, whatever id they had when written down.

A place gets another id when an official code replaces ours; lists that people keep must go on meaning it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from sqlalchemy import Connection

from forwarding.places import PlaceBook
from pipeline.store import directory
from pipeline.store.directory import DirectoryContact
from pipeline.store.referral_content import SignalContent, signal_content


def content_of(connection: Connection, signal_id: UUID, book: PlaceBook) -> SignalContent:
    """The signal's content, its places by their ids of today. Raises NoSuchSignal."""
    content = signal_content(connection, signal_id)
    places = tuple(replace(place, id=book.current(place.id)) for place in content.places)
    return replace(content, places=places)


def corridors(connection: Connection, content: SignalContent, book: PlaceBook) -> Mapping[str, frozenset[str]]:
    """For each place of the signal the schools that coordinators say it concerns."""
    lists: dict[str, frozenset[str]] = {}
    asked = {place_id for place in content.places for place_id in book.every_id(place.id)}
    for place_id, schools in directory.corridors(connection, asked).items():
        current = book.current(place_id)
        lists[current] = lists.get(current, frozenset()) | {book.current(school) for school in schools}
    return lists


def contacts_serving(connection: Connection, place_ids: Iterable[str], book: PlaceBook) -> list[DirectoryContact]:
    """Active contacts whose own list names at least one of these places, by any id that it has or had."""
    asked = {every for place_id in place_ids for every in book.every_id(place_id)}
    return [_today(contact, book) for contact in directory.contacts_serving(connection, asked)]


def contacts_by_id(
    connection: Connection, contact_ids: Sequence[UUID], book: PlaceBook
) -> Mapping[UUID, DirectoryContact]:
    """The contacts with these ids, active or not."""
    found = directory.contacts_by_id(connection, contact_ids)
    return {contact_id: _today(contact, book) for contact_id, contact in found.items()}


def _today(contact: DirectoryContact, book: PlaceBook) -> DirectoryContact:
    stands_in = tuple(
        replace(one, places=frozenset(book.current(place_id) for place_id in one.places)) for one in contact.stands_in
    )
    places = frozenset(book.current(place_id) for place_id in contact.places)
    return replace(contact, places=places, stands_in=stands_in)
