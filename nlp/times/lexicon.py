"""The words of time in Dutch, English, street spelling and a little of the other languages of the schoolyard.

Each word has one kind, which the grammar is written in, and a value. What they mean together stands elsewhere.
"""

from typing import Final

from nlp.times import table

Value = tuple[int, ...]
"""A number, weekday, month or count of minutes; of compounds ('zaterdagavond') the day and the part of the day."""

MORNING, AFTERNOON, EVENING, NIGHT = 0, 1, 2, 3
DAY, HOUR, WEEK, MONTH, YEAR = 1440, 60, 7 * 1440, 30 * 1440, 365 * 1440

_WEEKDAYS = (
    ("maandag monday mndg maandg lunes montag lundi poniedziałek djaluna moandei", "ma mon maan"),
    ("dinsdag tuesday dnsdg martes dienstag mardi salı wtorek djamars tiisdei", "di tue tues dins"),
    (
        "woensdag wednesday wnsdg wensday wednsday miercoles mittwoch mercredi carsamba środa sroda djarason woansdei",
        "wo woe wed weds",
    ),
    (
        "donderdag thursday dndrdg jueves donnerstag jeudi persembe czwartek djaweps tongersdei",
        "do don thu thur thurs donder",
    ),
    ("vrijdag friday vrdg vrydag vrijdg vrijdagg viernes freitag vendredi cuma piatek djabierne freida", "vr vrij fri"),
    (
        "zaterdag saturday ztrdg zatrdag cumartesi sabado samstag samedi sobota sobote djasabra satra sneon",
        "za zat sat",
    ),
    ("zondag sunday zndg domingo sonntag dimanche niedziela niedziele djadumingu snein", "zo zon sun"),
)
_PARTS = (
    "ochtend morning voormiddag sabah matin mainta",
    "middag namiddag afternoon tarde",
    "avond avnd evening aksam nochi",
    "nacht night nite neti gece noche",
)
_PARTLY = ("ochtends morgens sochtends smorgens", "middags smiddags", "avonds savonds saavonds", "nachts snachts")
_MONTHS = (
    "januari january jan", "februari february feb", "maart march mrt", "april apr", "mei may", "juni june jun",
    "juli july jul", "augustus august aug", "september sept sep", "oktober october okt oct", "november nov",
    "december dec",
)  # fmt: skip
_NUMBERS = {
    0: "nul", 1: "one", 2: "twee two", 3: "drie three", 4: "vier four", 5: "vijf five", 6: "zes six",
    7: "zeven seven", 8: "acht eight", 9: "negen nine", 10: "tien ten", 11: "elf eleven", 12: "twaalf twelve",
    13: "dertien", 14: "veertien", 15: "vijftien fifteen", 16: "zestien", 17: "zeventien", 18: "achttien",
    19: "negentien", 20: "twintig twenty", 21: "eenentwintig", 22: "tweeentwintig", 23: "drieentwintig",
    24: "vierentwintig", 30: "dertig thirty", 40: "veertig forty", 45: "vijfenveertig", 50: "vijftig fifty",
}  # fmt: skip
HOURS: Final = "enen tweeen drieen vieren vijven zessen zevenen achten negenen tienen elven twaalven"
_ORDINALS = {
    1: "eerste first", 2: "tweede second", 3: "derde third", 4: "vierde fourth", 5: "vijfde fifth", 6: "zesde sixth",
    7: "zevende seventh", 8: "achtste eighth", 9: "negende ninth", 10: "tiende tenth", 11: "elfde", 12: "twaalfde",
    13: "dertiende", 14: "veertiende", 15: "vijftiende", 16: "zestiende", 17: "zeventiende", 18: "achttiende",
    19: "negentiende", 20: "twintigste", 30: "dertigste",
}  # fmt: skip
_UNITS = {
    1: "min mins minuut minuten minuutje minuutjes minute minutes",
    15: "kwartier kwartiertje",
    30: "halfuur halfuurtje",
    HOUR: "uren hour hours hr hrs uurtje uurtjes saea",
    DAY: "dag dagen dagje dagjes day days nachten nachtjes nachtje",
    WEEK: "week weken weekje weekjes weeks",
    MONTH: "maand maanden maandje month months",
    YEAR: "jaar jaren jaartje year years",
}
_FIXED = {
    (1, 1): "nieuwjaar nieuwjaarsdag", (4, 27): "koningsdag", (5, 5): "bevrijdingsdag", (10, 31): "halloween",
    (11, 11): "sintmaarten", (12, 5): "pakjesavond sinterklaasavond", (12, 24): "kerstavond", (12, 25): "kerst xmas",
    (12, 31): "oudjaarsavond oudjaar oudejaarsavond oudejaarsdag oudejaarsnacht oudjaarsnacht nye",
}  # fmt: skip
_PLAIN = table.sections("kinds")
_HASHTAG_WORDS = table.words("hashtags", "words")

WORDS: Final[dict[str, tuple[str, Value]]] = {
    "morgen": ("morgen", (1,)),
    "overmorgen": ("tomorrow", (2,)),
    "ovrmrgn": ("tomorrow", (2,)),
    "eergisteren": ("yesterday", (2,)),
    "eergister": ("yesterday", (2,)),
    "half": ("half", (30,)),
    "halb": ("half", (30,)),
    "halve": ("half", (30,)),
    "anderhalf": ("anderhalf", (90,)),
    "paar": ("few", (3,)),
    "few": ("few", (3,)),
    "couple": ("few", (2,)),
    "vanochtend": ("vanpart", (0, MORNING)),
    "vanmorgen": ("vanpart", (0, MORNING)),
    "vnochtend": ("vanpart", (0, MORNING)),
}
ENGLISH_NUMBERS: Final = frozenset(
    ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
)
PART_MINUTES: Final[tuple[tuple[int, int], ...]] = ((360, 720), (720, 1080), (1080, 1439), (1320, 1800))
"""First and last minute of each part of the day; the night runs on into the next day."""


def _fill() -> None:
    for kind, words in _PLAIN.items():
        for word in words.split():
            WORDS.setdefault(word, (kind, (1,) if kind in {"tomorrow", "yesterday", "een"} else (0,)))
    for number, words in (*_NUMBERS.items(),):
        WORDS.update((word, ("num", (number,))) for word in words.split())
    for number, word in enumerate(HOURS.split(), 1):
        WORDS[word] = ("num", (number,))
    for number, words in _ORDINALS.items():
        WORDS.update((word, ("nth", (number,))) for word in words.split())
    for minutes, words in _UNITS.items():
        for word in words.split():
            WORDS.setdefault(word, ("unit", (minutes,)))
    for month, words in enumerate(_MONTHS, 1):
        WORDS.update((word, ("month", (month,))) for word in words.split())
    for (month, day), words in _FIXED.items():
        WORDS.update((word, ("fixed", (month, day))) for word in words.split())
    for part, words in enumerate(_PARTS):
        WORDS.update((word, ("part", (part,))) for word in words.split())
        WORDS.update((word, ("partly", (part,))) for word in _PARTLY[part].split())
    _fill_days()


def _fill_days() -> None:
    for weekday, (names, short) in enumerate(_WEEKDAYS):
        for name in names.split():
            WORDS[name] = ("weekday", (weekday,))
            WORDS.update((name + ending, ("habit", (weekday,))) for ending in ("s", "en"))
        for name in short.split():
            WORDS.setdefault(name, ("short", (weekday,)))
        for part, words in enumerate((*_PARTS[:2], *_PARTS[2:])):
            for word in words.split():
                for name in names.split()[:2]:
                    WORDS[name + word] = ("weekdaypart", (weekday, part))
                    WORDS[name + word + "en"] = ("habit", (weekday, part))
    for part, word in enumerate(("ochtend", "middag", "avond", "nacht")):
        for day in ("morgen", "mrgn", "morge"):
            WORDS[day + word] = ("tomorrowpart", (1, part))
        WORDS["overmorgen" + word] = ("tomorrowpart", (2, part))
        for day in ("gister", "gisteren"):
            WORDS[day + word] = ("yesterdaypart", (1, part))
        for given in ("van" + word, "vn" + word, "van" + word[:3], "vana" + word[1:]):
            WORDS.setdefault(given, ("vanpart", (0, part)))
    WORDS.update(dict.fromkeys(("morgenvroeg", "mrgnvroeg"), ("tomorrowpart", (1, MORNING))))
    for word in [
        "vnv",
        "vnavnd",
        "vanavnd",
        "vnvnd",
        "vanaaf",
        "vanavon",
        "tonight",
        "2night",
        "2nite",
        "tonite",
        "tonigt",
        "tnght",
        "vnvd",
    ]:
        WORDS[word] = ("vanpart", (0, EVENING))
    for word in ["vanmid", "vnmddg", "vanmidag", "vannamiddag", "vnmid"]:
        WORDS[word] = ("vanpart", (0, AFTERNOON))
    for word in ["vnncht", "vnnacht", "vannachtje"]:
        WORDS[word] = ("vanpart", (0, NIGHT))


_fill()
HASHTAG_WORDS: Final = tuple(sorted(_HASHTAG_WORDS, key=len, reverse=True))
TRIGGERS: Final = frozenset(
    word
    for word, (kind, _) in WORDS.items()
    if kind
    in {
        *("today", "tomorrow", "morgen", "yesterday", "now", "nu", "noww", "soon", "later", "just", "once", "ago"),
        *("weekend", "weekday", "weekdaypart", "tomorrowpart", "yesterdaypart", "vanpart", "habit", "part", "partly"),
        *("school", "lesson", "bell", "break", "brk", "unit", "noon", "midnight", "fixed", "zo", "uur", "quarter"),
        *("half", "moment", "season", "nth", "month", "num", "few"),
    }
    and word not in {"one", "two", "twee"}
)
"""Words without which (and without a digit or another number) a text holds no time expression."""
