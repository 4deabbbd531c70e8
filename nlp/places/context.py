"""The words around a name that speak for or against its being a place.

Only vocabulary; `nlp.places.evidence` weighs it.
"""

import re

from signals.place import PlaceKind

TOWARDS = frozenset({
    "in", "naar", "uit", "vanuit", "richting", "te", "near", "from", "omgeving", "metro", "station", "regio", "tot",
})  # fmt: skip
"""Words that nearly always stand before a place."""
INTO = frozenset({"in", "naar", "uit", "vanuit", "richting", "near"})
"""Of these the ones that stand before a town without an article."""
AFTER_A_PHRASE = frozenset({
    "is", "en", "of", "was", "om", "met", "bij", "op", "na", "te", "van", "naar", "tot", "and", "or", "at",
    "on", "with",
    "vanavond", "morgen", "vandaag", "straks", "nu", "vanmiddag", "zaterdag", "zondag", "vrijdag", "maandag",
    "dinsdag",
    "woensdag", "donderdag", "tonight", "today", "tomorrow", "gaat", "gaan", "heeft", "hebben", "komt",
    "komen", "staat",
    "staan", "woont", "wonen", "zit", "zitten", "wordt", "werd", "waar", "die", "dus", "maar", "want", "als", "dan",
    "geweest", "gezien", "ook", "niet", "voor", "achter", "aan", "ik", "je", "we", "ze", "hij", "heb", "kan", "moet",
})  # fmt: skip
"""Words that begin something new after a name; before another word a name may be its adjective."""
BESIDE = frozenset({
    "bij", "op", "rond", "door", "achter", "voor", "langs", "van", "om", "at", "to", "around", "behind", "outside",
    "inside", "heel", "halte", "stad", "kant", "tegen", "repping", "rep", "reps", "team", "fi", "tegenover", "by",
    "aan",     "onder", "the", "through", "leaving", "na", "vlakbij", "buiten", "binnen",
})  # fmt: skip
"""Words that often stand before a place, and often before something else."""
ARTICLES = frozenset({"de", "het", "t", "the", "d"})
NOT_A_NAME_AFTER = frozenset({"een", "n", "a", "an", "mijn", "mn", "m'n", "jouw", "je", "zijn", "haar", "geen", "my"})
"""After these words a name is used as a common noun."""
KIND_BEFORE: dict[PlaceKind, frozenset[str]] = {
    PlaceKind.SCHOOL: frozenset({
        "college", "lyceum", "school", "gymnasium", "gym", "mavo", "havo", "vmbo", "roc", "sg", "csg", "rsg", "osg",
        "isk", "praktijkschool", "scholengemeenschap", "vakcollege", "mbo", "pcc", "locatie", "vestiging", "vso",
        "campus",
    }),
    PlaceKind.AREA: frozenset({
        "wijk", "buurt", "flat", "flats", "winkelcentrum", "park", "stadsdeel", "zwembad", "sportpark", "camping",
        "bedrijventerrein", "eiland", "provincie", "campus",
    }),
    PlaceKind.CITY: frozenset({"stad", "dorp", "gemeente", "plaats", "plaatsje", "city", "town", "village"}),
    PlaceKind.STATION: frozenset({"station", "metro", "halte", "metrohalte", "metrostation", "tramhalte", "ns"}),
    PlaceKind.STREET: frozenset({"plein", "straat", "markt"}),
}  # fmt: skip
"""What kind of place is named right after the word."""
KIND_AFTER: dict[PlaceKind, frozenset[str]] = {
    PlaceKind.SCHOOL: frozenset({
        "college", "lyceum", "school", "gymnasium", "mavo", "havo", "vmbo", "schoolplein", "leerlingen", "docenten",
        "students", "pupils", "kids", "leraren", "leraar",
    }),
    PlaceKind.AREA: frozenset({
        "buurt", "wijk", "flat", "flats", "park", "winkelcentrum", "boys", "hood", "blok", "block",
    }),
    PlaceKind.CITY: frozenset({"city", "centrum", "noord", "oost", "zuid", "west", "station"}),
    PlaceKind.STATION: frozenset({"station", "cs", "metro", "halte"}),
    PlaceKind.STREET: frozenset(),
}  # fmt: skip
"""What kind of place is named right before the word."""
SCHOOL_WORDS = frozenset({
    "school", "schoolplein", "klas", "leraar", "docent", "docenten", "leraren", "mentor", "rector", "les", "lessen",
    "pauze", "toets", "toetsweek", "examen", "examens", "leerling", "leerlingen", "leerlinge", "brugklas",
    "brugklassers", "brugger", "bruggers", "kantine", "fietsenhok", "fietsenstalling", "college", "lyceum", "mavo",
    "havo", "vwo", "vmbo", "mbo", "roc", "gymzaal", "conrector", "lokaal", "kluisjes", "kluisje", "aula", "scholier",
    "scholieren", "onderbouw", "bovenbouw", "schoolfeest", "stage", "diploma", "pupils", "students", "student",
    "teacher", "class", "locker", "lockers", "skoro", "scoro", "skool", "conciërge",
    "concierge", "lesuur", "roosterwijziging", "rooster", "magister",
    "somtoday", "gala", "tussenuur", "absent", "geschorst", "schorsing", "teamleider", "derdejaars",
    "tweedeklassers", "derdeklassers", "eindexamen", "profielwerkstuk", "studiehuis", "opendag",
    "fietsenrek", "schoolkamp", "excursie", "basisschool",
    "teachers", "headteacher", "principal", "homework", "huiswerk",
})  # fmt: skip
AREA_WORDS = frozenset({
    "buurt", "wijk", "flat", "flats", "straat", "straten", "block", "blok", "hood", "ends", "osso", "side", "kant",
    "opps", "opp", "gang", "boys", "mannen", "jongens", "gasten", "crew", "park", "plein", "metro", "halte",
    "station", "tram", "bus", "winkelcentrum", "markt", "jeugd", "politie", "snelweg", "bewoners", "buren", "woont",
    "wonen", "woon", "buurtapp", "wijkagent", "portiek", "galerij", "speeltuin", "pleintje", "hoek", "mandem",
    "brakka",
})  # fmt: skip
FOOTBALL = re.compile(
    r"\b(?:ajax|feyenoord|psv|vvv|klassieker|eredivisie|voetbal|wedstrijd|goal|doelpunt|\d\s?-\s?\d|supporters|"
    r"stadion|derby|keeper|scheids|penalty|competitie|uitwedstrijd|seizoen|kkd|beker|spits|trainer|degradatie|football|nac|heracles|cambuur)\b"
)
CLUBS = frozenset({
    "fc", "nac", "sparta", "ado", "az", "pec", "sc", "fortuna", "roda", "vvv", "heracles", "vitesse", "excelsior",
    "telstar", "helmond", "cambuur", "heerenveen", "tsv", "vv", "sv", "rkc", "mvv", "rkvv", "tops", "afc",
    "usv", "hfc",
})  # fmt: skip
"""Before the name of a town these words make a club of it."""
PLAYS = frozenset({"wint", "verliest", "speelt", "scoort", "wins", "beats", "tegen", "vs", "versus", "uit", "thuis"})
"""In a text on football these words beside a town's name make a club of it."""
WIND = re.compile(r"\b(?:wind|windkracht|graden|bewolkt|kompas|gordel|noordelijk|weerbericht|beaufort|buien|bft)\b")
"""Words that make a point of the compass no part of town."""
AGAINST = frozenset({"tegen", "vs", "versus", "zij", "komt", "komen", "wij"})
"""Beside a point of the compass these words make a side of town of it."""
ACROSS = frozenset({"en", "of", "tot", "naar", "and", "to", "or"})
"""Between two points of the compass these words speak of the whole land."""
COMPASS = frozenset({"noord", "oost", "zuid", "west", "centrum", "zuidoost", "noordoost", "zuidwest", "noordwest"})
SIDES = COMPASS - {"centrum"}
CREW_WORDS = frozenset({
    "opps", "block", "gang", "boys", "mannen", "jongens", "gasten", "side", "mandem", "bewoners", "buurt",
})  # fmt: skip
"""In a text with these words a point of the compass is a side of town."""
LARGER_LAND = frozenset({
    "van", "holland", "europa", "korea", "afrika", "nederland", "amerika", "duitsland", "brabant", "limburg", "azie",
    "kust", "coast", "side", "bank", "wind", "indies", "end", "ham", "point", "germany", "virginia", "wing",
})  # fmt: skip
"""After a point of the compass these words make it a direction or a part of a larger land."""
TITLES = frozenset({
    "meneer", "mevrouw", "mevr", "mvr", "dhr", "juf", "meester", "mr", "mrs", "ms", "dr", "prof", "koning",
    "koningin",
    "prins", "prinses", "minister", "burgemeester", "wethouder", "rapper", "dj", "coach", "oom", "tante", "sinter",
    "president", "buurvrouw", "buurman", "schrijver", "schilder", "king", "queen", "uncle", "sir", "lady",
    "opa", "oma", "pastoor", "dominee",
})  # fmt: skip
"""Before a name these words make a person of it."""
THINGS = frozenset({
    "bank", "bv", "nv", "museum", "bier", "kaas", "app", "airlines", "verzekeringen", "groep", "holding", "kapsels",
    "jeans", "records", "keukens", "drop", "worst", "mosterd", "schilderij", "symfonie", "sonate", "kazerne", "fm",
    "porselein", "stroopwafels", "kozijnen", "hypotheken", "software", "cola", "game", "serie", "film", "album",
})  # fmt: skip
"""After a name these words make a firm or a product of it."""
COUNTED_BEFORE = frozenset({
    "bel", "tel", "telefoon", "nummer", "bellen", "gebeld", "app", "nr", "call", "phone", "prijs", "code",
    "pagina", "blz",
    "hoofdstuk", "kamer", "lokaal", "bus", "lijn", "tram", "first", "eerste", "page", "room",
})  # fmt: skip
"""Before three digits these words make a number of them, not an area code."""
COUNTED_AFTER = frozenset({
    "dagen", "uur", "people", "euro", "keer", "meter", "minuten", "km", "stuks", "days", "times", "gram",
    "views", "punten",
})  # fmt: skip
"""After three digits these words make a count of them."""
TELEPHONE = frozenset({"nummer", "telefoonnummer", "klantenservice", "helpdesk", "netnummer"})
CHEESE = frozenset({"kaas", "kazen", "cheese", "cheeses", "mosterd", "mustard", "feta", "komijn", "fromage", "ser"})
CHEESE_TOWNS = frozenset({"gouda", "edam", "leerdam", "maasdam", "beemster", "limburg", "goudse", "edammer", "parma"})
"""Towns that are cheeses in a text on cheese."""
DUTCH = frozenset({
    "de", "het", "een", "ik", "niet", "en", "met", "voor", "zijn", "mn", "ook", "naar", "jij", "je", "wij",
    "heel", "koud",
    "van", "maar", "die", "dat", "deze", "wat", "hoe", "nog", "alleen", "ze", "hij", "hier", "daar", "weer", "uit",
})  # fmt: skip
"""Small words that only Dutch has."""
WEAK_BEFORE_SCHOOL = frozenset({"van", "tegen", "om", "the", "door", "stad", "na", "voor", "by"})
"""Words that stand before a place, and before a school's name no more than before a person or a firm."""
SCHOOL_TAIL = frozenset(
    {"college", "lyceum", "gymnasium", "gym", "mavo", "scholengemeenschap", "praktijkschool", "school"}
)
"""Words that belong to a school's name when they follow it."""
SCHOOL_HEAD = frozenset({"sg", "csg", "rsg", "osg", "nsg", "ksg", "bc", "roc", "cs", "isk", "sint", "st", "college"})
"""Words that belong to a school's name when they stand before it."""
STATION_WORDS = frozenset({
    "station", "ns", "cs", "bahnhof", "metro", "metrostation", "metrohalte", "busstation", "treinstation", "gare",
})  # fmt: skip
"""Words that make a station of the name of a town beside them, and belong to it."""
COMMON_NOUNS = frozenset({
    "plein", "poort", "brug", "hoek", "kluis", "werkplaats", "centrum", "sluis", "haven", "markt", "molen",
    "toren", "kerk",
    "fontein", "bron", "boog", "ark", "burcht", "schakel", "regenboog", "zee", "beek", "dam", "dijk", "baan",
    "anderen",
    "vierde", "derde", "kaart", "glas", "hal", "hall", "handel", "winkel", "broek", "elden", "hee", "rijen", "noorden",
    "zuiden", "huizen",
})  # fmt: skip
"""Common nouns that are names of places, too; in small letters they are nouns."""
NO_OWN_NAME = frozenset({
    "international", "internationale", "high", "middle", "primary", "secondary", "elementary", "stedelijk",
    "christelijk",
    "openbaar", "montessori", "hele", "heel", "my", "our", "ons", "mijn", "jullie", "nieuwe", "oude", "eerste", "law",
})  # fmt: skip
"""Words that, with a school's kind, are no name of their own."""
SCHOOL_SPOTS = frozenset({
    "hek", "ingang", "aula", "kantine", "fietsenhok", "fietsenstalling", "gymzaal", "schoolplein", "brugklas",
    "leerlingen", "klas", "ouders", "kluisjes", "parkeerplaats", "achterkant", "voorkant", "poort", "trappen",
    "bovenbouw", "onderbouw",
})  # fmt: skip
"""'De aula van X': X is a school."""
SPEAKS_OF_IT = frozenset({"is", "staat", "blijft", "weet", "kent", "slaapt", "praat", "komt", "zit", "heeft", "gaat"})
"""After a point of the compass at the head of a sentence these words speak of a part of town."""
