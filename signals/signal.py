"""The states of a signal and the steps between them, as data. It holds no signal and runs no step.

`claimed` is a lease on a signal, not a state that history keeps: the store holds it beside the signal.
"""

from enum import StrEnum


class SignalState(StrEnum):
    """Where a signal stands in the team's queue."""

    NEW = "new"
    CLAIMED = "claimed"
    WAITING_SECOND = "waiting_second"
    CASUSOVERLEG = "casusoverleg"
    PARKED = "parked"
    CONFIRMED = "confirmed"
    REJECTED = "rejected"
    EXPIRED = "expired"
    REFERRED = "referred"
    CLOSED = "closed"


SIGNAL_STATE_LABELS: dict[SignalState, str] = {
    SignalState.NEW: "nieuw",
    SignalState.CLAIMED: "in behandeling",
    SignalState.WAITING_SECOND: "wacht op tweede lezer",
    SignalState.CASUSOVERLEG: "casusoverleg",
    SignalState.PARKED: "aangehouden",
    SignalState.CONFIRMED: "bevestigd",
    SignalState.REJECTED: "afgewezen",
    SignalState.EXPIRED: "verlopen",
    SignalState.REFERRED: "doorgezet",
    SignalState.CLOSED: "afgesloten",
}


class SignalStep(StrEnum):
    """What happens to a signal; each step but a claim writes an event row."""

    CLAIM = "claim"
    RELEASE = "release"
    CONFIRM_FIRST = "confirm_first"
    CONFIRM_SECOND = "confirm_second"
    DISAGREE = "disagree"
    REJECT = "reject"
    READ_AGAIN = "read_again"
    PARK = "park"
    RESUME = "resume"
    ASK_TEAM = "ask_team"
    UNDO_FIRST = "undo_first"
    UNDO_SECOND = "undo_second"
    UNDO_OUTCOME = "undo_outcome"
    EXTEND = "extend"
    ESCALATE = "escalate"
    DEESCALATE = "deescalate"
    EXPIRE = "expire"
    SIGHT_AGAIN = "sight_again"
    REFER = "refer"
    CORRECT = "correct"
    CLOSE = "close"


_S, _T = SignalState, SignalStep

SIGNAL_STEPS: dict[tuple[SignalState, SignalStep], SignalState] = {
    (_S.NEW, _T.CLAIM): _S.CLAIMED,
    (_S.CLAIMED, _T.RELEASE): _S.NEW,
    (_S.CLAIMED, _T.CONFIRM_FIRST): _S.WAITING_SECOND,
    (_S.CLAIMED, _T.REJECT): _S.REJECTED,
    (_S.CLAIMED, _T.PARK): _S.PARKED,
    (_S.WAITING_SECOND, _T.CONFIRM_SECOND): _S.CONFIRMED,
    (_S.WAITING_SECOND, _T.DISAGREE): _S.CASUSOVERLEG,
    (_S.REJECTED, _T.READ_AGAIN): _S.WAITING_SECOND,  # drawn for a second reading (pipeline.quality.second_readings)
    (_S.WAITING_SECOND, _T.REJECT): _S.REJECTED,  # that reader rejects it too, or nobody read it in time
    (_S.CASUSOVERLEG, _T.CONFIRM_SECOND): _S.CONFIRMED,
    (_S.CASUSOVERLEG, _T.REJECT): _S.REJECTED,
    (_S.CASUSOVERLEG, _T.PARK): _S.PARKED,
    # The team is asked before anyone judged: a confirmation there is a first reading, and a blind second one follows.
    (_S.CLAIMED, _T.ASK_TEAM): _S.CASUSOVERLEG,
    (_S.CASUSOVERLEG, _T.CONFIRM_FIRST): _S.WAITING_SECOND,
    # Within a minute, before anything left, the reader alone. The event of the reading says where it came from.
    (_S.WAITING_SECOND, _T.UNDO_FIRST): _S.NEW,
    (_S.REJECTED, _T.UNDO_FIRST): _S.NEW,
    (_S.PARKED, _T.UNDO_FIRST): _S.NEW,
    (_S.CONFIRMED, _T.UNDO_SECOND): _S.WAITING_SECOND,
    (_S.CASUSOVERLEG, _T.UNDO_SECOND): _S.WAITING_SECOND,
    (_S.REJECTED, _T.UNDO_SECOND): _S.WAITING_SECOND,  # both rejected
    (_S.WAITING_SECOND, _T.UNDO_OUTCOME): _S.CASUSOVERLEG,
    (_S.CONFIRMED, _T.UNDO_OUTCOME): _S.CASUSOVERLEG,
    (_S.REJECTED, _T.UNDO_OUTCOME): _S.CASUSOVERLEG,
    (_S.PARKED, _T.UNDO_OUTCOME): _S.CASUSOVERLEG,
    (_S.PARKED, _T.RESUME): _S.NEW,
    (_S.PARKED, _T.EXTEND): _S.PARKED,
    **{(state, _T.ESCALATE): state for state in (_S.NEW, _S.CLAIMED, _S.WAITING_SECOND, _S.CASUSOVERLEG)},
    **{(state, _T.DEESCALATE): state for state in (_S.NEW, _S.CLAIMED, _S.WAITING_SECOND, _S.CASUSOVERLEG)},
    (_S.PARKED, _T.EXPIRE): _S.EXPIRED,
    (_S.NEW, _T.EXPIRE): _S.EXPIRED,
    (_S.WAITING_SECOND, _T.EXPIRE): _S.EXPIRED,
    (_S.CASUSOVERLEG, _T.EXPIRE): _S.EXPIRED,
    (_S.EXPIRED, _T.SIGHT_AGAIN): _S.NEW,  # only when no person has read it yet; the store checks
    (_S.CONFIRMED, _T.REFER): _S.REFERRED,
    (_S.REFERRED, _T.CORRECT): _S.REFERRED,  # what recipients hold is cut anew (forwarding.correcting)
    (_S.CONFIRMED, _T.CLOSE): _S.CLOSED,
    (_S.REFERRED, _T.CLOSE): _S.CLOSED,
}

UNDO_STEPS: dict[SignalState, SignalStep] = {
    _S.CLAIMED: _T.UNDO_FIRST,
    _S.WAITING_SECOND: _T.UNDO_SECOND,
    _S.CASUSOVERLEG: _T.UNDO_OUTCOME,
}
"""How a reading is taken back, by the state in which it was given."""


class RejectReason(StrEnum):
    """Why an expert rejects a signal."""

    ART = "art"
    FIGURATIVE = "figurative"
    NEWS = "news"
    PREVENTION = "prevention"
    GAMING = "gaming"
    SPORT = "sport"
    OLD = "old"
    NOT_CONCRETE = "not_concrete"
    PLACE_WRONG = "place_wrong"
    DUPLICATE = "duplicate"
    OTHER = "other"


REJECT_REASON_LABELS: dict[RejectReason, str] = {
    RejectReason.ART: "kunstuiting",
    RejectReason.FIGURATIVE: "beeldspraak",
    RejectReason.NEWS: "nieuwsbericht",
    RejectReason.PREVENTION: "voorlichting of preventie",
    RejectReason.GAMING: "spel (gaming)",
    RejectReason.SPORT: "sport",
    RejectReason.OLD: "oud materiaal",
    RejectReason.NOT_CONCRETE: "onvoldoende concreet",
    RejectReason.PLACE_WRONG: "plaats klopt niet",
    RejectReason.DUPLICATE: "dubbel",
    RejectReason.OTHER: "anders",
}


class ConfirmReason(StrEnum):
    """Why an expert confirms a signal: what in the content makes it concrete."""

    CALL_WITH_TIME_AND_PLACE = "call_with_time_and_place"
    DIRECTED = "directed"
    OFFER_OR_DEMAND = "offer_or_demand"
    ONGOING = "ongoing"
    HELP_WANTED = "help_wanted"
    OTHER = "other"


CONFIRM_REASON_LABELS: dict[ConfirmReason, str] = {
    ConfirmReason.CALL_WITH_TIME_AND_PLACE: "oproep met tijd en plaats",
    ConfirmReason.DIRECTED: "gericht op een school, plaats of groep",
    ConfirmReason.OFFER_OR_DEMAND: "aanbod of eis",
    ConfirmReason.ONGOING: "is nu gaande",
    ConfirmReason.HELP_WANTED: "hulpvraag",
    ConfirmReason.OTHER: "anders",
}


class ParkReason(StrEnum):
    """Why an expert parks a signal: what has to become clear first."""

    CONTEXT_WANTED = "context_wanted"
    PLACE_UNCLEAR = "place_unclear"
    TIME_UNCLEAR = "time_unclear"


PARK_REASON_LABELS: dict[ParkReason, str] = {
    ParkReason.CONTEXT_WANTED: "eerst meer weten",
    ParkReason.PLACE_UNCLEAR: "plaats nog onduidelijk",
    ParkReason.TIME_UNCLEAR: "moment nog onduidelijk",
}


class Outcome(StrEnum):
    """What came of a confirmed signal, when it is closed. A closed list; no names."""

    PREVENTED = "prevented"
    ACTED_ON = "acted_on"
    NOTHING_FOUND = "nothing_found"
    FALSE_SIGNAL = "false_signal"
    OTHER = "other"


OUTCOME_LABELS: dict[Outcome, str] = {
    Outcome.PREVENTED: "voorkomen of gesust",
    Outcome.ACTED_ON: "opgevolgd",
    Outcome.NOTHING_FOUND: "niets aangetroffen",
    Outcome.FALSE_SIGNAL: "onterecht signaal",
    Outcome.OTHER: "anders",
}


class Lane(StrEnum):
    """Where in the queue a signal stands: urgent ones first, tips in a lane of their own."""

    URGENT = "urgent"
    ORDINARY = "ordinary"
    TIP = "tip"


def step(state: SignalState, action: SignalStep) -> SignalState:
    """The state after `action`, or a ValueError that names the step that is not allowed."""
    try:
        return SIGNAL_STEPS[state, action]
    except KeyError:
        raise ValueError(f"a signal that is {state} cannot take the step {action}") from None
