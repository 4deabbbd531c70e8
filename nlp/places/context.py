"""The words around a name that speak for or against its being a place.

Only evidence; `nlp.places.linker` weighs it.
"""

import re

BEFORE_PLACE = frozenset(
    {
        "in", "naar", "uit", "bij", "op", "te", "vanuit", "richting", "rond", "door", "tot", "achter", "voor", "langs",
        "van", "om", "near", "at", "from", "to", "around", "behind", "outside", "inside", "heel", "station", "metro",
        "halte", "wijk", "buurt", "stad", "omgeving", "regio", "kant", "tegen", "repping", "rep", "reps", "team", "fi",
    }
)  # fmt: skip
STRONG_BEFORE = frozenset(
    {"in", "naar", "uit", "vanuit", "richting", "te", "near", "from", "omgeving", "wijk", "metro"}
)
SCHOOL_WORDS = frozenset(
    {
        "school", "schoolplein", "klas", "leraar", "docent", "mentor", "rector", "les", "lessen", "pauze", "toets",
        "examen", "leerling", "leerlingen", "leerlinge", "brugklas", "kantine", "fietsenhok", "fietsenstalling",
        "college", "lyceum", "mavo", "havo", "vwo", "vmbo", "mbo", "roc", "gymzaal", "conrector", "lokaal", "kluisjes",
        "kluisje", "aula", "scholier", "scholieren", "onderbouw", "bovenbouw", "schoolfeest", "stage", "diploma",
        "pupils", "students", "teacher", "class", "locker", "lockers", "gym", "uur", "period", "skoro", "skool",
        "directeur", "conciërge", "concierge", "hek", "plein", "ingang", "poort", "lesuur",
    }
)  # fmt: skip
AREA_WORDS = frozenset(
    {
        "buurt", "wijk", "flat", "flats", "straat", "straten", "block", "blok", "hood", "ends", "osso", "side", "kant",
        "opps", "opp", "gang", "boys", "mannen", "jongens", "gasten", "crew", "park", "plein", "metro", "halte",
        "station", "tram", "bus", "winkelcentrum", "markt", "amsterdam", "rotterdam", "jeugd", "politie", "snelweg",
    }
)  # fmt: skip
FOOTBALL = re.compile(
    r"\b(?:ajax|feyenoord|psv|vvv|klassieker|eredivisie|voetbal|wedstrijd|goal|doelpunt|\d\s?-\s?\d|supporters|"
    r"stadion|derby|keeper|scheids|penalty|competitie|uitwedstrijd|seizoen)\b"
)
WIND = re.compile(r"\b(?:wind|windkracht|graden|bewolkt|kompas|gordel|noordelijk|weer|beaufort|bft)\b")
"""Words that make a point of the compass no part of town."""
COMPASS = frozenset({"noord", "oost", "zuid", "west", "centrum"})
AFTER_NOT_PLACE = frozenset(
    {"van", "holland", "europa", "korea", "afrika", "nederland", "amerika", "duitsland", "brabant"}
)
"""After a point of the compass these words make it a direction or a part of a larger land."""
