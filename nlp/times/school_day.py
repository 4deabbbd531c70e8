"""The hours of a Dutch school day: lessons, breaks, before and after. Usual hours, not those of any one school."""

from nlp.times.grammar import Atom

FIRST_LESSON, LESSON = 8 * 60 + 30, 50
LAST_LESSON_NUMBER = 10
_BREAKS = {"small": (600, 675), "big": (690, 810)}
_NTH_BREAK = {1: (600, 690), 2: (705, 840), 3: (810, 900)}
_SPANS = {
    "after_school": (13 * 60, 17 * 60 + 30),
    "after_event": (15 * 60, 23 * 60),
    "before_school": (7 * 60, 9 * 60),
    "during_school": (8 * 60 + 15, 16 * 60 + 30),
    "final_lesson": (13 * 60, 16 * 60 + 30),
    "till_bell": (8 * 60, 16 * 60 + 30),
}


def school_hours(atom: Atom) -> tuple[int, int] | None:
    """First and last minute of a part of the school day; None when the form means something else ('tweede week')."""
    unit = atom.first("unit")
    if unit and unit.value[0] != 60:
        return None
    if atom.name in _SPANS:
        return _SPANS[atom.name]
    if atom.name == "break":
        return _break(atom)
    number = atom.first("nth", "num")
    if number is None or not 1 <= number.value[0] <= LAST_LESSON_NUMBER:
        return None
    ending = FIRST_LESSON + LESSON * number.value[0]
    if atom.has("after"):
        return ending - 10, ending + 75
    return ending - 60, ending + 40


def _break(atom: Atom) -> tuple[int, int] | None:
    for kind, span in _BREAKS.items():
        if atom.has(kind):
            return span
    number = atom.first("nth", "num")
    if number:
        return _NTH_BREAK.get(number.value[0])
    lunch = any("lunch" in token.word or token.word.startswith("middag") for token in atom.tokens)
    return (690, 810) if lunch else (600, 810)
