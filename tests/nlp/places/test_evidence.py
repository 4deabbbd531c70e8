"""What makes a place of a name and what does not, as statements; every sentence is invented."""

import pytest

from nlp.normalise import normalise
from nlp.places.linker import shipped


def ids(text: str, region: str = "") -> list[str]:
    return [place.id for place in shipped().link(normalise(text).text, region).found]


def reasons(text: str) -> list[str]:
    return [name.why for name in shipped().link(normalise(text).text).lost]


@pytest.mark.parametrize(
    "text",
    [
        "wedstrijd: FC Utrecht verloor van NAC Breda",
        "klassieker! 020 tegen 010, wat een goal",
        "kaas op brood: jonge Gouda met mosterd",
        "volgens Hans van Mierlo was dat anders",
        "meneer Vermeer gaf ons een onvoldoende",
        "bladzijde 75, pagina 020 van het boek",
        "ze zijn met 070 dagen klaar",
        "we doen het zo: het plein op en dan rechts",
        "van noord naar zuid fietsen in een week",
        "in houten huisjes slapen is best gezellig",
        "wat een wereldgozer, echt heel fijn voor ons",
    ],
)
def test_clubs_cheeses_people_counts_and_common_words_are_no_places(text: str) -> None:
    assert ids(text) == []


@pytest.mark.parametrize(
    ("text", "identifier"),
    [
        ("we waren in Best vanavond", "area:best"),
        ("fittie op het zaanlnads lyceum", "brin:20CN00"),
        ("kom naar h*rderwijk", "area:harderwijk"),
        ("iedereen uit venl0 weet het", "area:venlo"),
        ("#poelenburgbijnacht", "area:zaanstad/poelenburg"),
        ("vanaf Leiden station lopen", "ns:LEDN"),
        ("in Schiedam/Vlaardingen gezien", "area:schiedam"),
        ("chillen in Tilburg noord", "area:tilburg/noord"),
        ("training op Sportpark Ookmeer", "area:sportpark-ookmeer"),
        ("bij gustoweg vandaag", "street:gustoweg"),
    ],
)
def test_misspelt_disguised_glued_and_unlisted_names_are_found(text: str, identifier: str) -> None:
    assert identifier in ids(text)


def test_a_name_in_several_towns_is_settled_by_the_town_in_the_text_or_by_the_source_or_left_open() -> None:
    gazetteer = shipped().gazetteer
    [beside, _] = ids("toets op het Comenius College in Hilversum")
    assert gazetteer.entry(beside).municipality == "Hilversum"
    [by_source] = ids("toets op het Comenius College", region="Capelle aan den IJssel")
    assert gazetteer.entry(by_source).municipality == "Capelle aan den IJssel"
    [place] = shipped().link("toets op het Comenius College").found
    assert 1 <= len(place.others) <= 4
    assert len({gazetteer.entry(other).municipality for other in (place.id, *place.others)}) > 1


def test_a_bare_point_of_the_compass_means_amsterdam_unless_the_source_says_otherwise() -> None:
    assert ids("chillen in Noord vanavond") == ["area:amsterdam/noord"]
    assert ids("chillen in Noord vanavond", region="Rotterdam") == ["area:rotterdam/noord"]


def test_every_name_that_lost_says_why_in_words() -> None:
    assert "a club, after 'fc'" in reasons("FC Utrecht speelt thuis")
    assert "football" in reasons("ajax - feyenoord: 010 wint")
    assert "inside a longer name" in reasons("bij station Krommenie-Assendelft")
    assert any("ordinary word" in why for why in reasons("dat is best leuk"))
