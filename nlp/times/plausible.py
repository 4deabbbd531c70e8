"""Whether a form that could be a time is one: '3 uur' is, '3 uur lang' and 'om 5 euro' are not.

Looks at the words right before and after; prices, scores, durations, floors and queues fall out here.
"""

from collections.abc import Sequence
from typing import Final

from nlp.times.grammar import Atom
from nlp.times.lexicon import HOURS, WEEK
from nlp.times.scan import Token
from nlp.times.table import words

_LASTING: Final = words("plausible", "lasting")
_MEASURING: Final = words("plausible", "measuring")
_COUNTED: Final = words("plausible", "counted")
_BEFORE_GOOD: Final = words("plausible", "before_good")
_FOLLOWERS: Final = words("plausible", "followers")
_DEPARTING: Final = words("plausible", "departing")
_ENDING_HOURS: Final = frozenset(HOURS.split())
_FLOORS: Final = words("plausible", "floors")


def plausible(atom: Atom, tokens: Sequence[Token], *, joined: bool) -> bool:
    """Whether the words around let the form be a time. `joined`: it stands with a day or hour before it."""
    before = tokens[atom.at - 1] if atom.at else None
    end = atom.at + len(atom.tokens)
    after = tokens[end] if end < len(tokens) else None
    previous, following = before.word if before else "", after.word if after else ""
    match atom.name:
        case "bare_after":
            return joined and _free(after)
        case "bare":
            return _bare(atom, after) and not (before and before.kind == "num")
        case "noted":
            return joined or _noted(atom, previous, following)
        case "last":
            return not atom.has("final") or (_unit_of(atom) >= WEEK)
        case "deadline":
            return atom.tokens[-1].kind != "left" or atom.tokens[-1].word == "nog"
        case "lesson":
            unit = atom.first("unit")
            return unit is None or unit.value[0] == 60
        case "fixed":
            return len(atom.tokens) > 1 or atom.tokens[0].word not in {"kerst", "xmas"}
        case "clock" | "range":
            return _clock(atom, previous, following, before)
        case "tomorrow" | "vanpart" | "part":
            return previous not in _BEFORE_GOOD and not _denied(before, tokens[end : end + 2])
        case "lone_date":
            return _lone_date(atom, before, after, joined=joined)
        case "nth_day":
            return _nth(atom, after, joined=joined)
        case "lesson_short":
            return following not in _FLOORS and (atom.tokens[0].kind == "after" or _free(after))
        case "within":
            return _within(atom)
        case "within_bare":
            return atom.tokens[1].value[0] in {5, 10, 15, 20, 30} and (after is None or after.kind in {"stop", "comma"})
        case "in_the_hour":
            return after is None or after.kind in {"stop", "comma"}
        case "lone_minutes":
            return (
                atom.tokens[1].value[0] == 1
                and (not before or before.kind == "stop")
                and (not after or after.kind == "stop")
            )
        case "break":
            if len(atom.tokens) == 1 and not joined and "lunch" in atom.tokens[0].word:
                alone = (before is None or before.kind == "stop") and (after is None or after.kind == "stop")
                return alone or previous in {"for", "of", "before"}
            return True
        case "soon":
            return len(atom.tokens) > 1 or atom.tokens[0].kind != "zo" or _comes(atom, tokens)
        case "today":
            return not _denied(before, tokens[end : end + 2])
        case "day":
            return not atom.has("short") or _short_day(atom, after)
        case _:
            return True


def _free(after: Token | None) -> bool:
    """Nothing follows that could be counted."""
    if after is None or after.word in _FOLLOWERS:
        return True
    return after.word not in _COUNTED and after.kind not in {"word", "unit", "money", "num", "nth", "few", "other"}


def _bare(atom: Atom, after: Token | None) -> bool:
    number = atom.first("num")
    if number is None or not 1 <= number.value[0] <= 24:
        return False
    first = atom.tokens[0].kind
    if number.word in _ENDING_HOURS:
        return True
    if first in {"tegen"} or (first == "on" and len(atom.tokens) == 2):
        return False
    if first in {"about", "rond"}:
        return after is None or (after.word not in _COUNTED and after.kind not in {"unit", "money", "nth", "slash"})
    return number.value[0] <= 23 and _free(after)


def _clock(atom: Atom, previous: str, following: str, before: Token | None) -> bool:
    first = atom.tokens[0]
    if atom.has("voor", "to") and len(atom.tokens) == 3 and first.kind == "num" and atom.tokens[2].kind == "num":
        spoken = not (first.word.isdigit() and atom.tokens[2].word.isdigit())
        return spoken and first.value[0] in {5, 10, 20} and atom.tokens[2].value[0] <= 12
    if first.kind == "hhmm" and len(first.word) == 4 and first.word[0] == "0":
        return False
    if first.kind == "hhmm" and before and before.kind == "on" and first.value[0] < 420 and len(atom.tokens) == 1:
        return False
    if first.kind == "num" and len(atom.tokens) > 1 and atom.tokens[1].kind == "uur":
        lasting = following in _LASTING or previous in _MEASURING
        return not lasting and first.value[0] < 24 and not (before and before.kind in {"every", "within", "few"})
    return True


def _unit_of(atom: Atom) -> int:
    """How many minutes its unit lasts; 0 without one."""
    unit = atom.first("unit")
    return unit.value[0] if unit else 0


def _short_day(atom: Atom, after: Token | None) -> bool:
    """'vr 20:00', 'sat night'; short names alone are mostly other words ('ma', 'di', 'do')."""
    if len(atom.tokens) > 1:
        return True
    return after is not None and after.kind in {"hhmm", "dotted", "half", "quarter", "date"}


def _denied(before: Token | None, rest: Sequence[Token]) -> bool:
    """'niet vandaag, maar ooit', 'vandaag niet, morgen niet'; but not 'kom morgen niet'."""
    words = [token.word for token in rest]
    closes = len(rest) < 2 or rest[1].kind in {"stop", "comma"}
    if before is not None and before.word in {"niet", "not"}:
        return not rest or rest[0].kind in {"stop", "comma"}
    opens = before is None or before.kind in {"stop", "comma", "other"}
    return opens and words[:1] == ["niet"] and closes


def _noted(atom: Atom, previous: str, following: str) -> bool:
    """'vertrek 8.45', '8.15 aanwezig': a price or a number would stand otherwise."""
    return previous in _DEPARTING or following in _DEPARTING


def _lone_date(atom: Atom, before: Token | None, after: Token | None, *, joined: bool) -> bool:
    figures = atom.tokens[0]
    if len(figures.value) == 3 or joined:
        return True
    if "/" not in figures.word or figures.word in {"24/7", "7/7", "9/11"} or (before and before.kind == "money"):
        return False
    both = len(figures.word) == 5
    timed = after is not None and after.kind in {"about", "hhmm", "num", "dotted"}
    return both or figures.value[0] > 12 or timed


def _comes(atom: Atom, tokens: Sequence[Token]) -> bool:
    """'hij komt zo', 'kom je zo', but not 'zo groot'."""
    return any(
        token.word in {"kom", "komt", "komen", "tot", "wordt"} for token in tokens[max(0, atom.at - 3) : atom.at]
    )


def _nth(atom: Atom, after: Token | None, *, joined: bool) -> bool:
    """'de 13e', 'vrijdag 13e', and of the school day 'vandaag 6e' and 't 6e'."""
    if after is not None and after.word in _FLOORS:
        return False
    number = atom.first("nth")
    if joined:
        return True
    if number is None or number.value[0] < 10:
        ends = after is None or after.kind in {"stop", "comma"} or after.word in {"valt", "is", "vrij", "uit"}
        return ends and atom.tokens[0].word in {"t", "het"} and len(atom.tokens) == 2
    return len(atom.tokens) > 1 and _free(after)


def _within(atom: Atom) -> bool:
    """'in twee dagen' is a duration, 'in 10 min' and 'in two days' are not; 'over een jaar' is never soon."""
    first, unit = atom.tokens[0], atom.tokens[-1]
    if len(atom.tokens) == 2 and first.word == "in":
        return False
    if len(atom.tokens) == 3 and atom.tokens[1].word in {"a", "an"}:
        return True
    if first.word == "over" or (unit.kind == "unit" and unit.word in _ENGLISH_UNITS):
        return first.word != "past"
    return unit.kind == "unit" and unit.value[0] == 1


_ENGLISH_UNITS: Final = words("plausible", "english_units")
