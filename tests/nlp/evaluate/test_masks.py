"""Posts without their mentions and links."""

import pytest

from nlp.evaluate.masks import facts_without_masks, post_without_masks, without_masks
from nlp.labelled import FactsRow, LabelledPlace
from signals.label import Level
from signals.place import PlaceKind
from tests.nlp.evaluate.invented import post


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("[@] kom morgen naar het plein [link]", "kom morgen naar het plein"),
        ("hé @danny_075 waar ben je", "hé waar ben je"),
        ("zie https://voorbeeld.test/a?b=1 voor meer", "zie voor meer"),
        ("regel een [@]\nregel twee", "regel een \nregel twee"),
        ("niets te  halen hier ", "niets te  halen hier "),
        ("[@]", ""),
    ],
)
def test_handles_links_and_their_tokens_go_and_the_rest_stays(text: str, left: str) -> None:
    assert without_masks(text) == left


def test_a_labelled_place_is_still_found_and_a_fact_that_was_a_handle_is_gone() -> None:
    place = LabelledPlace(text="Zaandam", kind=PlaceKind.CITY, name="Zaandam")
    given = post("p", text="[@] we pakken [@] in Zaandam").model_copy(update={"places": (place,)})
    row = FactsRow(id="p", facts={"target": ("[@]",), "place": ("in Zaandam",)}, level=Level.CONCREET)
    assert post_without_masks(given).text == "we pakken in Zaandam"
    assert post_without_masks(given).places == (place,)
    assert facts_without_masks(row).facts == {"target": (), "place": ("in Zaandam",)}
