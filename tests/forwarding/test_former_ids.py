"""A place that got another id is still the place on everybody's list, whichever id the list or the signal names."""

from dataclasses import replace

import pytest

from forwarding.places import PlaceBook
from forwarding.routing import propose
from forwarding.views import preview
from tests.forwarding.town import QUARTER, SPOTS, STATION, TOWN, Town

CODED = PlaceBook(
    [
        replace(spot, id=f"cbs:{spot.name}", former=(spot.id,)) if spot in {QUARTER, TOWN} else
        replace(spot, parent=f"cbs:{TOWN.name}") if spot.parent == TOWN.id else spot
        for spot in SPOTS
    ]
)  # fmt: skip
NEW_QUARTER = replace(QUARTER, id=f"cbs:{QUARTER.name}")


def names(town: Town, *places: object) -> list[str]:
    with town.expert() as connection:
        return [found.display_name for found in propose(connection, town.add_signal(*places), book=CODED)]  # type: ignore[arg-type]


@pytest.mark.parametrize("named", [QUARTER, NEW_QUARTER], ids=["former id", "new id"])
def test_a_signal_reaches_who_listed_the_place_under_its_former_id(town: Town, named: object) -> None:
    assert names(town, named) == ["wijkagent", "jenv", "handhaving", "jongerenwerk"]


def test_a_place_reaches_who_listed_what_it_lies_in_under_its_former_id(town: Town) -> None:
    assert "wijkagent" in names(town, STATION)


def test_a_preview_shows_the_place_by_either_id(town: Town) -> None:
    for named in (QUARTER, NEW_QUARTER):
        with town.expert() as connection:
            seen = preview(connection, town.add_signal(named), town.contacts["wijkagent"], book=CODED)
        assert seen.view.places == (QUARTER.name,)
