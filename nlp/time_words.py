"""The words and forms of time in Dutch, English and street spelling, and one pattern over all of them.

Only the vocabulary; what a form means relative to a moment stands in `nlp.times`.
"""

import re
from datetime import time

WEEKDAYS = {
    **dict.fromkeys(("maandag", "monday", "ma"), 0),
    **dict.fromkeys(("dinsdag", "tuesday", "di"), 1),
    **dict.fromkeys(("woensdag", "wednesday", "woe", "wo"), 2),
    **dict.fromkeys(("donderdag", "thursday", "donder"), 3),
    **dict.fromkeys(("vrijdag", "friday", "vrij"), 4),
    **dict.fromkeys(("zaterdag", "saturday", "zat"), 5),
    **dict.fromkeys(("zondag", "sunday", "zo"), 6),
}
PARTS: dict[str, tuple[time, time]] = {
    "ochtend": (time(6), time(12)),
    "morning": (time(6), time(12)),
    "middag": (time(12), time(18)),
    "afternoon": (time(12), time(18)),
    "avond": (time(18), time(23, 59)),
    "evening": (time(18), time(23, 59)),
    "night": (time(20), time(23, 59)),
    "nacht": (time(22), time(23, 59)),
}
MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "januari january jan",
            "februari february feb",
            "maart march mrt",
            "april apr",
            "mei may",
            "juni june jun",
            "juli july jul",
            "augustus august aug",
            "september sept sep",
            "oktober october okt oct",
            "november nov",
            "december dec",
        ),
        1,
    )
    for name in names.split()
}
NUMBERS = {
    name: number
    for number, names in enumerate(
        (
            "een one a an 1",
            "twee two 2",
            "drie three 3",
            "vier four 4",
            "vijf five 5",
            "zes six 6",
            "zeven seven 7",
            "acht eight 8",
            "negen nine 9",
            "tien ten 10",
            "elf eleven 11",
            "twaalf twelve 12",
        ),
        1,
    )
    for name in names.split()
}
ORDINALS = {
    "eerste": 1, "first": 1, "tweede": 2, "second": 2, "derde": 3, "third": 3, "vierde": 4, "fourth": 4, "vijfde": 5,
    "fifth": 5, "zesde": 6, "sixth": 6, "zevende": 7, "seventh": 7, "achtste": 8, "eighth": 8, "negende": 9,
}  # fmt: skip
_NUMBER = "|".join(sorted((re.escape(n) for n in NUMBERS), key=len, reverse=True))
_LONG_DAY = "maandag|dinsdag|woensdag|donderdag|vrijdag|zaterdag|zondag"
_ENGLISH_DAY = "monday|tuesday|wednesday|thursday|friday|saturday|sunday"
_PART = "ochtend|middag|avond|nacht|morning|afternoon|evening|night"
_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
_ORDINAL = "|".join(ORDINALS)

_SOME = rf"(?:{_NUMBER}|paar|few|\d{{1,3}})"
_HOUR = rf"(?:{_NUMBER}|1\d|2[0-3])"
_LATELY = r"(?:vorige?|afgelopen|last)"
_ABOUT = r"(?:om|rond|at|tegen|vanaf|around)"

KINDS: dict[str, str] = {
    "past": "|".join(
        (
            r"(?:eer)?gister(?:en)?(?:avond|middag|ochtend|nacht)?|yesterday|laatst|destijds|ooit|vroeger",
            rf"{_LATELY} (?:week(?:end)?|maand|jaar|keer|night|month|year|time|{_LONG_DAY}|{_ENGLISH_DAY})",
            rf"{_SOME} ?(?:dag(?:en)?|we(?:ken|ek)|maand(?:en)?|jaar|uur) (?:geleden|terug)",
            rf"{_SOME} ?(?:days?|weeks?|months?|years?|hours?) ago",
            r"in (?:19|20)\d\d",
        )
    ),
    "clock": rf"(?:{_ABOUT} |@ ?)?(?:[01]?\d|2[0-3])[:.][0-5]\d(?: ?uur| ?u\b| ?h\b| ?(?:am|pm))?"
    r"|(?:om )?(?:[01]?\d|2[0-3])u(?:[0-5]\d)?",
    "half": rf"(?:{_ABOUT} |iets voor |iets na )?half (?P<half_number>{_NUMBER})",
    "quarter": rf"(?:{_ABOUT} )?kwart (?P<quarter_side>over|voor) (?P<quarter_number>{_NUMBER})",
    "minutes": rf"(?:{_ABOUT} )?(?P<minutes_count>vijf|tien|5|10) (?P<minutes_side>over|voor) "
    rf"(?P<minutes_half>half )?(?P<minutes_number>{_NUMBER})",
    "lesson": r"(?:(?:na|tijdens|in|voor|after|during) )?(?:(?:de|het|t|'t|the) )?"
    rf"(?:(?P<lesson_number>[1-9]) ?e|(?P<lesson_word>{_ORDINAL})) (?:les)?(?:uur|uurtje|period|hour|les)",
    "hour": rf"(?:{_ABOUT}|tot) (?P<hour_number>{_HOUR})(?: ?uur| o'?clock| ?(?P<hour_half>am|pm))?"
    rf"|(?P<bare_number>{_HOUR})(?: ?uur(?! (?:lang|geleden|terug|per|later|in de))| ?(?P<bare_half>am|pm))",
    "within": r"(?:over|binnen|in|within) (?:een |n |'n |een paar |a )?"
    rf"(?P<within_count>{_NUMBER}|half|\d{{1,2}}|few|paar)? ?"
    r"(?P<within_unit>kwartier(?:tje)?|min(?:uten|uutjes|uut|utes|s)?|uur(?:tje)?|uren|hours?|dag(?:en)?|days?"
    r"|week|weken|weeks)",
    "date": rf"(?:op )?(?P<date_day>[0-3]?\d)(?:e|de|ste|th|st|nd|rd)? "
    rf"(?P<date_month>{_MONTH})(?: (?P<date_year>20\d\d))?",
    "day": r"(?:(?:op|aankomende|komende|volgende|deze|a\.?s\.?|this|next|on|coming) )?"
    rf"(?P<day_name>{_LONG_DAY}|{_ENGLISH_DAY})(?: ?(?:{_PART}))?s?",
    "tomorrow": rf"overmorgen(?: ?(?:{_PART}))?|day after tomorrow|morgen(?: ?(?:vroeg|{_PART}))?"
    rf"|mrgn|mrgen|morge|mogge|tomorrow(?: (?:{_PART}))?|tmrw|tmrrw|tmr|tomo|2moro",
    "today": r"vandaag(?:je)?|vndg|vndaag|(?:later )?today|2day|vanmiddag|vanmid|vanavond|vnavond|vnv|vanochtend"
    r"|vanmorgen|vannacht|tonight|2night|2nite|tonite|this (?:morning|afternoon|evening)",
    "school": r"(?:(?:meteen|direct|gelijk|right) )?(?:na|after) (?:(?:de|het|t|'t|the) )?"
    r"(?:school|skool|skoro|scoro|les|lessen|laatste uur|laatste les|bel|last period|class)(?:tijd)?"
    r"|(?:(?:in|tijdens|na) )?(?:(?:de|het|t) )?(?:(?:grote|kleine|eerste|tweede|lunch|middag) ?)?pauze"
    r"|(?:(?:at|during) )?(?:lunch ?break|lunch|recess)|(?:bij|als) de (?:eerste )?bel|(?:voor|before) school",
    "now": r"nu(?: meteen)?|op dit moment|meteen|right now|now|rn|asap|momenteel",
    "soon": r"straks|zo ?meteen|zo dadelijk|dadelijk|zo direct|soon|in a bit",
    "weekend": r"(?:dit|komend|this|in het|in t) weekend",
    "week": r"(?:volgende|next|komende|deze|this) (?:week|maand|month)",
}
"""Pattern of each kind of time expression, tried in this order over folded text."""

PATTERN = re.compile(
    r"(?<![\w-])(?:" + "|".join(f"(?P<{kind}>{pattern})" for kind, pattern in KINDS.items()) + r")(?![\w-])"
)
