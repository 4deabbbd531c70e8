"""Official names of neighbourhoods become what people say."""

import pytest

from nlp.places.build.neighbourhood_names import parts, plain, shared, whole


@pytest.mark.parametrize(
    ("official", "said"),
    [
        ("Wijk 03 Vinkhuizen", "Vinkhuizen"),
        ("Helpman e.o.", "Helpman"),
        ("Wijk 08 Glanerbrug en omgeving", "Glanerbrug"),
        ("Blokker - Buurt 31 01", "Blokker"),
        ("Holtenbroek IV", "Holtenbroek"),
        ("Merenwijkdistrict", "Merenwijk"),
        ("Kern Slijk-Ewijk", "Slijk-Ewijk"),
        ("Lutten Kern", "Lutten"),
        ("Kruiskamp", "Kruiskamp"),
    ],
)
def test_numbers_and_additions_are_no_part_of_a_name(official: str, said: str) -> None:
    assert plain(official) == said


@pytest.mark.parametrize(
    "official",
    ["Verspreide huizen Nieuwlande", "Buitengebied-Oost", "Wijk 01", "Bedrijventerrein Oost", "Overig Stad"],
)  # fmt: skip
def test_where_nobody_lives_there_is_no_neighbourhood(official: str) -> None:
    assert plain(official) == ""


def test_a_quarter_tells_its_neighbourhood() -> None:
    assert whole("Vinkhuizen-Noord") == whole("Vinkhuizen Zuid") == "Vinkhuizen"
    assert whole("Stroinkslanden Noord-Oost") == "Stroinkslanden"
    assert shared("Vathorst-De Laak") == "Vathorst"


@pytest.mark.parametrize("name", ["Oud-Zuid", "Nieuw-West", "Centrum", "Kop van Oost", "Tuindorp"])
def test_what_is_no_quarter_of_anything_tells_none(name: str) -> None:
    assert whole(name) == shared(name) == ""


def test_double_names_are_two_names() -> None:
    assert parts("Velve-Lindenhof") == ["Velve", "Lindenhof"]
    assert parts("Crabbehof/Zuidhoven") == ["Crabbehof", "Zuidhoven"]
    assert parts("Hofmark, Redemark en Sportmark") == ["Hofmark", "Redemark", "Sportmark"]


@pytest.mark.parametrize("name", ["Oud-Krispijn", "Bos en Lommer", "Barger-Oosterveld", "Sint-Jansberg", "Tuinwijk"])
def test_names_that_belong_together_stay_together(name: str) -> None:
    assert parts(name) == []


def test_streets_in_a_double_name_are_no_neighbourhoods() -> None:
    assert parts("Abstede, Tolsteegsingel") == ["Abstede"]
