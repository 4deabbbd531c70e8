"""The access matrix: every recipient kind, every field, by SQL as that role and by page; default deny."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError, ProgrammingError

from signals.referral import ALLOWED, Field, RecipientKind
from tests.forwarding.town import NAMED_TIME, NOW, TEXT
from tests.portal.conftest import House

COLUMNS: dict[Field, tuple[str, ...]] = {
    Field.THEME: ("theme",),
    Field.CATEGORY: ("category",),
    Field.LEVEL: ("level",),
    Field.PLACE: ("places",),
    Field.WINDOW: ("window_start", "window_end"),
    Field.EXCERPT: ("excerpt",),
    Field.LINK: ("link_allowed",),
    Field.DUIDING: ("duiding",),
}
STORED: dict[str, object] = {
    "theme": "geweld",
    "category": "confrontation",
    "level": "acuut",
    "places": ["Rietdam-Elsbroek"],
    "window_start": NOW + timedelta(hours=2),
    "window_end": NOW + timedelta(hours=3),
    "excerpt": TEXT,
    "link_allowed": True,
}
ON_PAGE: dict[Field, tuple[str, ...]] = {
    Field.THEME: ("Thema", "geweld"),
    Field.CATEGORY: ("Confrontatie",),
    Field.LEVEL: ("Acuut",),
    Field.PLACE: ("Rietdam-Elsbroek",),
    Field.WINDOW: (NAMED_TIME,),
    Field.EXCERPT: (TEXT, "Geen bewijs."),
    Field.LINK: ("Bronlink openen",),
}
HIDDEN = ("signal_id", "contact_id", "why", "prepared_by", "agreement_id", "called_at")


def may_see(kind: RecipientKind, police_excerpt: bool) -> frozenset[Field]:
    """The row of the table, with the switch."""
    off = frozenset() if police_excerpt or kind is not RecipientKind.POLICE else {Field.EXCERPT, Field.LINK}
    return ALLOWED[kind] - off


@pytest.mark.parametrize("police_excerpt", [False, True])
def test_by_sql_each_role_reads_its_own_row_of_the_table_and_nothing_else(house: House, police_excerpt: bool) -> None:
    contacts = [house.add_recipient(kind.value, kind) for kind in RecipientKind]
    house.send(*contacts, police_excerpt=police_excerpt)
    for kind in RecipientKind:
        for field, columns in COLUMNS.items():
            for column in columns:
                statement = text(f"SELECT {column} FROM seinpost.portal_{kind}")
                with house.town.recipient(kind.value, kind) as connection:
                    if field not in ALLOWED[kind]:
                        with pytest.raises(ProgrammingError, match="UndefinedColumn"):
                            connection.execute(statement)
                        continue
                    (value,) = connection.execute(statement).one()
                if field not in may_see(kind, police_excerpt):
                    assert value in (None, False), (kind, field)
                elif field is Field.DUIDING:
                    assert value, kind
                else:
                    assert value == STORED[column], (kind, field)


REFUSED = (OperationalError, ProgrammingError)
"""Not allowed, or not a thing that can be done to this view."""


def test_by_sql_no_role_reads_the_tables_another_kinds_view_or_what_stands_behind_a_referral(house: House) -> None:
    contacts = [house.add_recipient(kind.value, kind) for kind in RecipientKind]
    house.send(*contacts)
    tables = ("referrals", "signals", "sightings", "assessments", "contacts", "users", "feedback", "notices", "trail")
    for kind in RecipientKind:
        others = [f"portal_{other}" for other in RecipientKind if other is not kind]
        refused = [f"SELECT 1 FROM seinpost.{name}" for name in (*tables, *others)]
        refused += [f"SELECT {column} FROM seinpost.portal_{kind}" for column in HIDDEN]
        refused += [f"UPDATE seinpost.portal_{kind} SET state = 'fed_back'", f"DELETE FROM seinpost.portal_{kind}"]
        for statement in refused:
            with house.town.recipient(kind.value, kind) as connection, pytest.raises(REFUSED):
                connection.execute(text(statement))


def test_acting_in_a_kind_that_one_is_not_shows_nothing(house: House) -> None:
    contacts = [house.add_recipient(kind.value, kind) for kind in RecipientKind]
    house.send(*contacts)
    for kind in RecipientKind:
        for other in RecipientKind:
            with house.town.recipient(kind.value, other) as connection:
                count = connection.execute(text(f"SELECT count(*) FROM seinpost.portal_{other}")).scalar_one()
            assert count == (1 if kind is other else 0)


@pytest.mark.parametrize("police_excerpt", [False, True])
def test_by_page_each_recipient_reads_its_own_row_of_the_table_and_nothing_else(
    house: House, police_excerpt: bool
) -> None:
    contacts = [house.add_recipient(kind.value, kind) for kind in RecipientKind]
    sent = house.send(*contacts, police_excerpt=police_excerpt)
    for kind, referral in zip(RecipientKind, sent, strict=True):
        browser = house.browser(kind.value)
        page, overview = browser.get(f"/portaal/{referral}"), browser.get("/portaal")
        assert page.status_code == 200
        for field, words in ON_PAGE.items():
            for word in words:
                assert (word in page.text) == (field in may_see(kind, police_excerpt)), (kind, field, word)
        duiding = {
            RecipientKind.MUNICIPALITY: "Geen clip, oproep met tijd en plaats.",
            RecipientKind.FIELD: "Wees zichtbaar aanwezig en let op groepen",
            RecipientKind.HELP: "Kunt u hulp klaarzetten",
        }.get(kind, "Komt [naam] ook?")
        assert duiding in page.text
        assert ("Komt [naam]" in page.text) == (
            kind not in (RecipientKind.MUNICIPALITY, RecipientKind.FIELD, RecipientKind.HELP)
        )
        assert "Sanne" not in page.text
        assert TEXT not in overview.text
        assert "112" in page.text


def test_a_field_that_the_agreement_leaves_out_is_not_there(house: House) -> None:
    agreements = {f"zonder.{field}": tuple(other for other in Field if other is not field) for field in Field}
    house.send(*(house.add_recipient(name, RecipientKind.SCHOOL, agreed) for name, agreed in agreements.items()))
    for name, agreed in agreements.items():
        with house.town.recipient(name, RecipientKind.SCHOOL) as connection:
            row = connection.execute(text("SELECT * FROM seinpost.portal_school")).mappings().one()
        for field in ALLOWED[RecipientKind.SCHOOL]:
            for column in COLUMNS[field]:
                assert bool(row[column]) == (field in agreed), (name, column)


def test_when_the_agreement_ends_the_recipient_sees_and_answers_nothing_any_more(house: House) -> None:
    (referral,) = house.send(house.add_recipient("school", RecipientKind.SCHOOL))
    browser = house.browser("school")
    assert browser.get(f"/portaal/{referral}").status_code == 200
    with house.town.owner() as owner:
        owner.execute("UPDATE agreements SET ends_on = current_date - 1")
    assert browser.get(f"/portaal/{referral}").status_code == 404
    assert str(referral) not in browser.get("/portaal").text
    assert browser.post(f"/portaal/{referral}/ontvangen").status_code == 404


def test_a_recipient_sees_and_answers_nobody_elses(house: House) -> None:
    mine, other = (house.add_recipient(name, RecipientKind.SCHOOL) for name in ("een", "twee"))
    own, foreign = house.send(mine, other)
    browser = house.browser("een")
    assert browser.get(f"/portaal/{own}").status_code == 200
    assert browser.get(f"/portaal/{foreign}").status_code == 404
    assert str(foreign) not in browser.get("/portaal").text
    for path, fields in (
        ("ontvangen", {}),
        ("terugkoppeling", {"uitkomst": "talk_held"}),
        ("bronlink", {"reden": "nodig"}),
    ):
        assert browser.post(f"/portaal/{foreign}/{path}", **fields).status_code == 404
    with house.town.owner() as owner:
        assert owner.execute("SELECT state FROM referrals WHERE id = %s", (foreign,)).fetchone() == ("prepared",)


def test_someone_with_two_kinds_sees_both_each_with_its_own_columns(house: House) -> None:
    school = house.add_recipient("beide", RecipientKind.SCHOOL)
    field = house.add_recipient("beide", RecipientKind.FIELD)
    house.send(school)
    house.send(field)
    page = house.browser("beide").get("/portaal").text
    assert page.count("queue-card__press") == 2
    assert "Confrontatie" in page
    assert "Thema: geweld" in page


def test_an_expert_without_the_recipient_role_has_no_portal(house: House) -> None:
    assert house.browser("anna").get("/portaal").status_code == 403


def test_somebody_who_is_switched_off_sees_nothing(house: House) -> None:
    (referral,) = house.send(house.add_recipient("school", RecipientKind.SCHOOL))
    browser = house.browser("school")
    with house.town.owner() as owner:
        owner.execute("UPDATE users SET disabled_at = now() WHERE username = 'school'")
    assert browser.get(f"/portaal/{referral}").status_code == 303
    with house.town.recipient("school", RecipientKind.SCHOOL) as connection:
        assert connection.execute(text("SELECT count(*) FROM seinpost.portal_school")).scalar_one() == 0
