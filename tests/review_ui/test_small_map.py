"""The small map of a signal: districts only, never a point, and nothing where no border is known."""

import re

from forwarding.places import shipped_places
from review_ui.signal.small_map import _districts, small_map
from signals.place import PlaceKind
from tests.review_ui.world import World


def test_a_place_is_drawn_as_its_district_among_its_neighbours() -> None:
    drawn = small_map(["ns:KMA"], shipped_places())
    assert drawn is not None
    assert drawn.names == ("Zaanstad",)
    assert [shape.name for shape in drawn.shapes if shape.named] == ["Zaanstad"]
    assert {"Wormerland", "Oostzaan"} <= {shape.name for shape in drawn.shapes}
    assert drawn == small_map(["area:krommenie"], shipped_places()), "two places of a town draw the same map"


def test_every_border_is_a_line_that_a_browser_can_draw() -> None:
    for district in _districts().values():
        assert re.fullmatch(r"(M-?\d+ -?\d+l-?\d+ -?\d+( -?\d+ -?\d+)+z)+", district.path), district.name


def test_nothing_is_drawn_where_no_border_is_known() -> None:
    assert small_map([], shipped_places()) is None
    assert small_map(["brin:90XX01", "nowhere:x"], shipped_places()) is None


def test_the_signal_page_shows_it_in_a_few_kilobytes_and_without_a_style_of_its_own(world: World) -> None:
    anna = world.signed_in("anna")
    page = anna.get(f"/signaal/{world.add_signal()}").text
    found = re.search(r'<figure class="small-map">.*?</figure>', page, re.S)
    assert found is not None
    assert len(found.group()) < 8000
    assert "style=" not in found.group()
    assert "circle" not in found.group()
    unknown = anna.get(f"/signaal/{world.add_signal(places=(('nowhere:x', PlaceKind.AREA, 'Nergens'),))}").text
    assert "small-map" not in unknown
