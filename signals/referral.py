"""The states of a referral (*doorgeleiding*) and the steps between them, as data; and who may receive one.

One referral per recipient. It sends nothing; `forwarding` does.
"""

from enum import StrEnum


class ReferralState(StrEnum):
    """Where one referral stands, from prepared to answered."""

    PREPARED = "prepared"
    HELD = "held"
    SENT = "sent"
    RECEIVED = "received"
    READ = "read"
    ACKNOWLEDGED = "acknowledged"
    FED_BACK = "fed_back"
    WITHDRAWN = "withdrawn"
    FAILED = "failed"


REFERRAL_STATE_LABELS: dict[ReferralState, str] = {
    ReferralState.PREPARED: "klaargezet",
    ReferralState.HELD: "vastgehouden",
    ReferralState.SENT: "verzonden",
    ReferralState.RECEIVED: "ontvangen",
    ReferralState.READ: "gelezen",
    ReferralState.ACKNOWLEDGED: "bevestigd ontvangen",
    ReferralState.FED_BACK: "teruggekoppeld",
    ReferralState.WITHDRAWN: "ingetrokken",
    ReferralState.FAILED: "mislukt",
}

_R = ReferralState
_OPEN = (_R.PREPARED, _R.HELD, _R.SENT, _R.RECEIVED, _R.READ, _R.ACKNOWLEDGED, _R.FED_BACK, _R.FAILED)

REFERRAL_STEPS: frozenset[tuple[ReferralState, ReferralState]] = frozenset(
    {
        (_R.PREPARED, _R.HELD),
        (_R.HELD, _R.PREPARED),
        (_R.PREPARED, _R.SENT),
        (_R.PREPARED, _R.FAILED),
        (_R.FAILED, _R.PREPARED),
        (_R.FAILED, _R.READ),  # the portal works also when the notice could not be sent
        (_R.SENT, _R.RECEIVED),
        (_R.PREPARED, _R.READ),  # a recipient may open the portal before the notice has left
        (_R.SENT, _R.READ),
        (_R.RECEIVED, _R.READ),
        (_R.READ, _R.ACKNOWLEDGED),
        (_R.ACKNOWLEDGED, _R.FED_BACK),
        *((state, _R.WITHDRAWN) for state in _OPEN),
    }
)


class RecipientKind(StrEnum):
    """The rows of the need-to-know table: what a recipient may see follows from this and from its agreement."""

    SCHOOL = "school"
    POLICE = "police"
    MUNICIPALITY = "municipality"
    FIELD = "field"
    HELP = "help"
    ESCALATION = "escalation"


RECIPIENT_KIND_LABELS: dict[RecipientKind, str] = {
    RecipientKind.SCHOOL: "coördinator van de school",
    RecipientKind.POLICE: "wijkagent of jeugdagent",
    RecipientKind.MUNICIPALITY: "team Jeugd & Veiligheid",
    RecipientKind.FIELD: "straatcoach, jongerenwerk of handhaving",
    RecipientKind.HELP: "Ouder- en Kindteam of hulppartner",
    RecipientKind.ESCALATION: "OTSV of AcVZ",
}


class Field(StrEnum):
    """The fields of the need-to-know table, and what an agreement may name besides.

    THREAD is no column of a referral: it is taking part in the situation thread, for kinds that do not by themselves.
    """

    THEME = "theme"
    CATEGORY = "category"
    LEVEL = "level"
    PLACE = "place"
    WINDOW = "window"
    EXCERPT = "excerpt"
    LINK = "link"
    DUIDING = "duiding"
    THREAD = "thread"


ALLOWED: dict[RecipientKind, frozenset[Field]] = {
    RecipientKind.SCHOOL: frozenset(
        {Field.CATEGORY, Field.LEVEL, Field.PLACE, Field.WINDOW, Field.EXCERPT, Field.LINK, Field.DUIDING}
    ),
    RecipientKind.POLICE: frozenset(
        {Field.CATEGORY, Field.LEVEL, Field.PLACE, Field.WINDOW, Field.EXCERPT, Field.LINK, Field.DUIDING}
    ),
    RecipientKind.MUNICIPALITY: frozenset({Field.CATEGORY, Field.LEVEL, Field.PLACE, Field.WINDOW, Field.DUIDING}),
    RecipientKind.FIELD: frozenset({Field.THEME, Field.PLACE, Field.WINDOW, Field.DUIDING}),
    RecipientKind.HELP: frozenset({Field.CATEGORY, Field.PLACE, Field.DUIDING}),
    RecipientKind.ESCALATION: frozenset({Field.CATEGORY, Field.LEVEL, Field.PLACE, Field.WINDOW, Field.DUIDING}),
}
"""The need-to-know table of `domain.md` 1.2. LINK means: on a reasoned request, opened by the unseal service."""

EXCERPT_LENGTH = 280
"""Longest excerpt, in code points of masked text around the reasons."""

NO_EVIDENCE = "geen bewijs"
"""What stands with every excerpt, wherever it is shown."""


class Feedback(StrEnum):
    """The closed list a recipient answers with (*terugkoppeling*). No free text, no names."""

    VISIBLY_PRESENT = "visibly_present"
    NOTHING_FOUND = "nothing_found"
    TALK_HELD = "talk_held"
    FALSE_SIGNAL = "false_signal"
    HANDED_OVER = "handed_over"


FEEDBACK_LABELS: dict[Feedback, str] = {
    Feedback.VISIBLY_PRESENT: "zichtbaar aanwezig",
    Feedback.NOTHING_FOUND: "niets aangetroffen",
    Feedback.TALK_HELD: "gesprek gevoerd",
    Feedback.FALSE_SIGNAL: "onterecht signaal",
    Feedback.HANDED_OVER: "overgedragen",
}


def may_step(before: ReferralState, after: ReferralState) -> bool:
    """Whether a referral may go from one state to the other."""
    return (before, after) in REFERRAL_STEPS
