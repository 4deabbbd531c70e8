"""The forms that time expressions take, written over kinds of tokens; the longest form at a place wins.

Every form is of bounded length, so finding them is linear in the text. It says where forms stand, not what they mean.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from nlp.times.scan import CODE, Token
from nlp.times.table import words

DAY_FORMS: Final = words("forms", "day")
"""Names of forms that tell a day."""
HOUR_FORMS: Final = words("forms", "hour")
"""Names of forms that tell an hour, or a part of the day or of the school day."""
_MACROS: Final = {
    "HM": "(hhmm uur? ampm? | dotted uur ampm? | dotted ampm | num uur ampm? | num ampm | num sharp | clockface"
    " | half (num|hhmm) uur? | half over num | quarter (voor|over|to) num uur?"
    " | num unit? (voor|over|to) half? num uur? | noon | midnight)",
    "REL": "(about | rond | tegen | from | till | by | after | voor | on about | een about)",
    "ART": "(article | een)",
    "COUNT": "(num | een | few | een few | half | anderhalf | een half | num quarter)",
    "EACH": "(weekday|weekdaypart|part|unit|uur|break|school|weekend|lesson|month|morgen|today|brk)",
    "DAYNAME": "(weekday | weekdaypart)",
}

FORMS: Final = (
    # instants seen from the moment of writing
    ("now", "(direct now | now | nu direct | direct noww | on this moment | noww direct | nu on this moment)"),
    ("weak_now", "(nu | noww)"),
    ("no_now", "(till (nu toe? | noww) | (from | van | voor | toe) nu | from noww | nu (since | every | toe))"),
    ("soon", "(zo direct | soon | direct soon | in een bit | later today | later (van|this) part | zo)"),
    ("later", "later"),
    ("within", "(over|in) COUNT? (unit|uur)"),
    ("within", "over (COUNT|num) quarter"),
    ("within_bare", "in num"),
    ("lone_minutes", "num unit"),
    ("in_the_hour", "about? quarter (over | voor)"),
    ("deadline", "(within | left) COUNT? (unit|uur)"),
    ("deadline", "COUNT (unit|uur) left"),
    ("coming_units", "article? coming COUNT? (unit|uur)"),
    # what lies behind
    ("ago", "COUNT? (unit|uur) ago"),
    ("ago", "sinds COUNT (unit|uur)"),
    ("once", "(een? long ago | article? last keer | once today)"),
    ("yesterday", "(yesterday part? | yesterdaypart | last part | last weekdaypart)"),
    ("last", "article? (last COUNT unit | final COUNT? unit)"),
    ("last", "article? last (unit | weekend | season | month | break | lesson)"),
    ("last_day", "article? last (DAYNAME part? | weekday (morgen|partly))"),
    ("last_day", "last unit (DAYNAME | weekday morgen)"),
    ("just", "just"),
    ("once", "once"),
    ("in_year", "(in|sinds) year"),
    ("these_days", "these"),
    # days
    ("today", "(from|till|voor|by|sinds|on)? today"),
    ("vanpart", "(from|till|voor|sinds|by)? vanpart (late|early)?"),
    ("vanpart", "(this part | article? hele part | (end | begin) van? article? part)"),
    ("tomorrow", "(from|till|voor|by|on)? (tomorrow | morgen) (early | part | partly)?"),
    ("tomorrow", "(from|till|voor)? tomorrowpart"),
    ("day", "(from|till|voor|by|on|coming|this|next|sinds)? article? (coming|this|next)? DAYNAME part?"),
    ("day", "(from|till|voor|by|on|coming|this|next)? article? (coming|this|next)? weekday (morgen|partly)"),
    ("day", "(on|coming|from|till|last)? short part?"),
    ("day_over", "(on|coming)? DAYNAME over COUNT unit"),
    ("day_over", "article? (this|coming)? weekend over COUNT unit"),
    ("day_of_week", "(coming|next|this) unit (on? DAYNAME | weekday morgen)"),
    ("day_of_week", "DAYNAME (next|this|coming) unit"),
    ("week", "(from|till|begin|end|in|van|on)? article? (next | this | coming) (unit | season)"),
    ("month", "(in | end | begin | from | till | sinds | half) van? month"),
    ("season", "(REL | in | during | van | sinds) article? (this|next|coming)? season"),
    ("week", "article? hele unit"),
    ("end_of", "article? end van? (article|this)? (unit | month | season)"),
    ("weekend", "(in|till|voor|from|after|during)? article? (this|coming|next)? weekend"),
    ("fixed", "(on|till|voor|from)? article? fixed"),
    ("date", "(on|from|till|voor|by|DAYNAME|short)? article? (num|nth) van? month year?"),
    ("date", "(in article? unit van | van | from)? num till num month"),
    ("date", "(on|from|till|voor|by)? month article? (num|nth)"),
    ("figures_date", "(on|from|till|voor|by|DAYNAME|short) date"),
    ("lone_date", "date"),
    ("nth_day", "(on|from|till|voor|by|short)? article? nth"),
    ("nth_weekday", "article? (nth|final) weekday ((van|of) article? (next|this|coming)? (unit|month))?"),
    # hours
    ("clock", "(REL direct?)? HM"),
    ("clock", "(REL direct?)? een uur of num"),
    ("noted", "dotted"),
    ("clock", "REL article? dotted"),
    ("clock", "REL four uur?"),
    ("clock", "four uur"),
    ("bare", "REL num"),
    ("bare_after", "(num num? | four)"),
    ("range", "(between|van|from|on)? (HM|num|dotted) (dash|till|and|to) (HM|dotted)"),
    ("range", "between num and num"),
    ("range", "(van|from) num (till|to) num"),
    ("range", "date uur"),
    ("part", "(s partly | partly | in article part | in article morgen | s morgen)"),
    ("noon", "(about|till|by|voor|rond|tegen|from)? (noon | midnight)"),
    # the school day
    ("after_school", "(direct | about)? after article? (school|bell | final? lesson | final uur | last (lesson|unit))"),
    ("after_school", "when? article? school is? uit is?"),
    ("after_event", "(after | voor | during) article? event"),
    ("before_school", "voor article? (school | bell | lesson)"),
    ("during_school", "during article? school"),
    ("final_lesson", "(REL|in|on|during)? article? (final | last) (uur | lesson | unit)"),
    ("till_bell", "(till|when|voor|by) article? (final|last)? bell"),
    ("lesson", "(REL|in|during|on)? article? nth (uur | lesson | unit)"),
    ("lesson", "(REL|in|during|on)? lesson num"),
    ("lesson_short", "(after|till|voor|during) article? nth"),
    ("break", "(REL|in|during|on|next|final)? article? (final|nth|big|small|next)? break num?"),
    ("break", "(REL|in|during|on|next)? article? (nth|big|small|next) brk"),
    # habits
    ("habit", "every (num | final | nth | big | small | weekday)? EACH"),
    ("habit", "(habit | s habit | often (after school)? | on weekday and weekday)"),
    ("habit", "van? (weekday|short) (till|dash) (weekday|short)"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Atom:
    """One form found: its name and its tokens."""

    name: str
    tokens: tuple[Token, ...]
    at: int

    @property
    def start(self) -> int:
        """Where it begins in the text."""
        return self.tokens[0].start

    @property
    def end(self) -> int:
        """Where it ends in the text."""
        return self.tokens[-1].end

    def has(self, *kinds: str) -> bool:
        """Whether one of its tokens is of such a kind."""
        return any(token.kind in kinds for token in self.tokens)

    def first(self, *kinds: str) -> Token | None:
        """Its first token of such a kind."""
        return next((token for token in self.tokens if token.kind in kinds), None)


def atoms(tokens: Sequence[Token]) -> Iterator[Atom]:
    """The forms found from left to right, each the longest at its place."""
    codes = "".join([CODE[token.kind] for token in tokens])
    for run in _RUN.finditer(codes):
        text = run.group()
        for name, start, end in _places(text) if len(text) <= _MOST_REMEMBERED else _parse(text):
            at = run.start() + start
            yield Atom(name, tuple(tokens[at : run.start() + end]), at)


@lru_cache(maxsize=16384)
def _places(codes: str) -> tuple[tuple[str, int, int], ...]:
    """As `_parse`, remembered: the same few runs of kinds come back in every post."""
    return _parse(codes)


def _parse(codes: str) -> tuple[tuple[str, int, int], ...]:
    """Name, first and last place of the forms in a run of kinds that can belong to a time."""
    found: list[tuple[str, int, int]] = []
    at, end = 0, len(codes)
    while at < end:
        name, stop = "", at
        for candidate, pattern in _BY_FIRST.get(codes[at], ()):
            fits = pattern.match(codes, at)
            if fits and fits.end() > stop:
                name, stop = candidate, fits.end()
        if name:
            found.append((name, at, stop))
        at = max(stop, at + 1)
    return tuple(found)


def _translated(form: str) -> str:
    """A form with its macros written out and each kind as its one character."""
    for _ in range(2):
        for name, text in _MACROS.items():
            form = re.sub(rf"\b{name}\b", text, form)
    return re.sub(r"[a-z_]+", lambda word: CODE[word.group()], form).replace(" ", "")


def _by_first() -> dict[str, list[tuple[str, re.Pattern[str]]]]:
    """The forms that can begin with each kind, so that most tokens need no look at all."""
    table: dict[str, list[tuple[str, re.Pattern[str]]]] = {}
    for name, form in FORMS:
        text = _translated(form)
        pattern = re.compile(text.replace("(", "(?:"))
        for code in sorted(_firsts(text)):
            table.setdefault(code, []).append((name, pattern))
    return table


def _firsts(form: str) -> set[str]:
    """The characters that a translated form can begin with."""
    firsts: set[str] = set()
    for branch in _split(form):
        at = 0
        while at < len(branch):
            end = _closing(branch, at) if branch[at] == "(" else at
            firsts |= _firsts(branch[at + 1 : end]) if branch[at] == "(" else {branch[at]}
            if branch[end + 1 : end + 2] != "?":
                break
            at = end + 2
    return firsts


def _closing(form: str, at: int) -> int:
    depth = 0
    for place in range(at, len(form)):
        depth += (form[place] == "(") - (form[place] == ")")
        if depth == 0:
            return place
    raise ValueError(form)


def _split(form: str) -> list[str]:
    """The branches of a form at its outermost bars."""
    depth, branches = 0, [""]
    for character in form:
        depth += (character == "(") - (character == ")")
        if character == "|" and depth == 0:
            branches.append("")
        else:
            branches[-1] += character
    return branches


_BY_FIRST: Final = _by_first()
_RUN: Final = re.compile("[^" + "".join(CODE[kind] for kind in ("word", "stop", "other", "money")) + "]+")
_MOST_REMEMBERED: Final = 24
