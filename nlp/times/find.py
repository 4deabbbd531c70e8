"""Finding the time expressions of a text and laying each on the calendar, seen from the moment of writing.

Pure: the same text and instant give the same answer, whatever zone the instant is written in.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from nlp.times.days import Days
from nlp.times.grammar import DAY_FORMS, HOUR_FORMS, Atom, atoms
from nlp.times.instant import YEARS, Moment
from nlp.times.mention import TimeMention
from nlp.times.plausible import plausible
from nlp.times.resolve import resolve
from nlp.times.scan import Token, scan, stretches, worth_reading

_Read = tuple[TimeMention | None, Days | None]
_SAME_STORY = 45
"""Tokens between a day and an hour that may still belong to it."""
_GLUE = frozenset(["comma", "about", "rond", "tegen", "on", "in", "article", "direct", "from", "during"])
_MOST_GLUE, _MOST_APART = 3, 14
MOST_READ = 200_000
"""Characters; no source delivers a longer post, and the rest of one is not read for times."""


def find_times(folded: str, moment: datetime) -> list[TimeMention]:
    """All time expressions in a folded text; parts that belong together ('vrijdag half 4') are one."""
    if moment.year not in YEARS:
        return []
    now = Moment.of(moment)
    found: list[TimeMention] = []
    for offset, text in stretches(folded[:MOST_READ]):
        if worth_reading(text):
            found.extend(_mentions(text, offset, now))
    return found


def _mentions(text: str, offset: int, now: Moment) -> Iterator[TimeMention]:
    tokens = scan(text)
    groups = _groups(tokens)
    read = [resolve(group, tokens, now, offset) for group in groups]
    for at, group in enumerate(groups):
        mention = read[at][0]
        if mention and mention.window and {atom.name for atom in group} <= HOUR_FORMS:
            mention = _on_told_day(at, groups, read, tokens, now, offset)
        if mention:
            yield mention


def _on_told_day(
    at: int, groups: list[list[Atom]], read: list[_Read], tokens: list[Token], now: Moment, offset: int
) -> TimeMention | None:
    """A group of hours only, laid on the day that stands before it in the text or after it in its sentence."""
    given, group = read[at][0], groups[at]
    for other in (*range(at - 1, max(-1, at - 4), -1), at + 1):
        if not 0 <= other < len(groups):
            continue
        gap = groups[max(at, other)][0].at - groups[min(at, other)][-1].at
        mention, day = read[other]
        if gap > _SAME_STORY or mention is None:
            continue
        between = tokens[groups[min(at, other)][-1].at : groups[max(at, other)][0].at]
        one_sentence = not any(token.kind == "stop" for token in between)
        if mention.habit and one_sentence and other < at:
            return TimeMention(given.start, given.end, None, past=False, habit=True) if given else None
        if day is None or (other > at and not one_sentence) or given is None or given.past != mention.past:
            continue
        if {atom.name for atom in groups[other]} <= DAY_FORMS:
            return resolve(group, tokens, now, offset, lent=day)[0]
        return given
    return given


def _groups(tokens: list[Token]) -> list[list[Atom]]:
    groups: list[list[Atom]] = []
    for atom in atoms(tokens):
        joins = bool(groups) and _joins(groups[-1], atom, tokens)
        if not plausible(atom, tokens, joined=joins):
            continue
        if atom.name == "nth_day" and _of_lessons(atom):
            atom = replace(atom, name="lesson_short")
        if joins:
            groups[-1].append(atom)
        else:
            groups.append([atom])
    return groups


def _joins(group: list[Atom], atom: Atom, tokens: list[Token]) -> bool:
    last = group[-1]
    between = tokens[last.at + len(last.tokens) : atom.at]
    if len(between) > _MOST_GLUE or atom.start - last.end > _MOST_APART:
        return False
    if any(token.kind not in _GLUE for token in between):
        return False
    names = {part.name for part in group}
    if atom.name == "bare_after":
        return not between and last.name in DAY_FORMS and not names & (HOUR_FORMS - {"part"})
    if names == {"habit"}:
        return atom.name in HOUR_FORMS
    if atom.name == "nth_day" and names & {"today", "tomorrow", "day", "day_of_week"} and _of_lessons(atom):
        return not names & (HOUR_FORMS - {"part"})
    if atom.name in DAY_FORMS:
        days = names & DAY_FORMS
        commas = any(token.kind == "comma" for token in between)
        if not days:
            return names <= HOUR_FORMS and not commas
        return ("date" in atom.name or atom.name == "nth_day") and days <= {"day", "weekend"} and len(names) == 1
    if atom.name not in HOUR_FORMS or not names <= DAY_FORMS | HOUR_FORMS:
        return False
    return _SORT[atom.name] not in {_SORT.get(name) for name in names}


def _of_lessons(atom: Atom) -> bool:
    number = atom.first("nth")
    return number is not None and number.value[0] < 10


_CLOCKS = ("clock", "noted", "noon", "bare", "bare_after", "range")
_SORT = dict.fromkeys(HOUR_FORMS, "school") | {"part": "part"} | dict.fromkeys(_CLOCKS, "clock")
