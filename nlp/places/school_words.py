"""The words of which the official names of schools are made: kinds, levels, denominations, abbreviations.

Only vocabulary of Dutch education, no school; `nlp.places.aliases` makes everyday names with it.
"""

import re


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


KINDS = _words(
    """
    college kollege lyceum gymnasium mavo havo vwo vmbo atheneum school praktijkschool praktijkcollege
    praktijkonderwijs beroepscollege vakschool vakcollege pro isk vo mbo scholen onderwijs topmavo talentschool
    roc aoc taalschool taalcentrum beroepencollege
    """
)
"""What a school is; dropped in speech: 'het Barlaeus'."""

OWN_KINDS = _words("college kollege lyceum gymnasium mavo school praktijkschool praktijkcollege beroepscollege")
"""Kinds that a single school has in its own name."""

COMMUNITIES = _words(
    """
    scholengemeenschap schoolgemeenschap scholengroep scholenfederatie onderwijsgroep groep
    scholengemeenschappen kindergemeenschap
    """
)
"""What an official name calls several schools under one board."""

DENOMINATIONS = _words(
    """
    christelijk christelijke katholiek katholieke rooms roomskatholiek roomskatholieke rk r.k pc protestants
    protestantse openbaar openbare bijzonder bijzondere algemeen algemene interconfessioneel interconfessionele
    interconfesioneel islamitisch islamitische joodse joods reformatorisch reformatorische gereformeerd
    gereformeerde evangelisch evangelische hervormd vrijzinnig oecumenische stedelijk stedelijke gemeentelijk
    gemeentelijke regionale regionaal open protestants-christelijke prot-chr ontmoetingsschool omo
    """
)
"""Whose school it is."""

INFLECTED = {"christelijk": "christelijke", "katholiek": "katholieke", "openbaar": "openbare"}
"""How a denomination ends before 'scholengemeenschap'."""

PEDAGOGIES = _words("montessori dalton jenaplan daltonschool")

LEVELS = _words(
    """
    vwo havo mavo vbo vmbo lwoo iwoo pro gymnasium atheneum atheum lyceum luceum tto eoa mbo bbo lhno lto leao
    vath tl vmbo-t vmbo-tl vmbotl basis/kader praktijkonderwijs nieuwkomers isk vwohavo vmbo-havo-ath-gym
    vmbo/mavo havo/vwo mavo/havo vhbo ivbo ath-gym basis kader mavo/vmbo
    """
)

JOINTS = _words("voor en of & + met tot van de het een in school onderwijs voortgezet prak vorm praktijk")
"""Small words inside a list of levels."""

ARTICLES = _words("de het t 't ’t ‘t dé")
PARTICLES = _words("van de der den het 't t ter ten te in op en voor aan &")
TITLES = _words("ir dr mr prof ds drs mgr burgemeester inspecteur pater jhr jkvr")
VAGUE = _words(
    """
    noord zuid oost west centrum centraal nieuw nieuwe groen groene techniek regio locatie hoofdlocatie
    hoofdvestiging vestiging hoofdgebouw bovenbouw onderbouw junior brede eerste tweede sint st stichting
    vereniging cluster afdeling speciaal gebouw international schakelklas internationale klas e.o
    vmbo-mavo top bestuur stg
    """
)
"""Words that name no school by themselves."""

SHORTENED = {
    "coll": "college", "sgm": "scholengemeenschap", "sg": "scholengemeenschap", "ssm": "scholengemeenschap",
    "scholengem": "scholengemeenschap", "schgem": "scholengemeenschap", "schoolgem": "schoolgemeenschap",
    "scholengemeensschap": "scholengemeenschap",
    "csg": "christelijke scholengemeenschap", "osg": "openbare scholengemeenschap", "sgs": "scholengemeenschap",
    "rsg": "regionale scholengemeenschap", "ksg": "katholieke scholengemeenschap",
    "ssg": "stedelijke scholengemeenschap", "gsg": "gereformeerde scholengemeenschap",
    "ksgm": "katholieke scholengemeenschap", "rsgm": "regionale scholengemeenschap", "opb": "openbare",
    "openb": "openbare", "chr": "christelijk", "christ": "christelijk", "kath": "katholiek", "prot": "protestants",
    "interconf": "interconfessionele", "geref": "gereformeerde", "bijz": "bijzonder", "lyc": "lyceum",
    "gymn": "gymnasium", "gym": "gymnasium", "ath": "atheneum", "gem": "gemeentelijk", "sted": "stedelijk",
    "scholengr": "scholengroep", "scholengrp": "scholengroep", "sgr": "scholengroep",
    "onderwijsgr": "onderwijsgroep", "stg": "stichting", "joh": "johannes", "vd": "van der", "vh": "van het",
    "st": "sint",
    "praktijkond": "praktijkonderwijs", "beroepencoll": "beroepencollege", "burg": "burgemeester",
    "talentsch": "talentschool", "talentsc": "talentschool", "rdam": "rotterdam", "r'dam": "rotterdam",
    "a/d": "aan den", "wk": "wijk", "werkpl": "werkplaats", "kon": "koning",
}  # fmt: skip
"""Abbreviations of the official files, without their full stop."""

GENERIC = KINDS | COMMUNITIES | DENOMINATIONS | PEDAGOGIES | LEVELS | JOINTS | ARTICLES | PARTICLES | TITLES | VAGUE
GENERIC |= SHORTENED.keys()

ORDINALS = {
    "1e": "eerste", "2e": "tweede", "3e": "derde", "4e": "vierde", "5e": "vijfde", "6e": "zesde",
}  # fmt: skip

NUMBERS = frozenset(ORDINALS) | frozenset(ORDINALS.values()) | {digit.replace("e", "de") for digit in ORDINALS}

SPOKEN = {
    "gymnasium": ("gym",), "lyceum": ("lyc",), "praktijkonderwijs": ("pro", "praktijkschool"),
    "praktijkschool": ("pro",), "praktijkcollege": ("pro",), "scholengemeenschap": ("sg", "sgm"),
    "voortgezet onderwijs": ("vo",), "sint": ("st",), "christelijke scholengemeenschap": ("csg",),
    "openbare scholengemeenschap": ("osg",), "regionale scholengemeenschap": ("rsg",),
    "katholieke scholengemeenschap": ("ksg",), "christelijk": ("chr",), "van der": ("vd",),
}  # fmt: skip
"""What a written-out word becomes in a post."""

PLACE_MARK = re.compile(
    r"(?:[,\s(–-]+|^)(?:locatie|loc|vestiging|vest|vst|dependance)\b[\s.,:]*|\s+[-–]+\s*|[-–]\s+|\s*,\s*|\s*\(",
    re.IGNORECASE,
)
"""Where an official name goes over to the name of one of its buildings."""

GLUED_FOR = re.compile(r"(?<=[a-z])voor(?=\s+(?:lyc|vwo|ath|gym|vmbo|mavo|havo|christ))", re.IGNORECASE)
GLUED_LEVELS = re.compile(r"(?<=havo|mavo|vmbo)(?=havo|mavo|vmbo)|(?<=vwo|vbo)(?=havo|mavo|vmbo)", re.IGNORECASE)
GLUED_KIND = re.compile(r"(?<=\w{3})(college|lyceum|gymnasium|mavo|school|coll|lyc)$", re.IGNORECASE)
STREET = re.compile(r"(?:straat|laan|weg|plein|dreef|pad|kade|singel|gracht|plantsoen|baan|molen|steeg)$")
