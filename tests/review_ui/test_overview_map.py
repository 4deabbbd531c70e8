"""The map of districts: what is open now and nothing of before, by what a place lies in, the same as in words."""

import json

import pytest
from playwright.sync_api import Page, expect

from forwarding.places import shipped_places
from review_ui import build_static
from review_ui.overview.districts import DRAWN, NOWHERE, by_district, district_of
from signals.label import Level
from signals.place import PlaceKind
from tests.review_ui.conftest import Site
from tests.review_ui.test_screens import no_problems
from tests.review_ui.world import SCHOOL, STATION, World

ZUIDOOST, NOORD = "area:amsterdam/zuidoost", "area:amsterdam/noord"


def at(place_id: str, name: str = "een plaats") -> tuple[tuple[str, PlaceKind, str], ...]:
    return ((place_id, PlaceKind.AREA, name),)


def under(page: str, district: str) -> str:
    """What the list says under a district's name."""
    return page.split(f'data-district="{district}"')[1].split("</section>")[0]


def test_every_district_on_the_map_is_one_of_the_gazetteer() -> None:
    features = json.loads(DRAWN.read_text())["features"]
    assert len(features) >= 44
    for feature in features:
        place = shipped_places().entry(feature["id"])
        assert place is not None
        assert place.name == feature["properties"]["name"]


def test_a_place_stands_in_its_district_by_the_lists_and_never_by_its_coordinate() -> None:
    book = shipped_places()
    assert district_of(STATION, book).name == "Zaanstad", "a station without a coordinate"
    assert district_of("brin:21AB00", book).name == "Amsterdam Centrum"
    assert district_of("cbs:GM0363", book).name == "Amsterdam"
    assert not district_of("cbs:GM0363", book).drawn, "somewhere in Amsterdam is in no stadsdeel"
    assert district_of("brin:99ZZ99", book) is NOWHERE


def test_the_map_has_no_points_no_past_and_no_order_but_the_name(world: World) -> None:
    for place in (ZUIDOOST, ZUIDOOST, ZUIDOOST, NOORD, STATION):
        world.add_signal(places=at(place, "een school met een naam"), level=Level.AANDACHT)
    rejected = world.add_signal(places=at(NOORD))
    anna = world.signed_in("anna")
    anna.judge(rejected, "reject:art", 1)
    page = anna.get("/overzicht/kaart").text
    names = [page.index(f'data-district="{district}"') for district in (NOORD, ZUIDOOST, "cbs:GM0479")]
    assert names == sorted(names)
    assert str(rejected) not in page, "what is over is not on the map"
    assert 'data-number="1"' in page.split(f'data-district="{NOORD}"')[1][:200]
    assert "een school met een naam" not in page, "nothing smaller than a district"


def test_a_signal_stands_in_each_district_it_names_and_one_without_a_place_stands_apart(world: World) -> None:
    both = world.add_signal(places=(*at(ZUIDOOST), *at(NOORD)))
    nowhere = world.add_signal(places=())
    somewhere = world.add_signal(places=at("cbs:GM0363"))
    page = world.signed_in("anna").get("/overzicht/kaart").text
    assert str(both) in under(page, ZUIDOOST)
    assert str(both) in under(page, NOORD)
    assert str(nowhere) in page.split("Geen plaats bekend")[1]
    assert str(somewhere) in page.split("(niet op de kaart)")[1].split("</section>")[0]
    assert "Er staan 3 signalen open." in page


def test_the_most_urgent_level_of_a_district_is_said_in_words(world: World) -> None:
    world.add_signal(places=at(NOORD), level=Level.AANDACHT)
    world.add_signal(places=at(NOORD), level=Level.CONCREET)
    page = world.signed_in("anna").get("/overzicht/kaart").text
    assert "Amsterdam Noord: 2 open signalen, hoogste niveau Concreet" in page
    assert by_district([], shipped_places()) == []


def test_the_map_shows_a_reader_nothing_of_the_own_school(world: World) -> None:
    signal = world.add_signal(places=((SCHOOL, PlaceKind.SCHOOL, "Lisdodde College"), *at(NOORD)))
    assert str(signal) not in world.signed_in("dunya").get("/overzicht/kaart").text


def test_leaflet_and_uplot_are_pinned_and_keep_their_licences() -> None:
    lock = json.loads((build_static.HERE / "package-lock.json").read_text())["packages"]
    wanted = json.loads((build_static.HERE / "package.json").read_text())["dependencies"]
    for package, holder in (("leaflet", "Agafonkin"), ("uplot", "Sorokin")):
        assert lock[f"node_modules/{package}"]["version"] == wanted[package]
        assert lock[f"node_modules/{package}"]["integrity"].startswith("sha512-")
        assert holder in (build_static.VENDOR / f"licence-{package}.txt").read_text()


def watched(page: Page) -> list[str]:
    """Every address that the page asks for and everything that its policy refuses."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.add_init_script(
        "document.addEventListener('securitypolicyviolation', (e) => console.error('refused', e.violatedDirective))"
    )
    return asked


@pytest.mark.browser
def test_the_map_is_drawn_from_this_installation_alone_and_the_policy_refuses_nothing(site: Site) -> None:
    site.world.add_signal(places=at(NOORD))
    page = site.page("anna", viewport={"width": 1280, "height": 900})
    asked = watched(page)
    page.goto("/overzicht/kaart")
    expect(page.locator("#kaart path.district--open")).to_have_count(1)
    assert page.locator("#kaart path.district").count() == 44
    assert page.locator("#kaart img, #kaart .leaflet-tile, #kaart circle").count() == 0, "no tiles, no points"
    page.locator("#kaart").get_by_role("button", name="Dichterbij").click()
    fresh = site.world.add_signal(places=at(ZUIDOOST))
    expect(page.locator(f'[data-signal="{fresh}"]')).to_be_attached(timeout=6000)
    expect(page.locator("#kaart path.district--open")).to_have_count(2)
    looks = page.locator("#kaart path.district--open")
    assert len({looks.nth(n).evaluate("e => getComputedStyle(e).fill") for n in range(2)}) == 1
    assert all(address.startswith(site.address) for address in asked), asked
    no_problems(page)


@pytest.mark.browser
def test_a_district_on_the_map_leads_by_keyboard_to_its_signals(site: Site) -> None:
    site.world.add_signal(places=at(NOORD))
    page = site.page("anna", viewport={"width": 390, "height": 800})
    page.goto("/overzicht/kaart")
    mark = page.get_by_role("button", name="Amsterdam Noord: 1 open signaal, hoogste niveau Acuut")
    expect(mark).to_be_visible()
    for _ in range(40):
        page.keyboard.press("Tab")
        if mark.evaluate("e => e === document.activeElement"):
            break
    expect(mark).to_be_focused()
    fresh = site.world.add_signal(places=at(ZUIDOOST))
    expect(page.locator(f'[data-signal="{fresh}"]')).to_be_attached(timeout=6000)
    expect(mark).to_be_focused()  # also when all of it was drawn anew
    page.keyboard.press("Enter")
    expect(page.locator(f'[data-district="{NOORD}"]')).to_be_focused()
    expect(page.locator(f'[data-district="{NOORD}"]')).to_be_in_viewport()
    fresh = site.world.add_signal(places=at(ZUIDOOST))
    expect(page.locator(f'[data-signal="{fresh}"]')).to_be_attached(timeout=6000)
    expect(page.locator(f'[data-district="{NOORD}"]')).to_be_focused()
    no_problems(page)


@pytest.mark.browser
def test_without_javascript_the_list_by_district_is_whole_and_no_empty_map_stands_there(site: Site) -> None:
    signal = site.world.add_signal(places=at(NOORD))
    page = site.page("anna", java_script_enabled=False)
    page.goto("/overzicht/kaart")
    expect(page.locator("#kaart")).to_be_hidden()
    expect(page.get_by_role("heading", name="Amsterdam Noord 1")).to_be_visible()
    expect(page.locator(f'[data-signal="{signal}"]')).to_be_visible()
