"""The regions of the network, each with its own team, and what is said when a signal goes from one to another.

A region says whose turn it is to act, never who may see. It compares no region with another.
"""

from enum import StrEnum


class Region(StrEnum):
    """A region with a team of its own."""

    AMSTERDAM = "amsterdam"
    HAAGLANDEN = "haaglanden"
    ROTTERDAM = "rotterdam"
    ZAANSTREEK = "zaanstreek"


REGION_NAMES: dict[Region, str] = {
    Region.AMSTERDAM: "Amsterdam",
    Region.HAAGLANDEN: "Haaglanden",
    Region.ROTTERDAM: "Rotterdam",
    Region.ZAANSTREEK: "Zaanstreek",
}


class OfferReason(StrEnum):
    """Why a team hands a signal over."""

    PLACE_IS_THERE = "place_is_there"
    MOST_IS_THERE = "most_is_there"
    THEIR_NETWORK = "their_network"
    WE_ARE_UNSTAFFED = "we_are_unstaffed"


OFFER_REASON_LABELS: dict[OfferReason, str] = {
    OfferReason.PLACE_IS_THERE: "de plaats ligt daar",
    OfferReason.MOST_IS_THERE: "het raakt meer regio's, daar het meest",
    OfferReason.THEIR_NETWORK: "het netwerk daar is nodig",
    OfferReason.WE_ARE_UNSTAFFED: "ons team is nu niet bemand",
}


class GiveBackReason(StrEnum):
    """Why the other team gives it back."""

    NOT_OUR_PLACE = "not_our_place"
    WE_ARE_UNSTAFFED = "we_are_unstaffed"
    TALK_FIRST = "talk_first"
    YOU_ARE_ON_IT = "you_are_on_it"


GIVE_BACK_REASON_LABELS: dict[GiveBackReason, str] = {
    GiveBackReason.NOT_OUR_PLACE: "de plaats ligt niet bij ons",
    GiveBackReason.WE_ARE_UNSTAFFED: "ons team is nu niet bemand",
    GiveBackReason.TALK_FIRST: "bel ons eerst",
    GiveBackReason.YOU_ARE_ON_IT: "u bent er al mee bezig",
}
