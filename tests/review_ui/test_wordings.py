"""What an expert sees of a post that was seen more than once, and parting what does not belong there."""

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from pipeline.key_folder import KeyFolder
from pipeline.store.users import UserRole
from tests.review_ui.conftest import Site
from tests.review_ui.world import World
from tests.road.arriving import Road

SAID = "morgen gaan wij hem steken achter de gymzaal, wie durft komt mee"
COPY = "RT [@]: m0rgen gaan wij hem steken achter de gymzaal wie durft komt mee #fyp"
PART = "Dit hoort er niet bij"


@pytest.fixture
def road(world: World, keys: KeyFolder) -> Iterator[Road]:
    made = Road(world.database, keys, world.clock)
    yield made
    made.close()


def joined(world: World, road: Road) -> UUID:
    """A card with two wordings."""
    road.brings(road.maker.post("a", SAID), road.maker.post("b", COPY))
    (signal,) = road.signals()
    return signal


def copy_of(world: World) -> str:
    return str(world.one("SELECT post_id FROM sightings WHERE own_signal IS NOT NULL"))


def test_the_card_says_how_often_and_the_page_shows_the_other_words(world: World, road: Road) -> None:
    signal = joined(world, road)
    browser = world.signed_in("anna")
    assert "2 keer gezien" in browser.get("/werkvoorraad").text
    page = browser.get(f"/signaal/{signal}").text
    assert "m0rgen gaan wij hem steken" in page
    assert PART in page


def test_parting_makes_a_signal_of_its_own_with_its_places_and_leaves_a_line_on_the_trail(
    world: World, road: Road
) -> None:
    signal = joined(world, road)
    browser = world.signed_in("anna")
    answer = browser.post(f"/signaal/{signal}/losmaken", bericht=copy_of(world))
    assert answer.status_code == 303
    assert "Losgemaakt" in browser.get(answer.headers["location"]).text
    with world.owner() as owner:
        assert owner.execute("SELECT state, sightings FROM signals ORDER BY number").fetchall() == [
            ("new", 1),
            ("new", 1),
        ]
        assert owner.execute(
            "SELECT step FROM signal_events WHERE signal_id = %s ORDER BY id", (signal,)
        ).fetchall() == [
            ("arrive",),
            ("part",),
        ]
        assert owner.execute("SELECT count(*) FROM trail WHERE payload LIKE %s", ("%sighting_parted%",)).fetchone() == (
            1,
        )
    road.brings(road.maker.post("c", COPY.upper()))
    assert world.one("SELECT max(sightings) FROM signals WHERE id <> %s", signal) == 2


def test_nobody_parts_twice_or_the_last_or_what_a_colleague_reads_or_what_is_judged(world: World, road: Road) -> None:
    signal = joined(world, road)
    an, bo, post = world.signed_in("anna"), world.signed_in("bram"), copy_of(world)
    bo.post(f"/signaal/{signal}/oppakken")
    assert an.post(f"/signaal/{signal}/losmaken", bericht=post).status_code == 409
    own = str(world.one("SELECT post_id FROM sightings WHERE own_signal IS NULL"))
    assert bo.post(f"/signaal/{signal}/losmaken", bericht=own).status_code == 409
    assert bo.post(f"/signaal/{signal}/losmaken", bericht=post).status_code == 303
    assert bo.post(f"/signaal/{signal}/losmaken", bericht=post).status_code == 409


def test_who_is_no_expert_parts_nothing(world: World, road: Road) -> None:
    signal = joined(world, road)
    world.add_person("to", UserRole.TUNER)
    assert world.signed_in("to").post(f"/signaal/{signal}/losmaken", bericht=copy_of(world)).status_code == 403


@pytest.mark.browser
def test_it_is_parted_with_the_keyboard_and_nothing_is_amiss_for_who_cannot_see(
    site: Site, keys: KeyFolder, tmp_path: Path
) -> None:
    road = Road(site.world.database, keys, site.world.clock)
    signal = joined(site.world, road)
    page = site.page("anna")
    page.goto(f"/signaal/{signal}")
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    for width in (390, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        page.screenshot(path=tmp_path / f"wordings-{width}.png", full_page=True)
    page.keyboard.press("l")
    expect(page.get_by_role("button", name=PART)).to_be_focused()
    assert len(road.signals()) == 1, "there is no way back, so the key alone parts nothing"
    page.keyboard.press("Enter")
    page.get_by_text("Losgemaakt").wait_for()
    assert page.get_by_role("button", name=PART).count() == 0
    road.close()
