"""Kwaliteit: what the team sees about its own work, who sees which numbers, and that nobody is named or ranked."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID, uuid4

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect
from sqlalchemy import Engine

from pipeline.quality.rules import AtRandom
from pipeline.quality.upkeep import look_after
from pipeline.store.users import UserRole
from review_ui.language import Language
from review_ui.quality.staffed_time import StaffedTime
from review_ui.quality.words import ALIKE, DRIFT, WITHIN, Numbers
from review_ui.staffing import Shift, StaffedHours
from signals.label import Level
from tests.review_ui.conftest import Site
from tests.review_ui.world import SCHOOL, World
from tests.road.invented import SETTINGS

AXE = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
SAMPLED = "qzkanarie <script>alert(1)</script> morgen op het plein"


def seen(page: str) -> str:
    """The words of a page."""
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


@pytest.fixture
def road(world: World) -> Iterator[Engine]:
    """The road's log-in."""
    engine = world.database.engine_for("seinpost_road")
    yield engine
    engine.dispose()


def add_readings(world: World, alike: int, unlike: int, months_ago: int = 0) -> None:
    """Signals that two people read, alike or not; both readers and the words they gave are invented."""
    at = world.clock() - timedelta(days=31 * months_ago)
    first, second = world.people["anna"], world.people["bram"]
    signals = [uuid4() for _ in range(alike + unlike)]
    readings = []
    for number, signal in enumerate(signals):
        same = ("reject", "reject") if number % 2 else ("confirm", "confirm")
        one, other = same if number < alike else ("confirm", "reject")
        readings += [(signal, 1, first, one, at), (signal, 2, second, other, at)]
    with world.owner() as owner, owner.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO signals (id, lane, state, category, level, imminent, genre, lang, source, sightings, seen_at,"
            " queued_at) VALUES (%s, 'ordinary', 'rejected', 'threat', 'concreet', false, 'chat', 'nl', 'export', 1,"
            " %s, %s)",
            [(signal, at, at) for signal in signals],
        )
        cursor.executemany(
            "INSERT INTO assessments (signal_id, reading, user_id, police, verdict, reason, category, level, duiding,"
            " created_at) VALUES (%s, %s, %s, false, %s, 'other', 'threat', 'concreet', 'qzduiding', %s)",
            readings,
        )
        cursor.executemany(
            "INSERT INTO first_eyes VALUES (%s, 'concreet', %s, %s)", [(signal, at, at) for signal in signals]
        )


def add_sample(world: World, days: int = 5, read: int = 20, actionable: int = 1) -> None:
    """Days of the blind sample that are over."""
    today = world.clock().astimezone(UTC).date()
    with world.owner() as owner:
        for n in range(1, days + 1):
            owner.execute(
                "INSERT INTO unflagged_days (day, taken, read, actionable, unflagged) VALUES (%s, %s, %s, %s, 4000)",
                (today - timedelta(days=n), read, read, actionable if n == 1 else 0),
            )


def add_sampled_text(world: World, words: str = SAMPLED) -> UUID:
    """A text of the sample that waits to be read."""
    event, now = uuid4(), world.clock()
    with world.owner() as owner:
        day = now.astimezone(UTC).date()
        owner.execute(
            "INSERT INTO unflagged_days (day, taken) VALUES (%s, 1) ON CONFLICT (day) DO UPDATE"
            " SET taken = unflagged_days.taken + 1",
            (day,),
        )
        owner.execute("INSERT INTO unflagged_sample VALUES (%s, %s, %s, %s, %s)", (event, uuid4(), day, words, now))
    return event


def test_it_says_how_soon_how_alike_and_what_is_missed_with_how_sure_that_is(world: World) -> None:
    add_readings(world, alike=40, unlike=4)
    add_sample(world)
    page = seen(world.signed_in("anna").get("/kwaliteit").text)
    assert "44 signalen" in page
    assert "De helft: 1 minuut" in page
    assert "44 keer dubbel gelezen" in page
    assert re.search(r"0,8\d tussen 0,\d\d en (0,9\d|1,00)", page)
    assert "Van elke 1000 berichten die niet gemarkeerd zijn, had naar schatting 10 een signaal moeten zijn" in page
    assert re.search(r"tussen 1,8 en 54", page)
    assert "Nog te weinig om te schatten hoeveel afwijzingen" in page


def test_nobody_is_named_and_no_words_of_a_post_or_a_reader_stand_on_it(world: World) -> None:
    add_readings(world, alike=12, unlike=3)
    page = world.signed_in("chris").get("/kwaliteit").text
    main = page[page.index("<main") :]
    assert not re.search(r"anna|bram|qzduiding|lezer anna", main, re.IGNORECASE)
    assert str(world.people["anna"]) not in page


def test_who_reads_no_signals_sees_no_number_under_ten(world: World) -> None:
    add_readings(world, alike=6, unlike=3)
    add_sample(world, days=1, read=7, actionable=2)
    world.add_person("fg", UserRole.FG)
    expert, other = (seen(world.signed_in(name).get("/kwaliteit").text) for name in ("anna", "fg"))
    assert "9 signalen" in expert
    assert "9 keer dubbel gelezen" in expert
    assert "minder dan 10 signalen" in other
    told = other[other.index("Hoe snel") :]
    for hidden in ("9 signalen", "9 keer", "9 dubbel", "De helft", "Gelezen 7", "moeten zijn 2"):
        assert hidden not in told, hidden
    assert "Gelezen minder dan 10" in told
    assert "naar schatting" not in told
    assert "Lees een bericht uit de steekproef" not in other


def test_few_readings_never_sound_like_certainty(world: World) -> None:
    add_readings(world, alike=5, unlike=0)
    page = seen(world.signed_in("anna").get("/kwaliteit").text)
    assert ALIKE["few"] in page
    assert ALIKE["reliable"] not in page


def test_less_alike_than_before_is_said_when_the_intervals_lie_apart(world: World) -> None:
    add_readings(world, alike=60, unlike=1, months_ago=5)
    assert DRIFT["down"] not in seen(world.signed_in("anna").get("/kwaliteit").text)
    add_readings(world, alike=30, unlike=30)
    page = seen(world.signed_in("anna").get("/kwaliteit").text)
    assert DRIFT["down"] in page
    assert ALIKE["low"] in page


def test_who_reads_decides_or_supervises_finds_it_in_the_bar(world: World) -> None:
    for role in UserRole:
        if role is not UserRole.RECIPIENT:
            world.add_person(f"iemand-{role.value.replace('_', '-')}", role)
            answer = world.signed_in(f"iemand-{role.value.replace('_', '-')}").get("/kwaliteit")
            assert answer.status_code == 200, role
            assert 'href="/kwaliteit" aria-current="page"' in answer.text
            assert "In deze dagen kwam er geen signaal binnen." in answer.text


def test_who_only_receives_signals_may_not(world: World) -> None:
    world.add_person("ontvanger", UserRole.RECIPIENT, school=SCHOOL)
    browser = world.signed_in("ontvanger")
    assert browser.get("/kwaliteit").status_code == 403
    assert browser.get("/kwaliteit/steekproef").status_code == 403
    assert "/kwaliteit" not in browser.get("/portaal").text


def test_a_drawn_rejection_looks_to_its_second_reader_like_a_confirmed_signal(world: World, road: Engine) -> None:
    rejected, confirmed = world.add_signal(), world.add_signal()
    anna, bram = world.signed_in("anna"), world.signed_in("bram")
    anna.judge(rejected, "reject:art", 1)
    anna.judge(confirmed, "confirm:directed", 1)
    world.clock.pass_by(timedelta(minutes=5))
    assert look_after(road, (AtRandom(kind="random", share=1),), bytes(32), SETTINGS, world.clock())["drawn"] == 1
    pages = [bram.get(f"/signaal/{signal}").text for signal in (rejected, confirmed)]
    one, other = (re.sub(str(signal), "ID", page) for signal, page in zip((rejected, confirmed), pages, strict=True))
    one, other = (re.sub(r"signaal \d+", "signaal N", seen(page[page.index("<h1") :])) for page in (one, other))
    assert one == other
    assert not re.search(r"afgewezen|bevestigd\b", one)
    assert world.state_of(rejected) == "waiting_second"
    assert bram.judge(rejected, "confirm:directed", 2).status_code == 303
    assert world.state_of(rejected) == "casusoverleg"
    assert "Oordelen" in bram.get(f"/signaal/{rejected}").text


def test_a_drawn_rejection_offers_no_place_notice_to_who_rejected_it(world: World, road: Engine) -> None:
    world.add_directory()
    signal = world.add_signal()
    anna = world.signed_in("anna")
    anna.judge(signal, "reject:art", 1)
    world.clock.pass_by(timedelta(minutes=5))
    look_after(road, (AtRandom(kind="random", share=1),), bytes(32), SETTINGS, world.clock())
    assert "/plaatsbericht" not in anna.get(f"/signaal/{signal}").text


def test_the_sample_is_read_one_at_a_time_without_what_the_machine_thought(world: World) -> None:
    event = add_sampled_text(world)
    anna = world.signed_in("anna")
    page = anna.get("/kwaliteit/steekproef")
    assert "qzkanarie &lt;script&gt;" in page.text
    assert not re.search(r"Waarom gemarkeerd|Niveau|Soort|Bluesky", seen(page.text))
    answered = anna.post(f"/kwaliteit/steekproef/{event}", actie="true")
    assert "U ziet de tekst nu voor het laatst." in answered.text
    assert 'href="/melden/waarneming"' in answered.text
    assert answered.headers["cache-control"] == "no-store"
    assert "qzkanarie" not in anna.get("/kwaliteit/steekproef").text
    assert world.one("SELECT ARRAY[read, actionable] FROM unflagged_days") == [1, 1]
    again = world.signed_in("bram").post(f"/kwaliteit/steekproef/{event}", actie="false")
    assert "gedaan=weg" in again.headers["location"]
    assert world.one("SELECT count(*) FROM signals") == 0


def test_a_no_leads_to_the_next_and_a_forged_form_counts_nothing(world: World) -> None:
    events = {add_sampled_text(world), add_sampled_text(world)}
    anna = world.signed_in("anna")
    for event in events:
        forged = anna.client.post(f"/kwaliteit/steekproef/{event}", data={"csrf": "x", "actie": "false"})
        assert forged.status_code == 403
        assert anna.post(f"/kwaliteit/steekproef/{event}", actie="misschien").status_code == 422
        assert anna.post(f"/kwaliteit/steekproef/{event}", actie="false").headers["location"].endswith("gedaan=ja")
    assert "Er is nu geen bericht uit de steekproef" in anna.get("/kwaliteit/steekproef?gedaan=ja").text
    assert world.one("SELECT ARRAY[read, actionable] FROM unflagged_days") == [2, 0]


def place_card(world: World, road: Engine) -> UUID:
    """An invented card among real signals."""
    for _ in range(10):
        world.add_signal(level=Level.CONCREET)
    assert look_after(road, (), bytes(32), SETTINGS, world.clock(), golden_share=0.2)["placed"] == 1
    return UUID(str(world.one("SELECT signal_id FROM golden_cards")))


def test_who_judged_a_golden_card_is_told_on_the_next_page_until_it_is_understood(world: World, road: Engine) -> None:
    card = place_card(world, road)
    anna = world.signed_in("anna")
    assert "oefenkaart" not in anna.get(f"/signaal/{card}").text.casefold()
    verdict = "reject:art" if world.one("SELECT verdict FROM golden_cards") == "confirm" else "confirm:directed"
    following = anna.judge(card, verdict, 1, niveau="concreet")
    page = anna.get(following.headers["location"])
    assert "Dat was een oefenkaart." in page.text
    assert "De afspraak is" in page.text
    assert "oefenkaart" not in world.signed_in("bram").get("/werkvoorraad").text.casefold()
    assert "Dat was een oefenkaart." in anna.get("/werkvoorraad").text, "a list that refreshes itself uses it up not"
    answer = anna.post("/kwaliteit/oefenkaart", terug="https://elders.example/")
    assert answer.headers["location"] == "/"
    assert "oefenkaart" not in anna.get("/werkvoorraad").text.casefold()
    assert "Zoals afgesproken: 0%" in seen(anna.get("/kwaliteit").text)


def test_staffed_minutes_leave_out_nights_weekends_and_the_hour_that_the_clock_skips() -> None:
    office = StaffedHours((Shift(frozenset(range(5)), time(8), time(18)),))
    friday, monday = datetime(2026, 11, 20, 16, 30, tzinfo=UTC), datetime(2026, 11, 23, 7, 45, tzinfo=UTC)
    clock = StaffedTime(office, friday - timedelta(days=7), monday + timedelta(days=1))
    assert clock.minutes(friday, monday) == 30 + 45, "Friday 17:30 to 18:00 and Monday 8:00 to 8:45, Dutch time"
    assert clock.minutes(monday, friday) == 0
    assert clock.minutes(datetime(2026, 11, 21, 3, 0, tzinfo=UTC), datetime(2026, 11, 21, 23, 0, tzinfo=UTC)) == 0
    every = frozenset(range(7))
    always = StaffedHours((Shift(every, time(0), time(12)), Shift(every, time(10), time(23))))
    spring = datetime(2026, 3, 28, 23, 0, tzinfo=UTC)
    whole_day = StaffedTime(always, spring, spring + timedelta(days=1))
    assert whole_day.minutes(spring, spring + timedelta(hours=23)) == 22 * 60, "23 o'clock closes; one hour is skipped"
    assert StaffedTime(StaffedHours(()), friday, monday).minutes(friday, monday) == 0


def test_numbers_are_written_as_people_write_them() -> None:
    dutch, english = Numbers(Language.DUTCH), Numbers(Language.ENGLISH)
    assert (dutch.decimal(0.684), english.decimal(0.684)) == ("0,68", "0.68")
    assert dutch.percent(0.004).startswith("<")
    assert dutch.percent(0.996).startswith(">")
    assert (dutch.percent(0.0), dutch.percent(1.0)) != (dutch.percent(0.004), dutch.percent(0.996))
    assert (dutch.per_thousand(0.0021), dutch.per_thousand(0.054)) == ("2,1", "54")
    assert dutch.month(date(2026, 11, 1)) == "november 2026"


def test_sentences_are_short_and_plain() -> None:
    lines = [*ALIKE.values(), *DRIFT.values(), *WITHIN.values()]
    sentences = [sentence for line in lines for sentence in re.split(r"[.?:]", line)]
    assert max(len(sentence.split()) for sentence in sentences) <= 12


@pytest.mark.browser
@pytest.mark.parametrize(("width", "scheme", "language"), [(1500, "light", "nl"), (390, "dark", "en")])
def test_the_pages_have_no_accessibility_fault_and_fit(
    site: Site, road: Engine, width: int, scheme: str, language: str
) -> None:
    add_readings(site.world, alike=20, unlike=4)
    add_sample(site.world)
    add_sampled_text(site.world)
    card = place_card(site.world, road)
    site.world.signed_in("anna").judge(card, "reject:art", 1, niveau="concreet")
    page = site.page("anna", viewport={"width": width, "height": 900}, color_scheme=scheme)
    page.context.add_cookies([{"name": "seinpost_language", "value": language, "url": site.address}])
    for path in ("/kwaliteit/steekproef", "/kwaliteit"):
        page.goto(path)
        for summary in page.locator("main summary").all():
            summary.click()
        assert page.locator(".golden").count() == 1, (
            "what is told of a card stands on every page until it is understood"
        )
        faults = Axe().run(page, options=AXE).response["violations"]
        assert [(fault["id"], node["html"][:120]) for fault in faults for node in fault["nodes"]] == []
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.get_by_role("button", name="Begrepen" if language == "nl" else "Understood").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".golden")).to_have_count(0)
    assert page.problems == []  # type: ignore[attr-defined]


@pytest.mark.browser
def test_the_sample_is_read_with_the_keyboard_and_without_a_script(site: Site) -> None:
    add_sampled_text(site.world)
    page = site.page("anna", java_script_enabled=False)
    page.get_by_role("navigation").get_by_role("link", name="Kwaliteit").focus()
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Lees een bericht uit de steekproef").focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Nee").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/kwaliteit/steekproef?gedaan=ja")
    assert "Uw antwoord telt mee. De tekst is weg." in page.content()
