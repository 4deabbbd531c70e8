"""A school that is stuck asks OTSV or AcVZ for support: who sees what of it, for how long, and that a person asks."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from axe_playwright_python.sync_playwright import Axe
from httpx import Response
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import expect
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from forwarding.channels.event import cloud_event
from forwarding.channels.message import compose
from forwarding.referrals import WithdrawReason, prepare, withdraw
from pipeline.embedded_postgres import EmbeddedPostgres
from pipeline.key_folder import KeyFolder
from pipeline.retention import carry_out
from pipeline.store import support_requests
from pipeline.store.connection import acting
from pipeline.store.notices import DueNotice, claim_due, mark_told
from pipeline.store.roles import ACTING_ROLES, SERVING_ROLES
from pipeline.store.users import UserRole
from review_ui.staffing import HOME
from signals.label import CATEGORY_LABELS, Category
from signals.referral import Field, RecipientKind
from signals.support import LONGEST_SUPPORT, MOST_STEPS, SUPPORT_REASON_LABELS, SupportReason
from tests.database import fresh
from tests.forwarding.town import ALL_FIELDS, BOOK, CITY, NOW, OTHER_CITY, SCHOOL_X, SCHOOL_Y, STATION
from tests.portal.conftest import House, house_in
from tests.review_ui import conftest as browsing
from tests.review_ui.world import Browser

playwright = browsing.playwright
browser = browsing.browser

ROOM = "/portaal/ondersteuning"
SENTINEL = "zqkwikstaart"
WITHOUT_CATEGORY = tuple(field for field in ALL_FIELDS if field is not Field.CATEGORY)


@pytest.fixture(scope="module")
def built(postgres: EmbeddedPostgres, keys: KeyFolder) -> Iterator[House]:
    """One house for all of this file, that knows the places of the invented town."""
    with fresh(postgres, keys) as database, house_in(database, keys) as made, pytest.MonkeyPatch.context() as patch:
        patch.setattr("forwarding.support.installed_places", lambda: BOOK)
        made.town.add_corridor(STATION, SCHOOL_Y)
        yield made


@pytest.fixture
def house(built: House) -> House:
    """A school and its neighbour, OTSV of their town and of another, and the police; nothing sent or asked."""
    with built.town.owner() as owner:
        owner.execute("TRUNCATE seinpost.signals, seinpost.organisations CASCADE")
    built.add_recipient("school", RecipientKind.SCHOOL)
    built.add_recipient("politie", RecipientKind.POLICE)
    built.add_recipient("otsv", RecipientKind.ESCALATION)
    for name, kind, place in (
        ("buurschool", RecipientKind.SCHOOL, SCHOOL_Y),
        ("otsv.elders", RecipientKind.ESCALATION, OTHER_CITY),
    ):
        user = built.world.people.get(name) or built.world.add_person(name, UserRole.RECIPIENT)
        built.town.add_contact(name, kind, (place,), user=user)
    return built


def contact(house: House, name: str, kind: RecipientKind) -> UUID:
    return house.town.contacts[f"{name}-{kind}"]


def organisation(house: House, name: str) -> UUID:
    return UUID(str(house.world.one("SELECT organisation_id FROM contacts WHERE display_name = %s", name)))


def ask(house: House, name: str = "school", why: str = "keeps_coming_back", key: UUID | None = None) -> UUID:
    """This school asks, through the form."""
    made = key or uuid4()
    answer = house.browser(name).post(ROOM, sleutel=str(made), school=str(organisation(house, name)), reden=why)
    assert answer.status_code == 303, answer.text
    assert answer.headers["location"] == f"{ROOM}/{made}?gedaan=asked", answer.headers["location"]
    return made


def send(house: House, name: str, category: str = "confrontation") -> UUID:
    """A signal at the station that this school is told of."""
    words = {"text": f"{SENTINEL} vanmiddag", "duiding": f"{SENTINEL} lezing."}
    signal = house.town.add_signal(STATION, category=category, **words)
    with house.town.expert() as connection:
        wanted = [contact(house, name, RecipientKind.SCHOOL), contact(house, "politie", RecipientKind.POLICE)]
        prepare(connection, signal, wanted, house.town.reader, NOW, True, book=BOOK)
    return signal


def numbers(page: str) -> dict[str, int]:
    """What a page counts, by its Dutch word."""
    return {word.strip(): int(number) for word, number in re.findall(r"<li>([^<:]+): (\d+) signa(?:al|len)</li>", page)}


def step(browser: Browser, request: UUID, day: date, key: UUID | None = None, kind: str = "plan_looked_at") -> Response:
    fields = {"sleutel": str(key or uuid4()), "stap": kind, "wie": "escalation", "dag": day.isoformat()}
    return browser.post(f"{ROOM}/{request}/stap", **fields)


def today(house: House) -> date:
    return house.world.clock.now.astimezone(HOME).date()


def test_only_who_serves_the_school_sees_it_and_only_once_the_school_asked(house: House) -> None:
    send(house, "school")
    send(house, "school")
    otsv = house.browser("otsv")
    assert "geen school die u om ondersteuning vraagt" in otsv.get(ROOM).text, "no number of signals asks by itself"
    assert "Organisatie school" not in otsv.get(ROOM).text
    assert "ondersteuning" in house.browser("school").get("/portaal").text
    request = ask(house)
    assert "1 school vraagt u om ondersteuning" in otsv.get("/portaal").text
    assert "Organisatie school school" in otsv.get(ROOM).text
    page = otsv.get(f"{ROOM}/{request}")
    assert page.status_code == 200
    assert SUPPORT_REASON_LABELS[SupportReason.KEEPS_COMING_BACK] in page.text
    for other in ("otsv.elders", "buurschool", "politie"):
        browser = house.browser(other)
        assert browser.get(f"{ROOM}/{request}").status_code == 404, other
        assert "Organisatie school school" not in browser.get(ROOM).text, other
        assert step(browser, request, today(house)).status_code == 404, other
        assert browser.post(f"{ROOM}/{request}/afsluiten", afloop="others_help").status_code == 404, other


def test_both_sides_see_the_same_numbers_by_kind_and_nothing_else_of_any_signal(house: House) -> None:
    gone = send(house, "school")
    for category in ("confrontation", "confrontation", "weapon"):
        send(house, "school", category)
    send(house, "buurschool", "threat")
    with house.town.expert() as connection:
        withdraw(connection, gone, house.town.reader, NOW, WithdrawReason.FALSE_SIGNAL)
    request = ask(house)
    expected = {CATEGORY_LABELS[Category.CONFRONTATION]: 2, CATEGORY_LABELS[Category.WEAPON]: 1, "Samen": 3}
    for name in ("otsv", "school"):
        page = house.browser(name).get(f"{ROOM}/{request}").text
        assert numbers(page) == expected, name
        for hidden in (SENTINEL, STATION.name, SCHOOL_X.name, "Lezer", "bronlink", "@example.org"):
            assert hidden not in page, (name, hidden)
        assert re.findall(r"/portaal/(?!ondersteuning)[^\"]*", page) == [], "no way to a signal"


def test_a_signal_that_two_of_the_school_were_told_of_counts_once_and_an_old_one_not(house: House) -> None:
    old, signal = send(house, "school"), send(house, "school")
    with house.town.owner() as owner:
        owner.execute(
            "WITH second AS (INSERT INTO contacts (organisation_id, kind, role_name, display_name, email, review_on)"
            " SELECT organisation_id, kind, 'zorg', 'zorg', 'zorg@example.org', review_on FROM contacts"
            "  WHERE display_name = 'school' RETURNING id)"
            " INSERT INTO referrals (signal_id, contact_id, kind, agreement_id, why, prepared_by, prepared_at,"
            "  expires_at, category) SELECT r.signal_id, second.id, r.kind, r.agreement_id, r.why, r.prepared_by,"
            "  r.prepared_at, r.expires_at, r.category FROM referrals r, second"
            "  WHERE r.signal_id = %s AND r.kind = 'school'",
            (signal,),
        )
        owner.execute("UPDATE referrals SET prepared_at = now() - interval '91 days' WHERE signal_id = %s", (old,))
    page = house.browser("otsv").get(f"{ROOM}/{ask(house)}").text
    assert numbers(page) == {CATEGORY_LABELS[Category.CONFRONTATION]: 1}


def test_kinds_are_told_only_where_the_agreement_names_them(house: House) -> None:
    for category in ("confrontation", "weapon"):
        send(house, "school", category)
    request = ask(house)
    with house.town.owner() as owner:
        owner.execute(
            "UPDATE agreements SET fields = %s WHERE organisation_id = %s",
            ([field.value for field in WITHOUT_CATEGORY], organisation(house, "otsv")),
        )
    assert numbers(house.browser("otsv").get(f"{ROOM}/{request}").text) == {"Soort niet gedeeld": 2}
    assert len(numbers(house.browser("school").get(f"{ROOM}/{request}").text)) == 3


def test_schools_stand_in_the_order_of_asking_however_much_they_were_told(house: House) -> None:
    for _ in range(3):
        send(house, "buurschool")
    first = ask(house)
    house.world.clock.pass_by(timedelta(minutes=1))
    second = ask(house, "buurschool")
    house.world.clock.pass_by(timedelta(minutes=-1))
    page = house.browser("otsv").get(ROOM).text
    assert re.findall(rf'href="{ROOM}/([0-9a-f-]+)"', page) == [str(first), str(second)]
    assert re.findall(r"\d+ signa", page) == [], "the list counts nothing"


def test_a_step_has_an_owner_and_a_day_and_both_sides_see_it_and_set_it_done(house: House) -> None:
    request = ask(house)
    otsv, school = house.browser("otsv"), house.browser("school")
    key, soon = uuid4(), today(house) + timedelta(days=2)
    for expected in ("added", "again"):
        assert f"gedaan=step-{expected}" in step(otsv, request, soon, key).headers["location"]
    for wrong in (today(house) - timedelta(days=1), today(house) + LONGEST_SUPPORT + timedelta(days=2)):
        assert "gedaan=step-wrong_day" in step(otsv, request, wrong).headers["location"]
    assert "gedaan=step-choose" in otsv.post(f"{ROOM}/{request}/stap", stap="plan_looked_at").headers["location"]
    page = school.get(f"{ROOM}/{request}").text
    assert page.count("Veiligheidsplan bekijken</span>") == 2, "the card and its button"
    assert "OTSV of AcVZ</span>" in page
    assert "uiterlijk" in page
    (found,) = re.findall(rf"{ROOM}/{request}/stap/([0-9a-f-]+)", page)
    school.post(f"{ROOM}/{request}/stap/{found}", klaar="true")
    assert "gedaan, vandaag" in otsv.get(f"{ROOM}/{request}").text
    assert "1 van 1 stappen gedaan" in otsv.get(ROOM).text
    assert house.browser("buurschool").post(f"{ROOM}/{request}/stap/{found}", klaar="false").status_code == 404
    otsv.post(f"{ROOM}/{request}/stap/{found}", klaar="false")
    assert "0 van 1 stappen gedaan" in otsv.get(ROOM).text
    with house.town.owner() as owner:
        owner.execute("UPDATE support_steps SET due_on = %s", (today(house) - timedelta(days=1),))
    assert "dag voorbij" in otsv.get(f"{ROOM}/{request}").text


def test_the_steps_of_one_request_are_bounded(house: House) -> None:
    request = ask(house)
    with house.town.owner() as owner:
        owner.execute(
            "INSERT INTO support_steps (id, request_id, kind, owner, due_on)"
            " SELECT gen_random_uuid(), %s, 'looked_back', 'school', current_date FROM generate_series(1, %s)",
            (request, MOST_STEPS),
        )
    assert "gedaan=step-full" in step(house.browser("otsv"), request, today(house)).headers["location"]


ENDS = {
    "ninety days are over": (
        "support_requests",
        "asked_at = asked_at - interval '2160 hours', ends_at = ends_at - interval '2160 hours'",
        "asked_at = asked_at + interval '2160 hours', ends_at = ends_at + interval '2160 hours'",
    ),
    "the agreements ended": ("agreements", "ends_on = current_date - 1", "ends_on = current_date + 1"),
    "the contacts left": ("contacts", "active = false", "active = true"),
}


def test_it_ends_for_both_by_closing_by_itself_and_with_what_allowed_it(house: House) -> None:
    request = ask(house)
    sides = [house.browser(name) for name in ("otsv", "school")]

    def seen() -> set[int]:
        return {side.get(f"{ROOM}/{request}").status_code for side in sides}

    assert seen() == {200}
    for what, (table, over, back) in ENDS.items():
        with house.town.owner() as owner:
            owner.execute(f"UPDATE {table} SET {over}".encode())
        assert seen() == {404}, what
        with house.town.owner() as owner:
            owner.execute(f"UPDATE {table} SET {back}".encode())
        assert seen() == {200}, what
    assert "gedaan=choose-end" in sides[1].post(f"{ROOM}/{request}/afsluiten").headers["location"]
    sides[1].post(f"{ROOM}/{request}/afsluiten", afloop="goes_on_alone")
    assert seen() == {404}
    assert ask(house), "and the school may ask again"


def test_a_school_asks_once_at_a_time_for_itself_alone_and_not_without_end(house: House) -> None:
    school, own = house.browser("school"), str(organisation(house, "school"))
    key = uuid4()
    assert "gedaan=choose" in school.post(ROOM, sleutel=str(key), school=own).headers["location"]
    other = str(organisation(house, "buurschool"))
    stranger = school.post(ROOM, sleutel=str(key), school=other, reden="plan_falls_short")
    assert stranger.status_code == 404
    ask(house, key=key)
    again = school.post(ROOM, sleutel=str(key), school=own, reden="plan_falls_short")
    assert "gedaan=again" in again.headers["location"]
    once_more = school.post(ROOM, sleutel=str(uuid4()), school=own, reden="plan_falls_short")
    assert "gedaan=open" in once_more.headers["location"]
    close = "UPDATE support_requests SET closed_at = now(), outcome = 'others_help' WHERE closed_at IS NULL"
    for _ in range(4):
        with house.town.owner() as owner:
            owner.execute(close)
        ask(house)
    with house.town.owner() as owner:
        owner.execute(close)
    often = school.post(ROOM, sleutel=str(uuid4()), school=own, reden="plan_falls_short")
    assert "gedaan=too_often" in often.headers["location"]


def test_where_nobody_of_otsv_serves_the_school_the_page_says_whom_to_call(house: House) -> None:
    with house.town.owner() as owner:
        theirs = contact(house, "otsv", RecipientKind.ESCALATION)
        owner.execute("DELETE FROM contact_places WHERE contact_id = %s", (theirs,))
    school = house.browser("school")
    assert "Bel uw contact bij team Jeugd & Veiligheid" in school.get(ROOM).text
    fields = {"sleutel": str(uuid4()), "school": str(organisation(house, "school")), "reden": "plan_falls_short"}
    assert "gedaan=nobody" in school.post(ROOM, **fields).headers["location"]


def due(house: House) -> list[DueNotice]:
    engine = house.town.database.engine_for("seinpost_dispatch")
    with engine.begin() as connection:
        found = claim_due(connection, house.world.clock.now + timedelta(minutes=1), most=10)
        mark_told(connection, [one.id for one in found], house.world.clock.now)
    engine.dispose()
    return found


def test_the_notice_says_that_a_school_asks_and_not_which_one_or_why(house: House) -> None:
    request = ask(house)
    (notice,) = due(house)
    assert due(house) == [], "told once"
    message = compose(notice, "Seinpost <post@example.org>", "https://seinpost.example", house.world.clock.now)
    body = message.get_content()
    assert message["To"] == "otsv@example.org"
    assert message["In-Reply-To"] is None
    assert "Een school vraagt u om ondersteuning" in body
    assert f"https://seinpost.example{ROOM}/{request}" in body
    event = cloud_event(notice, "https://seinpost.example").decode()
    assert "seinpost.support-asked.v1" in event
    for told in (message.as_string(), event):
        for hidden in ("Organisatie", SCHOOL_X.name, SCHOOL_X.id, "steeds", "keeps_coming_back", "rol "):
            assert hidden not in told, hidden
    told = house.world.one(
        "SELECT payload::jsonb->>4 FROM trail WHERE payload::jsonb->>3 = 'notice_sent' AND payload::jsonb->>5 = %s",
        str(request),
    )
    assert told == "support_request"


def test_a_notice_of_what_is_over_is_not_told(house: House) -> None:
    request = ask(house)
    house.browser("school").post(f"{ROOM}/{request}/afsluiten", afloop="asked_by_mistake")
    (notice,) = due(house)
    assert notice.expires_at <= house.world.clock.now, "the dispatcher drops what is over"


def test_every_step_stands_on_the_trail_without_a_word_of_anybody(house: House) -> None:
    request = ask(house)
    otsv = house.browser("otsv")
    step(otsv, request, today(house))
    (found,) = re.findall(rf"{ROOM}/{request}/stap/([0-9a-f-]+)", otsv.get(f"{ROOM}/{request}").text)
    for done in ("true", "true", "false"):
        otsv.post(f"{ROOM}/{request}/stap/{found}", klaar=done)
    house.browser("school").post(f"{ROOM}/{request}/afsluiten", afloop="goes_on_alone")
    with house.town.owner() as owner:
        lines = owner.execute(
            "SELECT payload::jsonb->>3, payload::jsonb->6->>'by' FROM trail WHERE payload::jsonb->>5 = %s ORDER BY seq",
            (str(request),),
        ).fetchall()
    assert lines == [
        ("support_asked", None),
        ("support_step", "escalation"),
        ("support_step_done", "escalation"),
        ("support_step_open_again", "escalation"),
        ("support_closed", "school"),
    ]


def test_no_role_reads_a_row_of_it_and_only_recipients_may_call_its_functions(house: House) -> None:
    request = ask(house)
    with house.town.owner() as owner:
        for role in (*SERVING_ROLES, *ACTING_ROLES):
            (reads, calls) = owner.execute(
                "SELECT count(*) FILTER (WHERE has_any_column_privilege(%s, c.oid, 'SELECT, INSERT, UPDATE')),"
                "       (SELECT count(*) FROM pg_proc p WHERE p.pronamespace = 'seinpost'::regnamespace"
                "           AND p.proname LIKE 'support%%' AND has_function_privilege(%s, p.oid, 'EXECUTE'))"
                "  FROM pg_class c WHERE c.relname IN ('support_requests', 'support_asked', 'support_steps')"
                "   AND c.relforcerowsecurity",
                (role, role),
            ).fetchone() or (None, None)
            assert reads == (role == "seinpost_retention"), role
            assert (calls > 0) == (role == "seinpost_recipient"), role
    engine = house.world.app.state.dependencies.engine
    with acting(engine, house.town.users["otsv.elders"], "seinpost_recipient") as connection:
        assert support_requests.mine(connection) == ()
        assert support_requests.counts(connection, request) == ()
        assert support_requests.steps(connection, request) == ()
        assert support_requests.asked(connection, request) == ()
        assert support_requests.helpers(connection, organisation(house, "school"), [CITY.id]) == ()
    with pytest.raises(DBAPIError), acting(engine, house.town.users["otsv"], "seinpost_recipient") as connection:
        connection.execute(text("UPDATE seinpost.support_requests SET ends_at = now() + interval '1 year'"))


def test_who_lost_the_role_of_recipient_sees_nothing_of_it(house: House) -> None:
    request = ask(house)
    otsv, user = house.browser("otsv"), house.town.users["otsv"]
    with house.town.owner() as owner:
        owner.execute("DELETE FROM user_roles WHERE user_id = %s", (user,))
    with acting(house.world.app.state.dependencies.engine, user, "seinpost_recipient") as connection:
        assert support_requests.mine(connection) == ()
    assert otsv.get(f"{ROOM}/{request}").status_code == 403
    with house.town.owner() as owner:
        owner.execute("INSERT INTO user_roles (user_id, role) VALUES (%s, 'recipient')", (user,))


def test_it_is_forgotten_four_weeks_after_it_was_closed_and_never_later_than_it_would_end(house: House) -> None:
    closed = ask(house)
    step(house.browser("otsv"), closed, today(house))
    house.browser("school").post(f"{ROOM}/{closed}/afsluiten", afloop="others_help")
    open_, now = ask(house), house.world.clock.now
    engine = house.town.database.engine_for("seinpost_retention")

    def left(after: timedelta) -> set[object]:
        with engine.begin() as connection:
            carry_out(connection, now + after)
        with house.town.owner() as owner:
            return {row[0] for row in owner.execute("SELECT id FROM support_requests")}

    assert left(timedelta(days=27)) == {closed, open_}
    assert left(timedelta(days=29)) == {open_}
    assert house.world.one("SELECT count(*) FROM support_steps") == 0
    assert left(LONGEST_SUPPORT + timedelta(hours=1)) == set()
    assert house.world.one("SELECT count(*) FROM notices WHERE kind = 'support'") == 0
    engine.dispose()


def test_the_numbers_are_found_by_the_schools_contact_however_much_was_sent(house: House) -> None:
    send(house, "school")
    request = ask(house)
    count = text("SELECT seq_tup_read FROM pg_stat_xact_user_tables WHERE relname = 'referrals'")
    with house.town.owner() as owner:
        owner.execute(
            "INSERT INTO contacts (organisation_id, kind, role_name, display_name, email, review_on)"
            " SELECT organisation_id, 'police', 'x', 'x' || n, 'x', review_on FROM contacts, generate_series(1, 200) n"
            "  WHERE display_name = 'politie'"
        )
        owner.execute("ALTER TABLE referrals DISABLE TRIGGER USER")
        owner.execute(
            "INSERT INTO referrals (signal_id, contact_id, kind, agreement_id, why, prepared_by, prepared_at,"
            "  expires_at) SELECT r.signal_id, c.id, 'police', r.agreement_id, '', r.prepared_by, now(), now()"
            "   FROM referrals r, contacts c WHERE r.kind = 'police' AND c.role_name = 'x'"
        )
        owner.execute("ALTER TABLE referrals ENABLE TRIGGER USER")
        owner.execute("ANALYZE referrals, contacts")
    engine = house.world.app.state.dependencies.engine
    with acting(engine, house.town.users["otsv"], "seinpost_recipient") as connection:
        before = connection.execute(count).scalar_one()
        assert sum(one.number for one in support_requests.counts(connection, request)) == 1
        assert connection.execute(count).scalar_one() == before


@pytest.mark.browser
def test_a_school_asks_and_both_agree_on_a_step_on_a_phone_by_keyboard_and_without_a_script(
    house: House, browser: Chromium
) -> None:
    send(house, "school")
    with browsing.served(house.world, browser) as site:
        page = site.page("school", viewport={"width": 390, "height": 844}, java_script_enabled=False)
        page.goto("/portaal")
        page.get_by_role("link", name="Naar ondersteuning").click()
        page.get_by_label("Ons veiligheidsplan schiet tekort").check()
        page.get_by_role("button", name="Ondersteuning vragen").press("Enter")
        expect(page.get_by_role("status")).to_contain_text("Uw vraag is gesteld")
        page = site.page("otsv", viewport={"width": 390, "height": 844})
        page.goto("/portaal")
        page.problems.clear()  # type: ignore[attr-defined]  # the queue, which is not this reader's
        expect(page.get_by_text("1 school vraagt u om ondersteuning")).to_be_visible()
        page.goto(ROOM)
        page.get_by_role("link", name="Organisatie school school").click()
        page.get_by_label("Wat gaat er gebeuren?").select_option("network_together")
        page.get_by_label("Wie zorgt ervoor?").select_option("municipality")
        page.get_by_label("Uiterlijk op").fill((today(house) + timedelta(days=3)).isoformat())
        page.get_by_role("button", name="Afspreken").press("Enter")
        expect(page.get_by_role("listitem").filter(has_text="Netwerk bij elkaar brengen")).to_be_visible()
        page.get_by_role("button", name="Gedaan").press("Enter")
        expect(page.get_by_text("Genoteerd: gedaan.")).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        assert page.problems == []  # type: ignore[attr-defined]
        found = Axe().run(page).response["violations"]
        assert [(one["id"], one["nodes"][0]["html"]) for one in found] == []
