"""Who is proposed for a signal, and why."""

from uuid import UUID

import pytest

from forwarding.routing import Proposal, propose
from forwarding.rules import RULES, Bond, Rule
from signals.label import Category
from signals.place import PlaceKind
from signals.referral import Field, RecipientKind
from tests.forwarding.town import (
    BOOK,
    CITY,
    LONELY_STATION,
    OTHER_AREA,
    QUARTER,
    SCHOOL_X,
    SCHOOL_Y,
    STATION,
    TOWN,
    Town,
)


def proposals(town: Town, signal: UUID) -> dict[str, Proposal]:
    with town.expert() as connection:
        return {proposal.display_name: proposal for proposal in propose(connection, signal, book=BOOK)}


def test_a_station_reaches_the_coordinators_of_its_corridor_the_wijkagent_and_who_is_in_the_street(town: Town) -> None:
    found = proposals(town, town.add_signal(STATION))
    assert list(found) == [
        "coordinator.x",
        "coordinator.y",
        "coordinator.z",
        "wijkagent",
        "jenv",
        "handhaving",
        "jongerenwerk",
    ]
    assert all(proposal.sendable for proposal in found.values())
    assert found["wijkagent"].why == (
        "Rietdam-Elsbroek ligt in Rietdam, het werkgebied van dit politiecontact (eenheid Polderland)."
    )
    assert found["coordinator.y"].why == (
        "Rietdam-Elsbroek staat op de lijst van plaatsen die Meerkoet Lyceum aangaan. "
        "Dit is de coördinator van die school."
    )


def test_a_named_school_reaches_its_own_coordinator_and_no_other_school(town: Town) -> None:
    found = proposals(town, town.add_signal(SCHOOL_X))
    assert list(found) == ["coordinator.x", "wijkagent", "jenv", "handhaving", "jongerenwerk"]
    assert found["jenv"].why == (
        "Lisdodde College ligt in Waterstad. Dit is het contact van de gemeente voor Jeugd & Veiligheid daar."
    )
    assert found["coordinator.x"].why == "Lisdodde College wordt genoemd. Dit is de coördinator van die school."


def test_an_area_is_found_in_the_area_it_lies_in(town: Town) -> None:
    assert list(proposals(town, town.add_signal(QUARTER))) == ["wijkagent", "jenv", "handhaving", "jongerenwerk"]


def test_a_whole_city_reaches_only_who_serves_the_whole_city(town: Town) -> None:
    assert list(proposals(town, town.add_signal(CITY))) == ["jenv", "handhaving"]


def test_a_contact_of_another_police_unit_is_never_proposed(town: Town) -> None:
    town.add_contact("verkeerde.lijst", RecipientKind.POLICE, (STATION, TOWN), unit="Hoogland")
    found = proposals(town, town.add_signal(STATION))
    assert "verkeerde.lijst" not in found
    assert "wijkagent" in found


def test_two_places_in_two_units_reach_both_units_each_for_its_own_place(town: Town) -> None:
    found = proposals(town, town.add_signal(STATION, OTHER_AREA))
    assert "Polderland" in found["wijkagent"].why
    assert "Hoogland" in found["wijkagent.heuvelstad"].why
    assert "Rietdam" not in found["wijkagent.heuvelstad"].why


def test_a_station_of_which_nobody_wrote_down_where_it_lies_reaches_only_who_lists_it(town: Town) -> None:
    town.add_contact("wijkagent.verweg", RecipientKind.POLICE, (LONELY_STATION,), unit="Polderland")
    assert list(proposals(town, town.add_signal(LONELY_STATION))) == ["wijkagent.verweg"]


def test_a_jeugdambassadeur_is_told_of_the_school_he_has_and_of_no_station(town: Town) -> None:
    town.add_contact("jeugdambassadeur", RecipientKind.MUNICIPALITY, (SCHOOL_X,))
    assert "jeugdambassadeur" in proposals(town, town.add_signal(SCHOOL_X))
    assert "jeugdambassadeur" not in proposals(town, town.add_signal(STATION))


def test_sexual_harm_goes_to_help_first_then_police_and_the_school_sees_category_and_place_only(town: Town) -> None:
    found = proposals(town, town.add_signal(SCHOOL_X, category="sexual"))
    assert list(found) == ["hulp", "wijkagent", "coordinator.x"]
    assert found["coordinator.x"].fields == {Field.CATEGORY, Field.PLACE}


def test_without_a_valid_agreement_a_contact_is_named_but_cannot_be_sent_to(town: Town) -> None:
    town.add_contact("zonder", RecipientKind.MUNICIPALITY, (STATION,), agreed=None)
    town.add_contact("verlopen", RecipientKind.MUNICIPALITY, (STATION,), days_left=-1)
    town.add_contact("straks", RecipientKind.MUNICIPALITY, (STATION,), days_left=400)
    with town.owner() as owner:
        owner.execute(
            "UPDATE agreements SET starts_on = '2099-01-01', ends_on = '2099-12-31' WHERE ends_on > current_date + 300"
        )
    town.add_contact("leeg", RecipientKind.MUNICIPALITY, (STATION,), agreed=())
    town.add_contact("nog-geen-account", RecipientKind.MUNICIPALITY, (STATION,), portal=False)
    found = proposals(town, town.add_signal(STATION))
    assert found["zonder"].hindrance == "Er is geen convenant met Organisatie zonder municipality."
    assert "is niet geldig (tot " in (found["verlopen"].hindrance or "")
    assert found["straks"].hindrance == "Het convenant met Organisatie straks municipality gaat pas in op 01-01-2099."
    assert "laat voor dit signaal niets toe" in (found["leeg"].hindrance or "")
    assert "portaal" in (found["nog-geen-account"].hindrance or "")
    assert not any(found[name].sendable for name in ("zonder", "verlopen", "straks", "leeg", "nog-geen-account"))


@pytest.mark.parametrize(
    "empty",
    [
        Rule("empty", frozenset(), frozenset(PlaceKind), Bond.COVERS, RecipientKind.POLICE, "{where}"),
        Rule("empty", frozenset(Category), frozenset(), Bond.COVERS, RecipientKind.POLICE, "{where}"),
    ],
)
def test_an_empty_rule_reaches_nobody(town: Town, empty: Rule) -> None:
    signal = town.add_signal(STATION, SCHOOL_X)
    with town.expert() as connection:
        assert propose(connection, signal, book=BOOK, rules=[empty]) == []
        assert propose(connection, signal, book=BOOK, rules=[]) == []


def test_a_signal_without_a_place_or_a_category_reaches_nobody(town: Town) -> None:
    assert proposals(town, town.add_signal()) == {}
    assert proposals(town, town.add_signal(STATION, category="none")) == {}


def test_a_contact_without_places_and_one_that_left_are_never_proposed(town: Town) -> None:
    town.add_contact("nergens", RecipientKind.POLICE, (), unit="Polderland")
    town.add_contact("vertrokken", RecipientKind.POLICE, (STATION,), unit="Polderland", active=False)
    assert not {"nergens", "vertrokken"} & proposals(town, town.add_signal(STATION)).keys()


def test_a_contact_that_two_rules_name_is_proposed_once_with_both_reasons(town: Town) -> None:
    found = proposals(town, town.add_signal(STATION, SCHOOL_X, SCHOOL_Y))
    why = found["coordinator.x"].why
    assert "Lisdodde College wordt genoemd" in why
    assert "Rietdam-Elsbroek staat op de lijst" in why
    assert "Meerkoet" not in why


def test_no_rule_proposes_escalation_and_every_rule_explains_itself() -> None:
    assert RecipientKind.ESCALATION not in {rule.reaches for rule in RULES}
    assert all(rule.why.endswith(".") and rule.categories and rule.places for rule in RULES)
