"""Searching by place, time, kind, level, state and listed words; each search is on the trail, what was typed is not."""

import json
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from nlp.terms import shipped
from pipeline.store.search import A_PAGE
from pipeline.store.users import UserRole
from review_ui.search.choosing import listed_word, near, within
from signals.label import Category, Level
from signals.place import PlaceKind
from tests.review_ui.conftest import Site
from tests.review_ui.world import World

WORDS = "neem een glock mee naar het station"
TOWN, SCHOOL_THERE = ("cbs:GM0479", PlaceKind.CITY, "Zaanstad"), ("area:krommenie", PlaceKind.AREA, "Krommenie")


def note_words(world: World) -> None:
    """Signals of these tests come in by the back door: their words are noted as after a restore."""
    with world.owner() as owner:
        owner.execute("INSERT INTO listed_words SELECT post_id, 'glock' FROM sightings WHERE text LIKE '%glock%'")


def trail(world: World) -> list[dict[str, str]]:
    """What the trail says of searches."""
    with world.owner() as owner:
        rows = owner.execute("SELECT payload FROM trail WHERE payload LIKE '%\"searched\"%' ORDER BY seq").fetchall()
    return [next(part for part in json.loads(payload) if isinstance(part, dict)) for (payload,) in rows]


def address(answered: httpx.Response) -> dict[str, list[str]]:
    """Where a form led."""
    assert answered.status_code == 303, answered.text
    return parse_qs(urlsplit(answered.headers["location"]).query)


def test_a_listed_word_is_found_however_it_was_typed_and_another_word_is_none() -> None:
    known = shipped()
    assert [listed_word(typed, known) for typed in ("shank", " SHANK ", "sh4nk", "gl0ck")] == ["shank"] * 3 + ["glock"]
    assert [listed_word(typed, known) for typed in ("Jan Jansen", "@jan", "ik heb een shank", "")] == [None] * 4
    assert near("shnak", known)[0] == "shank"
    assert near("xqzzyq", known) == []


def test_a_place_stands_for_all_that_lies_in_it() -> None:
    assert {"cbs:GM0479", "area:krommenie", "ns:KMA"} <= {*within("cbs:GM0479")}
    assert "cbs:GM0479" not in within("area:krommenie")


def test_a_word_leads_to_the_signals_that_hold_it_and_the_trail_says_who_searched_for_what(world: World) -> None:
    signal, other = world.add_signal(WORDS), world.add_signal("iets anders")
    note_words(world)
    anna = world.signed_in("anna")
    led = anna.post("/zoeken", woord="GL0CK")
    assert address(led) == {"woord": ["glock"]}
    page = anna.get(led.headers["location"]).text
    assert str(signal) in page
    assert str(other) not in page
    assert WORDS not in page, "no text on a list"
    assert trail(world) == [{"word": "glock"}]
    who = world.one(
        "SELECT payload LIKE '%%' || %s || '%%' FROM trail WHERE payload LIKE '%%searched%%'", str(world.people["anna"])
    )
    assert who is True


@pytest.mark.parametrize("typed", ["Jan Jansen", "@jantje_075", "ewa na het zesde", "t.me/kanaal"])
def test_what_is_no_listed_word_is_told_so_and_stands_in_no_address_and_on_no_trail(world: World, typed: str) -> None:
    world.add_signal(f"{typed} en een glock")
    note_words(world)
    anna = world.signed_in("anna")
    answered = anna.post("/zoeken", woord=typed)
    assert answered.status_code == 422
    assert "Geen lijstwoord." in answered.text
    assert "niet doorzoekbaar" in answered.text
    assert "/signaal/" not in answered.text
    by_hand = anna.client.get("/zoeken", params={"woord": typed})
    assert by_hand.status_code == 422
    assert "/signaal/" not in by_hand.text
    assert trail(world) == [{"word": "not_listed"}] * 2
    with world.owner() as owner:
        assert owner.execute("SELECT count(*) FROM trail WHERE payload LIKE %s", (f"%{typed}%",)).fetchall() == [(0,)]


def test_the_other_filters_narrow_and_a_second_form_keeps_them(world: World) -> None:
    near_by = world.add_signal("bij de brug", places=(SCHOOL_THERE,), category=Category.DRUGS, level=Level.AANDACHT)
    far = world.add_signal("elders", places=(), window=False)
    anna = world.signed_in("anna")

    def found(**fields: str) -> set[str]:
        led = anna.post("/zoeken", **fields)
        page = anna.get(led.headers["location"]).text
        return {str(signal) for signal in (near_by, far) if str(signal) in page}

    assert found(plaatsnaam="Zaanstad", plaats=TOWN[0]) == {str(near_by)}, "with all that lies in it"
    assert found(soort="drugs") == {str(near_by)}
    assert found(niveau="acuut") == {str(far)}
    assert found(staat="rejected") == set()
    now = world.clock.now
    day = f"{now + timedelta(hours=12):%Y-%m-%dT%H:%M}"
    assert found(moment_van=f"{now - timedelta(hours=12):%Y-%m-%dT%H:%M}", moment_tot=day) == {str(near_by)}
    assert found(
        gezien_van=f"{now - timedelta(days=1):%Y-%m-%d}", gezien_tot=f"{now + timedelta(days=1):%Y-%m-%d}"
    ) == {
        str(near_by),
        str(far),
    }
    wrong = anna.post("/zoeken", moment_van=day, moment_tot=f"{now:%Y-%m-%dT%H:%M}", soort="drugs")
    assert wrong.status_code == 422
    assert 'value="drugs" selected' in wrong.text
    assert trail(world)[-1] == {"seen": "between"}


def test_a_place_that_is_not_clear_is_asked_again_and_one_that_is_unknown_is_told(world: World) -> None:
    anna = world.signed_in("anna")
    several = anna.post("/zoeken", plaatsnaam="Zaan")
    assert several.status_code == 422
    assert several.text.count('type="radio"') > 1
    assert "staat niet in de lijst" in anna.post("/zoeken", plaatsnaam="Xqzzyburg").text
    assert "Vul minstens één veld in." in anna.post("/zoeken").text
    assert trail(world) == [{"place": "several"}, {"place": "not_listed"}], "a name is tried, and not told"


def test_earlier_signals_come_by_the_page(world: World) -> None:
    with world.owner() as owner:
        owner.execute(
            "INSERT INTO signals (id, lane, state, category, level, imminent, genre, lang, source, sightings, seen_at,"
            " queued_at) SELECT gen_random_uuid(), 'ordinary', 'rejected', 'drugs', 'aandacht', false, 'chat', 'nl',"
            " 'tip', 1, %s, %s - n * interval '1 minute' FROM generate_series(1, %s) AS n",
            (world.clock.now, world.clock.now, A_PAGE + 2),
        )
    anna = world.signed_in("anna")
    first = anna.get("/zoeken?soort=drugs").text
    assert first.count("queue-card__press") == A_PAGE
    onward = first.split('href="/zoeken?')[-1].split('"')[0].replace("&amp;", "&")
    second = anna.get(f"/zoeken?{onward}").text
    assert second.count("queue-card__press") == 2
    assert trail(world)[-1] == {"category": "drugs", "further": "page"}


def test_only_experts_search_and_none_finds_what_is_about_the_own_school(world: World) -> None:
    signal = world.add_signal(WORDS, places=(("brin:90XX01", PlaceKind.SCHOOL, "Lisdodde College"),))
    note_words(world)
    world.add_person("ontvanger", UserRole.RECIPIENT)
    assert world.signed_in("ontvanger").get("/zoeken?woord=glock").status_code == 403
    assert str(signal) in world.signed_in("anna").get("/zoeken?woord=glock").text
    assert str(signal) not in world.signed_in("dunya").get("/zoeken?woord=glock").text


@pytest.mark.browser
def test_by_keyboard_alone_from_the_queue_to_a_found_signal(site: Site) -> None:
    signal = site.world.add_signal(WORDS)
    note_words(site.world)
    page = site.page("anna")
    page.keyboard.press("/")
    page.wait_for_url("**/zoeken")
    expect(page.get_by_label("Woord van de lijst")).to_be_focused()
    page.keyboard.type("kabouter")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("Geen lijstwoord.")
    assert "kabouter" not in page.url
    page.get_by_label("Woord van de lijst").fill("")
    page.keyboard.type("Glock")
    page.keyboard.press("Enter")
    page.wait_for_url("**/zoeken?woord=glock")
    page.keyboard.press("/")
    expect(page.get_by_label("Woord van de lijst")).to_be_focused()
    expect(page.get_by_label("Woord van de lijst")).to_have_value("glock")
    page.get_by_role("link", name="Acuut · Confrontatie").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/signaal/{signal}")
    assert [line for line in page.problems if "422" not in line] == []  # type: ignore[attr-defined]


@pytest.mark.browser
@pytest.mark.parametrize(
    ("width", "scheme", "lang", "there"),
    [(390, "dark", "en", "/zoeken?woord=kabouter"), (1280, "light", "nl", "/zoeken?woord=glock")],
)
def test_its_pages_are_accessible_and_never_wider_than_the_screen(
    site: Site, width: int, scheme: str, lang: str, there: str
) -> None:
    site.world.add_signal(WORDS)
    note_words(site.world)
    page = site.page("anna", viewport={"width": width, "height": 800}, color_scheme=scheme)
    if lang == "en":
        page.get_by_role("button", name="English").click()
    page.goto(there)
    found = Axe().run(page).response["violations"]
    assert [(each["id"], each["nodes"][0]["html"][:120]) for each in found] == []
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


@pytest.mark.parametrize(
    "address",
    [
        "moment_van=2026-11-23T10:00&moment_tot=2026-11-23T12:00Z",
        "moment_van=0001-01-01T00:00%2B14:00",
        "moment_tot=9999-12-31T23:59-14:00",
        "niveau=acuut&na=0001-01-01T00:00%2B14:00_1",
        "gezien_van=9999-12-31&gezien_tot=9999-12-31",
    ],
)
def test_no_moment_in_an_address_breaks_the_page(world: World, address: str) -> None:
    assert world.signed_in("anna").get(f"/zoeken?{address}").status_code in (200, 422)
