"""'Waarom misschien niet': the case against a flag, from the genre, the missing facts and the conventions of the art.

Pure; it answers with Dutch sentences, strongest first, and always with at least two. It decides nothing.
"""

from signals.analysis import Analysis, Fact
from signals.label import Genre
from signals.post import HUMAN_SOURCES, Source

_GENRES: dict[Genre, str] = {
    Genre.LYRIC: "Dit lijkt een songtekst. In drill hoort stoere taal bij het genre; een uiting is geen plan.",
    Genre.NEWS: "Dit lijkt een nieuwsbericht over iets dat al bekend is.",
    Genre.PREVENTION: "Dit lijkt voorlichting of een oproep om juist niets te doen.",
    Genre.GAMING: "Dit kan over een game gaan.",
    Genre.SPORT: "Dit kan over sport gaan: 010, 020 en 'pakken' horen ook bij voetbal.",
    Genre.FIGURATIVE: "Dit kan beeldspraak zijn.",
    Genre.EVERYDAY: "Dit kan gewone taal zijn over iets alledaags.",
    Genre.AD: "Dit kan een gewone advertentie zijn.",
    Genre.QUESTION: "Dit is een vraag of gerucht; misschien weet de schrijver zelf niets.",
    Genre.CHAT: "Grote woorden in een chat zijn vaak stoer gepraat, zonder plan.",
}

_MISSING: dict[Fact, str] = {
    Fact.TIME: "Er staat geen moment bij; het kan over vroeger gaan, of nergens over.",
    Fact.PLACE: "Er staat geen plaats bij.",
    Fact.TARGET: "Het is niet duidelijk op wie dit gericht is.",
    Fact.MEANS: "Er wordt geen wapen, aantal of ander middel genoemd.",
    Fact.CALL: "Er staat geen oproep in om iets te doen.",
}
"""In this order: what a reader misses most comes first."""

NAMED_PLACE = "De genoemde plaats kan een woord met een andere betekenis zijn, of alleen trots op de eigen buurt."
NO_PLACE_FOUND = "De plaats is niet gevonden in de lijst; welke plek bedoeld wordt is een gok."
FROM_A_PERSON = "De melder heeft dit zelf getypt; er kunnen woorden zijn weggevallen."
NO_PROOF = "Een uiting is geen bewijs. Wie dit plaatste wordt niet bewaard."

ALL = (*_GENRES.values(), *_MISSING.values(), NAMED_PLACE, NO_PLACE_FOUND, FROM_A_PERSON, NO_PROOF)

_AT_MOST = 4


def doubts(analysis: Analysis, source: Source, places_known: bool) -> list[str]:
    """Two to four reasons to doubt, of which the last is always that an expression proves nothing."""
    said = [_GENRES[analysis.genre]] if analysis.genre is not Genre.CHAT else []
    said += [sentence for fact, sentence in _MISSING.items() if not analysis.facts.spans(fact)]
    if analysis.facts.place and not places_known:
        said.append(NO_PLACE_FOUND)
    elif places_known and not analysis.facts.target:
        said.append(NAMED_PLACE)
    if source in HUMAN_SOURCES:
        said.append(FROM_A_PERSON)
    if analysis.genre is Genre.CHAT:
        said.append(_GENRES[Genre.CHAT])
    return [*said[: _AT_MOST - 1], NO_PROOF]
