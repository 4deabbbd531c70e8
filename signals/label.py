"""The labels of the labelling guide: categories, levels, genres and languages, with their Dutch names.

One table each; screens, models and exports read the same rows. What a label means stands in `docs/reference/labels.md`.
"""

from enum import StrEnum


class Category(StrEnum):
    """What kind of harm a post points to. The order settles ties: the first one wins."""

    THREAT = "threat"
    WEAPON = "weapon"
    CONFRONTATION = "confrontation"
    RECRUITMENT = "recruitment"
    DRUGS = "drugs"
    EXTORTION = "extortion"
    SEXUAL = "sexual"
    NONE = "none"


class Level(StrEnum):
    """How concrete a post is, from expression to acute; see `signals.level` for the rule."""

    UITING = "uiting"
    AANDACHT = "aandacht"
    CONCREET = "concreet"
    ACUUT = "acuut"


class Genre(StrEnum):
    """What kind of text a post is. Used for reporting and for the case against a flag."""

    CHAT = "chat"
    LYRIC = "lyric"
    NEWS = "news"
    PREVENTION = "prevention"
    GAMING = "gaming"
    SPORT = "sport"
    FIGURATIVE = "figurative"
    EVERYDAY = "everyday"
    AD = "ad"
    QUESTION = "question"


class Lang(StrEnum):
    """Language of a text: Dutch, English, Dutch mixed with street language or English, or another."""

    NL = "nl"
    EN = "en"
    MIXED = "mixed"
    OTHER = "other"


CATEGORY_LABELS: dict[Category, str] = {
    Category.THREAT: "Bedreiging",
    Category.WEAPON: "Wapenbezit",
    Category.CONFRONTATION: "Confrontatie",
    Category.RECRUITMENT: "Ronselen",
    Category.DRUGS: "Drugshandel",
    Category.EXTORTION: "Afpersing",
    Category.SEXUAL: "Seksueel grensoverschrijdend",
    Category.NONE: "Geen",
}

LEVEL_LABELS: dict[Level, str] = {
    Level.UITING: "Uiting",
    Level.AANDACHT: "Aandacht",
    Level.CONCREET: "Concreet",
    Level.ACUUT: "Acuut",
}

LEVEL_ORDER: tuple[Level, ...] = (Level.ACUUT, Level.CONCREET, Level.AANDACHT, Level.UITING)
