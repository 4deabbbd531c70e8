"""The Dutch names that screens show for codes, gathered for the templates. The tables themselves stand in `signals`."""

from forwarding.referrals import WITHDRAW_REASON_LABELS
from pipeline.store import late_readings
from pipeline.store.questions import TOPIC_LABELS
from pipeline.store.queue_counts import QueueView
from pipeline.store.users import UserRole
from signals.analysis import FACT_LABELS, Fact
from signals.label import CATEGORY_LABELS, LEVEL_LABELS, Category, Level
from signals.place import PLACE_KIND_LABELS
from signals.post import SOURCE_LABELS
from signals.referral import FEEDBACK_LABELS, RECIPIENT_KIND_LABELS, REFERRAL_STATE_LABELS, Field
from signals.region import GIVE_BACK_REASON_LABELS, OFFER_REASON_LABELS, REGION_NAMES
from signals.signal import (
    CONFIRM_REASON_LABELS,
    OUTCOME_LABELS,
    PARK_REASON_LABELS,
    REJECT_REASON_LABELS,
    SIGNAL_STATE_LABELS,
    ConfirmReason,
    ParkReason,
    RejectReason,
)

CATEGORIES = CATEGORY_LABELS
LEVELS = LEVEL_LABELS
FACTS = FACT_LABELS
PLACE_KINDS = PLACE_KIND_LABELS
SOURCES = SOURCE_LABELS
STATES = SIGNAL_STATE_LABELS
REFERRAL_STATES = REFERRAL_STATE_LABELS
RECIPIENTS = RECIPIENT_KIND_LABELS
FEEDBACK = FEEDBACK_LABELS
CONFIRM_REASONS = CONFIRM_REASON_LABELS
REJECT_REASONS = REJECT_REASON_LABELS
PARK_REASONS = PARK_REASON_LABELS
OUTCOMES = OUTCOME_LABELS
WITHDRAW_REASONS = WITHDRAW_REASON_LABELS
TOPICS = TOPIC_LABELS
REGIONS = REGION_NAMES
OFFER_REASONS = OFFER_REASON_LABELS
GIVE_BACK_REASONS = GIVE_BACK_REASON_LABELS
REASONS: dict[str, str] = {
    **{f"confirm:{code}": name for code, name in CONFIRM_REASON_LABELS.items()},
    **{f"reject:{code}": name for code, name in REJECT_REASON_LABELS.items()},
    **{f"park:{code}": name for code, name in PARK_REASON_LABELS.items()},
}

JUDGEABLE_CATEGORIES = [category for category in Category if category is not Category.NONE]
JUDGEABLE_LEVELS = [Level.ACUUT, Level.CONCREET, Level.AANDACHT]

VERDICTS = {"confirm": "bevestigd", "reject": "afgewezen", "park": "aangehouden"}

VIEWS: dict[QueueView, str] = {
    QueueView.ALL: "Alles",
    QueueView.ACUUT: "Acuut",
    QueueView.SECOND: "Tweede lezer",
    QueueView.MINE: "Van mij",
    QueueView.CASUSOVERLEG: "Casusoverleg",
    QueueView.CONFIRMED: "Doorzetten",
    QueueView.TIPS: "Meldingen",
}

ROLES: dict[UserRole, str] = {
    UserRole.EXPERT: "expert",
    UserRole.RECIPIENT: "ontvanger",
    UserRole.TUNER: "beheer van kennis en drempels",
    UserRole.ORDER_APPROVER: "goedkeurder van opdrachten",
    UserRole.FG: "functionaris gegevensbescherming",
    UserRole.BOARD: "bestuur",
    UserRole.ADMIN: "beheer",
    UserRole.AUDITOR: "controleur",
}

FACT_WORDS: dict[Fact, str] = {
    Fact.TARGET: "op wie",
    Fact.PLACE: "plaats",
    Fact.TIME: "tijd",
    Fact.MEANS: "middel",
    Fact.CALL: "oproep",
}
"""The small word beside a marked stretch of text."""

WHY_WORDS: dict[str, str] = {
    "word of violence": "geweld?",
    "word for a weapon": "wapen?",
    "word for a fight": "gevecht?",
    "word of recruiting": "ronselen?",
    "word for drugs": "drugs?",
    "word of extortion": "afpersing?",
    "word of sexual harm": "seksueel?",
    "written in disguise": "vermomd",
    "this part weighs most": "gaf de doorslag",
}
"""The small word beside a reason that is no fact, by what analysis calls it (`nlp.reasons.Why`): a question mark, for
the word may mean something else."""

FIELDS: dict[Field, str] = {
    Field.THEME: "thema",
    Field.CATEGORY: "soort",
    Field.LEVEL: "niveau",
    Field.PLACE: "plaats",
    Field.WINDOW: "tijd",
    Field.EXCERPT: "fragment",
    Field.LINK: "bronlink op verzoek",
    Field.DUIDING: "duiding",
    Field.THREAD: "meepraten over de situatie",
}

LEVEL_SIGNS: dict[Level, str] = {Level.ACUUT: "▲", Level.CONCREET: "◆", Level.AANDACHT: "●", Level.UITING: "○"}

CONFIRM_KEYS: dict[ConfirmReason, str] = {
    ConfirmReason.CALL_WITH_TIME_AND_PLACE: "O",
    ConfirmReason.DIRECTED: "G",
    ConfirmReason.OFFER_OR_DEMAND: "N",
    ConfirmReason.ONGOING: "I",
    ConfirmReason.HELP_WANTED: "H",
    ConfirmReason.OTHER: "S",
}
REJECT_KEYS: dict[RejectReason, str] = {
    RejectReason.ART: "K",
    RejectReason.FIGURATIVE: "F",
    RejectReason.NEWS: "N",
    RejectReason.PREVENTION: "V",
    RejectReason.GAMING: "G",
    RejectReason.SPORT: "T",
    RejectReason.OLD: "O",
    RejectReason.NOT_CONCRETE: "C",
    RejectReason.PLACE_WRONG: "L",
    RejectReason.DUPLICATE: "D",
    RejectReason.OTHER: "S",
}
PARK_KEYS: dict[ParkReason, str] = {
    ParkReason.CONTEXT_WANTED: "M",
    ParkReason.PLACE_UNCLEAR: "L",
    ParkReason.TIME_UNCLEAR: "T",
}
"""One key for each reason, inside its opened panel. None is B, A or P, which open the panels."""

SECOND_READER_WITHIN = late_readings.SECOND_READER_WITHIN
"""After this a page says that no second reader confirmed a place notice."""
