"""What stands beside a list of recipients: whose ground each place is, and for which places nobody is on it."""

from uuid import UUID

from forwarding.places import shipped_places
from forwarding.reach import PlaceReached, reach
from forwarding.regions import region_of
from forwarding.routing import propose
from pipeline.store.queue import NamedPlace
from signals.referral import RecipientKind
from tests.forwarding.town import BOOK, LONELY_STATION, OTHER_AREA, OTHER_CITY, SCHOOL_X, STATION, Spot, Town


def reached(town: Town, signal: UUID, *spots: Spot) -> tuple[PlaceReached, ...]:
    named = [NamedPlace(spot.id, spot.kind, spot.name) for spot in spots]
    with town.expert() as connection:
        return reach(named, propose(connection, signal, book=BOOK), BOOK).places


def test_one_place_that_everybody_has_leaves_nobody_out(town: Town) -> None:
    with town.expert() as connection:
        signal = town.add_signal(STATION)
        found = reach(
            [NamedPlace(STATION.id, STATION.kind, STATION.name)], propose(connection, signal, book=BOOK), BOOK
        )
    assert (found.units, found.left_out) == (("Polderland",), ())


def test_each_place_tells_whose_ground_it_is_and_who_is_told_of_it(town: Town) -> None:
    places = (STATION, OTHER_AREA, OTHER_CITY, LONELY_STATION)
    found = {one.name: one for one in reached(town, town.add_signal(*places), *places)}
    assert (found["Rietdam-Elsbroek"].unit, found["Rietdam-Elsbroek"].police) == ("Polderland", True)
    assert (found["De Top"].unit, found["De Top"].police) == ("Hoogland", True)
    assert (found["Verweg"].unit, found["Verweg"].anybody) == (None, False)


def test_somebody_who_cannot_be_sent_to_is_not_told(town: Town) -> None:
    with town.owner() as owner:
        owner.execute("UPDATE contacts SET user_id = NULL WHERE kind = 'police'")
    [station] = reached(town, town.add_signal(STATION), STATION)
    assert (station.anybody, station.police) == (True, False)


def test_a_contact_is_told_of_the_places_that_tie_it_and_no_other(town: Town) -> None:
    with town.owner() as owner:
        owner.execute("UPDATE contacts SET active = false WHERE kind IN ('police', 'municipality', 'field')")
    found = reached(town, town.add_signal(SCHOOL_X, OTHER_AREA), SCHOOL_X, OTHER_AREA)
    assert [(one.name, one.anybody) for one in found] == [("Lisdodde College", True), ("De Top", False)]


def test_regions_follow_the_municipality_and_not_the_police_unit() -> None:
    regions = {place: region_of(shipped_places().entry(place).municipality) for place in ("ns:KMA", "ns:DT", "ns:ASD")}  # type: ignore[union-attr]
    assert regions == {"ns:KMA": "Zaanstreek", "ns:DT": "Haaglanden", "ns:ASD": "Amsterdam"}
    assert region_of("Purmerend") is None
    assert region_of("") is None


def test_no_kind_of_recipient_but_the_police_counts_as_police(town: Town) -> None:
    with town.owner() as owner:
        owner.execute("UPDATE contacts SET active = false WHERE kind = %s", (RecipientKind.POLICE.value,))
    [station] = reached(town, town.add_signal(STATION), STATION)
    assert (station.anybody, station.police) == (True, False)
