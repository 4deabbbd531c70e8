"""False rates by the area that harmless posts mention."""

from nlp.evaluate.areas import by_area, by_town
from nlp.places.gazetteer import load
from signals.analysis import Analysis
from signals.place import Mention, PlaceKind
from tests.nlp.evaluate.invented import answer


def posts(area: str, *, of: int, flagged: int) -> list[Analysis]:
    return [answer(flagged=number < flagged, area=area) for number in range(of)]


def test_an_area_is_held_against_the_posts_that_mention_another_area() -> None:
    found = by_area([*posts("Poelenburg", of=100, flagged=30), *posts("Peperklip", of=100, flagged=10)])
    assert (found["Poelenburg"].flags, found["Poelenburg"].other_rows) == (30, 100)
    assert found["Poelenburg"].ratio is not None
    assert found["Poelenburg"].ratio["value"] == 3.0


def test_posts_that_mention_no_area_count_for_none() -> None:
    found = by_area([*posts("Poelenburg", of=10, flagged=0), *(answer(flagged=True) for _ in range(50))])
    assert found["Poelenburg"].other_rows == 0


def test_under_ten_flags_on_one_side_there_is_no_ratio() -> None:
    found = by_area([*posts("Poelenburg", of=100, flagged=9), *posts("Peperklip", of=100, flagged=50)])
    assert found["Poelenburg"].ratio is None
    assert found["Poelenburg"].false_rate is not None


def test_areas_that_hardly_any_post_mentions_are_not_listed() -> None:
    assert by_area(posts("Poelenburg", of=9, flagged=9)) == {}


def test_a_town_counts_all_places_in_it() -> None:
    places = load()
    inside = [entry for entry in places if entry.municipality == "Zaanstad"][:10]
    found = [
        answer(flagged=False).model_copy(
            update={
                "places": (Mention(text="x", start=0, end=1, kind=PlaceKind(entry.kind), id=entry.id, name=entry.name),)
            }
        )
        for entry in inside
    ]
    assert by_town(found, places)["Zaanstad"].rows == 10
