"""The forwarding list of a signal in more than one region says so, and names the place for which nobody is on it."""

from signals.place import PlaceKind
from tests.review_ui.world import STATION, World

KRASS = (STATION, PlaceKind.STATION, "Krommenie-Assendelft")
NOORD = ("area:amsterdam/noord", PlaceKind.AREA, "Amsterdam-Noord")


def forwarding_page(world: World, *places: tuple[str, PlaceKind, str]) -> str:
    """The page of a signal with these places that two readers confirmed."""
    world.add_directory()
    anna = world.signed_in("anna")
    signal = world.add_signal(places=places)
    anna.judge(signal, "confirm:directed", 1)
    world.signed_in("bram").judge(signal, "confirm:directed", 2)
    return " ".join(anna.get(f"/signaal/{signal}").text.split())


def test_a_signal_in_two_regions_says_whose_ground_each_place_is_and_whom_to_call(world: World) -> None:
    page = forwarding_page(world, KRASS, NOORD)
    assert "Dit signaal raakt meer dan één regio." in page
    assert "Elke politie-eenheid hoort alleen van haar eigen gebied." in page
    assert "regio Zaanstreek, politie-eenheid Noord-Holland" in page
    assert "regio Amsterdam, politie-eenheid Amsterdam" in page
    assert "niemand op deze lijst hoort van deze plaats. Bel de politie-eenheid Amsterdam" in page


def test_when_a_contact_can_be_reached_stands_with_it(world: World) -> None:
    world.add_directory()
    with world.owner() as owner:
        owner.execute("UPDATE contacts SET hours = 'ma-do <8.30>-16.30' WHERE kind = 'school'")
    anna = world.signed_in("anna")
    signal = world.add_signal()
    anna.judge(signal, "confirm:directed", 1)
    world.signed_in("bram").judge(signal, "confirm:directed", 2)
    page = anna.get(f"/signaal/{signal}").text
    assert "Bereikbaar: " in page
    assert "ma-do &lt;8.30&gt;-16.30" in page


def test_a_signal_in_one_region_with_everybody_on_the_list_says_nothing_more(world: World) -> None:
    page = forwarding_page(world, KRASS)
    assert "raakt meer dan één regio" not in page
    assert "hoort van deze plaats" not in page
