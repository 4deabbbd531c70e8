"""The machine's findings in words: five facts, and why a text was flagged. No number, no verdict; pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from review_ui.signal.marks import readable
from signals.analysis import Analysis, Fact
from signals.label import Level

_LONGEST_QUOTE = 80

WHY: dict[str, str] = {
    "who or what is aimed at": "op wie of wat het gericht is",
    "place": "een plaats",
    "time": "een moment",
    "means": "een wapen, aantal of ander middel",
    "call to act": "een oproep",
    "word of violence": "woord voor geweld",
    "word for a weapon": "woord voor een wapen",
    "word for a fight": "woord voor een gevecht",
    "word of recruiting": "woord voor ronselen",
    "word for drugs": "woord voor drugs",
    "word of extortion": "woord voor afpersing",
    "word of sexual harm": "woord voor seksueel grensoverschrijdend gedrag",
    "written in disguise": "vermomd geschreven",
    "this part weighs most": "dit deel gaf de doorslag",
}
"""Dutch for the closed list of reasons that analysis gives in English (`nlp.reasons.Why`)."""

WITH_TIME_AND_PLACE = "er staan een plaats én een moment bij"
AS_A_WHOLE = "de tekst als geheel lijkt op eerdere signalen"
BROUGHT_BY_A_PERSON = "een professional heeft dit gemeld"


@dataclass(frozen=True)
class FactInWords:
    """One of the five facts: the words of the text that say it, or none."""

    fact: Fact
    quotes: tuple[str, ...]


@dataclass(frozen=True)
class WhyFlagged:
    """One reason for the flag, with the words it rests on."""

    why: str
    quote: str = ""


def facts_in_words(text: str, analysis: Analysis) -> list[FactInWords]:
    """All five facts in their fixed order, each with its quotes without repeats."""
    return [FactInWords(fact, quotes(text[start:end] for start, end in analysis.facts.spans(fact))) for fact in Fact]


def quotes(words: Iterable[str]) -> tuple[str, ...]:
    """Stretches of a text as they are quoted: short, readable, none twice."""
    return tuple(dict.fromkeys(map(_quote, words)))


def why_flagged(text: str, analysis: Analysis, by_a_person: bool) -> list[WhyFlagged]:
    """What made the machine (or a colleague) bring this to a reader, at most five reasons."""
    found = [WhyFlagged(BROUGHT_BY_A_PERSON)] if by_a_person else []
    if analysis.facts.time and analysis.facts.place:
        found.append(WhyFlagged(WITH_TIME_AND_PLACE))
    for reason in analysis.reasons:
        line = WhyFlagged(WHY.get(reason.why, reason.why), _quote(text[reason.start : reason.end]))
        if line not in found:
            found.append(line)
    return found[:5] or [WhyFlagged(AS_A_WHOLE)]


def guide_rule(level: Level) -> str:
    """The row of the labelling guide that gives this level, in one Dutch sentence."""
    if level is Level.ACUUT:
        return "Acuut: bedreiging, wapen of confrontatie, nu of binnen 24 uur, met een bekende plaats of een doel."
    if level is Level.CONCREET:
        return "Concreet: een plaats of doel is bekend, en ook een moment of een oproep."
    if level is Level.AANDACHT:
        return "Aandacht: schadelijk, maar te weinig feiten om concreet te zijn."
    return "Uiting: de woorden zelf wijzen niet op iets concreets."


def _quote(words: str) -> str:
    clean = " ".join(readable(words).split())
    return clean if len(clean) <= _LONGEST_QUOTE else f"{clean[: _LONGEST_QUOTE - 1]}…"
