"""Bringing a directory in: whole or not at all, with the place of every fault."""

import json
from datetime import date
from importlib import resources

import pytest

from forwarding.directory import Imported, import_directory
from forwarding.directory_file import DirectoryWrong, read_directory
from forwarding.places import shipped_places
from pipeline.store import users
from pipeline.store.connection import Database
from seinpost.demo.people import demo_people
from signals.referral import ALLOWED, RecipientKind
from tests.database import as_owner
from tests.forwarding.town import BOOK, CITY, NOW, SCHOOL_X, STATION, Town, empty_town

DEMO = (resources.files("seinpost.demo") / "directory.json").read_text(encoding="utf-8")


def one_of_each() -> dict[str, list[dict[str, object]]]:
    return {
        "organisations": [
            {
                "name": "Lisdodde College",
                "kind": "school",
                "municipality": "Waterstad",
                "agreements": [
                    {
                        "purpose": "schoolveiligheid",
                        "fields": ["category", "place"],
                        "starts_on": "2026-01-01",
                        "ends_on": "2027-01-01",
                    }
                ],
            }
        ],
        "contacts": [
            {
                "organisation": "Lisdodde College",
                "kind": "school",
                "role": "veico",
                "name": "Verzonnen Persoon",
                "email": "veico@example.org",
                "user": "lezer.een",
                "review_on": "2027-01-01",
                "places": [SCHOOL_X.id],
            }
        ],
        "corridors": [
            {"place": STATION.id, "schools": [SCHOOL_X.id], "kept_by": "lezer.een", "reviewed_on": "2026-10-01"}
        ],
    }


def bring_in(town: Town, content: object) -> Imported:
    with as_owner(town.database) as connection:
        return import_directory(connection, read_directory(json.dumps(content)), BOOK, NOW)


@pytest.fixture
def quiet_town(database: Database) -> Town:
    return empty_town(database)


def test_importing_twice_adds_once_and_then_updates(quiet_town: Town) -> None:
    assert bring_in(quiet_town, one_of_each()) == Imported(1, 0, 1, 0, 1, 0, 1)
    changed = one_of_each()
    changed["contacts"][0] |= {"role": "veiligheidscoördinator", "places": [SCHOOL_X.id, CITY.id][:1], "active": False}
    changed["organisations"][0]["agreements"][0]["ends_on"] = "2026-06-01"  # type: ignore[index]
    assert bring_in(quiet_town, changed) == Imported(0, 1, 0, 1, 0, 1, 1)
    with quiet_town.owner() as owner:
        assert owner.execute("SELECT role_name, active FROM contacts").fetchall() == [("veiligheidscoördinator", False)]
        assert owner.execute("SELECT ends_on FROM agreements").fetchall() == [(date(2026, 6, 1),)]
        assert owner.execute("SELECT count(*) FROM corridors").fetchall() == [(1,)]


def test_one_fault_stops_the_whole_file_and_every_fault_is_named_with_its_place(quiet_town: Town) -> None:
    wrong = one_of_each()
    wrong["contacts"].append({**wrong["contacts"][0], "email": "ander@example.org", "user": "niemand"})
    wrong["contacts"].append({**wrong["contacts"][0], "places": ["brin:00ZZ99", CITY.id]})
    wrong["contacts"].append({**wrong["contacts"][0], "organisation": "Onbekend", "places": []})
    with pytest.raises(DirectoryWrong) as refused:
        bring_in(quiet_town, wrong)
    assert refused.value.faults == [
        "contacts[1].user: nobody has the user name niemand; add it with seinpost users add",
        "contacts[2].email: this organisation, kind and e-mail address are in the file twice",
        "contacts[2].places: the gazetteer has no place brin:00ZZ99; look it up with seinpost places find",
        f"contacts[2].places: {CITY.id} is no school",
        "contacts[3].organisation: there is no organisation Onbekend; add it to the file",
    ]
    with quiet_town.owner() as owner:
        assert owner.execute("SELECT count(*) FROM organisations").fetchall() == [(0,)]


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        ('{"contacts": [\n{"organisation" 1}]}', "line 2, column 17: this is not JSON"),
        ('{"contacts": [{"kind": "school"}]}', "contacts[0].organisation: Field required"),
        ('{"persons": []}', "persons: Extra inputs are not permitted"),
        ('{"organisations": [{"name": "x", "kind": "police", "municipality": "y"}]}', "police_unit stands with kind"),
        ("[]", "the file: "),
    ],
)
def test_a_file_that_cannot_be_read_says_where(content: str, fault: str) -> None:
    with pytest.raises(DirectoryWrong) as refused:
        read_directory(content)
    assert fault in refused.value.faults[0]


def test_an_agreement_can_only_name_fields_of_the_need_to_know_table() -> None:
    wrong = one_of_each()
    wrong["organisations"][0]["agreements"][0]["fields"] = ["category", "author"]  # type: ignore[index]
    with pytest.raises(DirectoryWrong) as refused:
        read_directory(json.dumps(wrong))
    assert "organisations[0].agreements[0].fields[1]" in refused.value.faults[0]


def test_the_demo_directory_fits_the_demo_people_and_the_shipped_gazetteer(database: Database) -> None:
    people = demo_people("een lang verzonnen wachtwoord")
    with as_owner(database) as connection:
        for person in people:
            users.create(connection, person.user)
        file = read_directory(DEMO)
        result = import_directory(connection, file, shipped_places(), NOW)
    assert result.contacts_added == len(file.contacts)
    names = {person.user.username for person in people}
    assert len(names) == len(people)
    assert {contact.user for contact in file.contacts} <= names
    assert all(contact.email.endswith("@example.org") for contact in file.contacts)
    for organisation in file.organisations:
        assert "(demo)" in organisation.name
        for agreement in organisation.agreements:
            assert frozenset(agreement.fields) <= ALLOWED[RecipientKind(organisation.kind)]
