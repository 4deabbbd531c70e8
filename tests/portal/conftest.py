"""The invented town with people who can log in to the real app."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

import pytest

from forwarding.referrals import prepare
from pipeline.key_folder import KeyFolder
from pipeline.store.connection import Database
from pipeline.store.users import UserRole
from signals.referral import Field, RecipientKind
from tests.forwarding.town import ALL_FIELDS, BOOK, CITY, NOW, SCHOOL_X, STATION, TOWN, Spot, Town, empty_town
from tests.review_ui.world import Browser, World, world_in

KIND_PLACES: dict[RecipientKind, tuple[Spot, ...]] = {
    RecipientKind.SCHOOL: (SCHOOL_X,),
    RecipientKind.POLICE: (TOWN,),
    RecipientKind.MUNICIPALITY: (CITY,),
    RecipientKind.FIELD: (TOWN,),
    RecipientKind.HELP: (CITY,),
    RecipientKind.ESCALATION: (CITY,),
}


@dataclass
class House:
    """The town, the app around the same database, and a recipient of every kind, named after it."""

    town: Town
    world: World

    def add_recipient(self, name: str, kind: RecipientKind, agreed: tuple[Field, ...] | None = ALL_FIELDS) -> UUID:
        """Somebody who can log in, with one contact of this kind."""
        user = self.world.people.get(name) or self.world.add_person(name, UserRole.RECIPIENT)
        unit = "Polderland" if kind is RecipientKind.POLICE else None
        contact = self.town.add_contact(name, kind, KIND_PLACES[kind], unit=unit, agreed=agreed, user=user)
        self.town.users[name] = user
        return contact

    def send(self, *contacts: UUID, police_excerpt: bool = True, **signal: str) -> list[UUID]:
        """A signal at the station and in school X's corridor, confirmed and sent."""
        made = self.town.add_signal(STATION, **signal)  # type: ignore[arg-type]
        with self.town.owner() as owner:
            owner.execute("SELECT set_switch('police_excerpt', %s, now())", (police_excerpt,))
        with self.town.expert() as connection:
            return prepare(connection, made, contacts, self.town.reader, NOW, police_excerpt, book=BOOK)

    def browser(self, name: str) -> Browser:
        """A browser in which this person has logged in."""
        return self.world.signed_in(name)


@contextmanager
def house_in(database: Database, keys: KeyFolder) -> Iterator[House]:
    with world_in(database, keys) as world:
        town = empty_town(database)
        town.add_corridor(STATION, SCHOOL_X)
        yield House(town, world)


@pytest.fixture
def house(database: Database, keys: KeyFolder) -> Iterator[House]:
    """A fresh house without recipients."""
    with house_in(database, keys) as made:
        yield made
