"""Places that no table lists but whose form tells: streets and squares, schools by their kind, parts of a town.

They get an id of their own (`street:`, `school:`, `area:`) that no agreement can cover; an expert links them by hand.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from nlp.normalise import fold
from signals.masking.word_lists import word_list
from signals.place import PlaceKind

_NAME = r"[A-ZÀ-Þ][\w'’-]{1,30}"
_STREET = re.compile(
    r"(?<![\w@#/])(?:(?:[A-Z][\w'’.-]{1,20} ){0,2}[A-Z][\w'’-]{1,30}?|[a-z][\w'’-]{3,30}?)"
    r"(?P<tail>straat|laan|plein|gracht|kade|dreef|singel|plantsoen|weg|markt|steeg|dijk|baan)(?!\w)"
)
_NO_STREET = re.compile(
    r"(?:ver|be|om|over|open|aan|toe|ineen|dicht|los|neer|weg|terug|school|dorps|stads|kerk|speel|parkeer|buurt|markt|"
    r"bus|stations|winkel|zij|achter|hoofd|dwars|dood|op|wind|sport|voorste|straat|metro|feest|festival|wijk|fiets|"
    r"doodlopende|een|de|het|snel|auto|rond|half|elke|land|water|lucht|spoor|arbeids|huizen|kerst|super|rommel|vlooien|"
    r"veel|lang|onder|voet|rij|toegangs|jaar|week|vlo|zwarte|woning|effecten|vrij|thuis|uit|door|mijn|je|andere|hele|"
    r"buiten|binnen|studenten|bij|droom|ijs|start|kart|loop|trap|afsluit|zand|industrie|ring|provinciale|middel|baan|banen|huur|koop|vee|vis|nacht|avond)",
)
_SMALL_STREETS = frozenset({"straat", "dreef"})
"""Only these endings make a street of a word in small letters; 'weg' and 'markt' end too many other words."""
_SHORTEST_STEM = 4
_AT = re.compile(r"\b(?:bij|op|aan|vanaf|naar)(?: de)? $", re.IGNORECASE)
_SCHOOL = re.compile(
    rf"(?<!\w)(?:(?:{_NAME} ){{1,3}}(?:College|Lyceum|Gymnasium|Mavo|Praktijkschool|college|lyceum|gymnasium)"
    rf"|{_NAME}(?:college|lyceum|gymnasium)"
    rf"|(?:RSG|CSG|OSG|SG|ROC|OBS|CBS|Basisschool|basisschool|VMBO) (?:[Dd]e |[Hh]et )?{_NAME})(?!\w)"
)
_LEAD = re.compile(
    r"(?:(?:Directie|Rector|Leerlingen|Docenten|Ouders|Team|Op|De|Het|In|Bij|Van|Naar|Na|Voor|Achter|Rond|Onze|Ons|Mijn|Kom|"
    r"Morgen|Vandaag|Vanavond|The|At|From|Near) (?=\w+ ))+"
)
"""Words that begin a sentence, not a name."""
_NO_SCHOOL = frozenset({
    "het college", "een college", "hoor college", "the college", "het lyceum", "werk college", "hoorcollege",
    "werkcollege", "mijn college", "dit college", "zo college", "ons college", "my college", "op college", "in college",
})  # fmt: skip
_AREA = re.compile(
    rf"(?<!\w)(?:(?:[Ww]inkelcentrum|[Ww]ijkcentrum|[Ww]ijk|[Bb]uurt|[Cc]amping|[Ss]peeltuin) (?:[Dd]e |[Hh]et )?"
    rf"(?P<named>{_NAME})|(?P<venue>(?:[Ss]portpark|[Ss]porthal|[Ss]portcentrum|[Zz]wembad|[Ss]katepark)"
    rf" (?:[Dd]e |[Hh]et )?{_NAME})"
    rf"|(?P<whole>[A-Z][\w'’-]{{3,30}}(?:buurt|wijk)|[a-z]{{4,30}}(?:buurt|wijk)))(?!\w)"
)
_NO_AREA = frozenset({
    "achterstands", "woon", "nieuwbouw", "volks", "probleem", "stads", "villa", "vogelaar", "kinder", "hele", "binnen",
    "tuin", "school", "achter", "aandachts", "kracht", "prach", "pracht", "arbeiders", "rosse", "uitgaans", "kantoren",
    "horeca", "ouder", "thuis", "zelfde", "eigen", "winkel", "ghetto", "student", "studenten", "woonwagen",
    "kranten", "folder", "bedrijven",
    "onze", "leuke", "rustige", "probleme", "multiculti", "jaren", "vinex", "stations", "buiten", "ambassade", "drugs",
})  # fmt: skip
_ANY_FORM = re.compile(
    r"straat|laan|plein|gracht|kade|dreef|singel|plantsoen|weg|markt|steeg|dijk|baan|ollege|yceum|ymnasium|Mavo|RSG|CSG|OSG|"
    r"SG |ROC |OBS |CBS |VMBO |raktijk|asisschool|wijk|buurt|inkelcentrum|port|amping|peeltuin|wembad|katepark"
)
"""A letter sequence of every form: a text without any needs no closer look."""


@dataclass(frozen=True, slots=True)
class Unlisted:
    """A place at [start, end) that only its form gives away."""

    start: int
    end: int
    kind: PlaceKind
    id: str
    name: str
    whole: bool = False
    """Whether it stands in the stead of a listed name inside it: 'Sportpark Ookmeer' is not the quarter Ookmeer."""


def find_unlisted(text: str) -> Iterator[Unlisted]:
    """Places by their form in a normalised text, in no particular order; they may overlap."""
    if not _ANY_FORM.search(text):
        return
    for found in _STREET.finditer(text):
        stem = fold(text[found.start() : found.start("tail")]).strip()
        if _NO_STREET.fullmatch(stem) or not (text[found.start()].isupper() or _is_small_street(text, found, stem)):
            continue
        yield _unlisted(PlaceKind.STREET, text, *found.span())
    for found in _SCHOOL.finditer(text):
        lead = _LEAD.match(found.group())
        start = found.start() + (lead.end() if lead else 0)
        if fold(text[start : found.end()]) not in _NO_SCHOOL:
            yield _unlisted(PlaceKind.SCHOOL, text, start, found.end())
    for found in _AREA.finditer(text):
        if found["venue"]:
            yield replace(_unlisted(PlaceKind.AREA, text, *found.span()), whole=True)
        elif found["named"]:
            yield _unlisted(PlaceKind.AREA, text, *found.span("named"))
        elif not _is_no_area(fold(found["whole"])):
            yield _unlisted(PlaceKind.AREA, text, *found.span())


def _is_small_street(text: str, found: re.Match[str], stem: str) -> bool:
    """Whether a word in small letters is a street: by its ending, or by the word before it ('bij gustoweg')."""
    if found["tail"] in _SMALL_STREETS:
        return True
    return (
        found["tail"] in {"weg", "laan", "plein", "gracht", "singel", "kade"}
        and len(stem) >= _SHORTEST_STEM
        and stem not in word_list("common_words.txt")
        and _AT.search(text[max(0, found.start() - 12) : found.start()]) is not None
    )


def _is_no_area(word: str) -> bool:
    """Whether a word in -buurt or -wijk is a common noun or somebody's name."""
    stem = re.sub(r"s?(?:buurt|wijk)$", "", word)
    return stem in _NO_AREA or word in word_list("surnames.txt") or word in word_list("first_names.txt")


def _unlisted(kind: PlaceKind, text: str, start: int, end: int) -> Unlisted:
    name = text[start:end]
    slug = re.sub(r"[^a-z0-9]+", "-", fold(name)).strip("-")
    return Unlisted(start, end, kind, f"{kind.value}:{slug}", name[0].upper() + name[1:])
