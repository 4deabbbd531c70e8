"""A name that more than one place bears: the page says which others may be meant, and chooses none."""

from datetime import UTC, datetime

import pytest
from axe_playwright_python.sync_playwright import Axe

from review_ui.signal.near_places import MOST_OTHERS, names_of_more
from signals.analysis import Analysis
from signals.label import Category, Genre, Level
from signals.place import Mention, PlaceKind
from tests.review_ui.conftest import Site
from tests.review_ui.world import World, analysis_of

NORTH = "area:rotterdam/noord"
TEXT = "morgen om drie uur met z'n allen naar Noord, neem mensen mee"


def _mention(text: str, place_id: str = NORTH, kind: PlaceKind = PlaceKind.AREA, name: str = "Noord") -> Mention:
    return Mention(text=text, start=0, end=len(text), kind=kind, id=place_id, name=name)


def test_a_part_of_town_that_two_towns_have_is_told_with_the_town_of_each_other() -> None:
    (one,) = names_of_more([_mention("Noord")], {NORTH})
    assert (one.quote, one.read_as) == ("Noord", "Noord, Rotterdam")
    assert "Noord, Amsterdam" in [other.listed for other in one.others]
    assert NORTH not in [other.id for other in one.others], "the place that was found is no other place"


def test_what_the_signal_names_already_and_what_bears_its_name_alone_are_not_told() -> None:
    assert names_of_more([_mention("Noord")], {NORTH, "area:amsterdam/noord"}) == []
    assert (
        names_of_more([_mention("hoofddorp", "area:hoofddorp", PlaceKind.CITY, "Hoofddorp")], {"area:hoofddorp"}) == []
    )
    assert names_of_more([_mention("een plek die nergens is", "")], set()) == []


def test_a_place_that_a_reader_took_off_is_one_that_may_be_meant_like_the_others() -> None:
    (one,) = names_of_more([_mention("Noord")], set())
    assert one.read_as == ""
    assert {"Noord, Rotterdam", "Noord, Amsterdam"} <= {other.listed for other in one.others}


def test_a_name_that_half_the_country_has_gives_a_few_and_a_name_said_twice_is_told_once() -> None:
    told = names_of_more([_mention("calvijn"), _mention("Calvijn")], set())
    assert len(told) == 1
    assert 2 <= len(told[0].others) <= MOST_OTHERS
    assert len({other.listed for other in told[0].others}) == len(told[0].others)


def _named_noord() -> Analysis:
    now = datetime.now(UTC)
    start = TEXT.index("Noord")
    place = Mention(text="Noord", start=start, end=start + 5, kind=PlaceKind.AREA, id=NORTH, name="Noord")
    found = analysis_of(TEXT, now, Level.CONCREET, Category.CONFRONTATION, Genre.CHAT)
    return found.model_copy(update={"places": (place,)})


def test_the_page_of_a_signal_says_which_other_place_may_be_meant(world: World) -> None:
    signal = world.add_signal(TEXT, places=((NORTH, PlaceKind.AREA, "Noord"),), analysis=_named_noord())
    page = world.signed_in("anna").get(f"/signaal/{signal}").text
    assert "Noord, Rotterdam" in page
    assert "Noord, Amsterdam" in page
    plain = world.add_signal()
    assert "near-places" not in world.signed_in("anna").get(f"/signaal/{plain}").text


@pytest.mark.browser
def test_it_stands_beside_the_place_without_breaking_the_page(site: Site) -> None:
    signal = site.world.add_signal(TEXT, places=((NORTH, PlaceKind.AREA, "Noord"),), analysis=_named_noord())
    for width in (390, 1280):
        page = site.page("anna", viewport={"width": width, "height": 900})
        page.goto(f"/signaal/{signal}")
        told = page.locator(".near-places")
        told.scroll_into_view_if_needed()
        assert "Noord, Amsterdam" in told.inner_text()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert Axe().run(page).response["violations"] == []
