"""The words around a name that announce it, as patterns tried at one word. Whether it is a name, `names` decides."""

import re

from signals.masking.reading import GAP

_CLASS = (
    r"(?:(?:me|mijn|mn|m'n|zijn|zn|haar|onze|jouw|je)\s(?:klas|jaar|groep)|klas\s?\w{1,3}|niveau\s\d|leerjaar\s\d"
    r"|groep\s\d|[1-6]\s?(?:e\s?)?(?:klas|havo|vwo|vmbo|mavo|gym|ath|mbo|kader|basis|tl|gt)\w{0,3}"
    r"|(?:havo|vwo|vmbo|mavo|mbo|[hvmkbtga])\s?[1-6][a-z]?\b|[1-6][a-z]{1,3}\d?\b"
    r"|de\s(?:eerste|tweede|derde|vierde|vijfde|zesde|brugklas|examenklas|parallelklas))"
)
_THEIR = r"(?:z'?n|zijn|haar|d'r|m'?n|mijn|me|je|jouw|hun|de|der|his|her|my)"
_WHEN = r"(?:(?:nu|ook|altijd|vandaag|morgen|nog|net|weer|niet)\s){0,2}"

TELLS_BEFORE = re.compile(
    rf"\b(?:(?:ik|hij|zij|ze|die|jongen|meisje|gozer|gast|mattie|mannetje|chick|wie|leerling)\sheet(?:te)?{GAP}{{1,2}}"
    r"|heet(?:te)?\s(?:hij|ze|zij|die|gewoon|trouwens|eigenlijk|echt)\s"
    rf"|{_THEIR}\s(?:(?:voor|achter|echte|volledige|hele|real|full|first)\s?)?(?:naam|name)\s(?:is|was){GAP}{{1,2}}"
    r"|naam\s?:\s?|noemt\szich(?:zelf)?\s|noemen\s(?:hem|haar)\s|(?:hem|haar)\snoemen\s"
    r"|(?:genaamd|geheten|bijgenaamd|met\sde\snaam|onder\sde\snaam|bekend\sals|alias|a\.?k\.?a\.?|named|called)\s['\"“]?)$",
    re.IGNORECASE,
)
"""Says outright that a name comes: also one that no list knows counts, when it has a capital."""

HINTS_BEFORE = re.compile(
    r"\b(?:"
    r"(?:pak|pakken|gepakt|steek|steken|klap|klappen|sla|slaan|schop|prik|prikken|zoek|zoeken|zoekt|ontvoer|exposed?|bel"
    r"|vraag|dm|tag|volg|bedreig|drill|rip|beroof|sloop|slopen|vermoord|neuk|kk|fuck|rob|stab|get)"
    r"\s(?:die\s|deze\s|kleine\s|dikke\s|vieze\s)?"
    r"|(?:is|was|ken\sje|kent|ken|hey|hee|yo|ey|hoi|hallo|sup|tegen|naast|samen\smet|met|van|voor|door|op|aan|bij|naar"
    r"|over|dat|als|en|of)\s"
    r"|(?:ex|vriend(?:in)?|broer(?:tje)?|zus(?:je)?|neef(?:je)?|nicht(?:je)?|maat|matti?e|bestie|dochter|zoon|homie"
    r"|buurjongen|buurmeisje|collega|klasgenoot|leerling|oom|tante)(?:\s(?:van|heet|is))?\s"
    r"|(?:pakken|zoeken|hebben|wachten\sop|haten|willen|ga|gaan|haat|zag|zie|heb)\s"
    r")$",
    re.IGNORECASE,
)
"""Makes a listed name in lower case a name."""

TELLS_AFTER = re.compile(rf"\s(?:(?:uit|van|in)\s{_CLASS}|heet\s(?:hij|ze|zij|die|ie)\b)", re.IGNORECASE)

HINTS_AFTER = re.compile(
    rf"\s(?:heet(?=\s*(?:$|[.,!?\n]))"
    rf"|(?:is|zit|loopt|staat|komt|was)\s{_WHEN}(?:op|naar|bij)\s(?:school|de\skluisjes|het\shek|t\shek)\b"
    r"|(?:gaat|krijgt|moet|wordt|is)\s(?:er\s?aan|dood|geklapt|gepakt|geprikt|klaar|geweest|een\ssnitch|n\ssnitch"
    r"|zn\sstraf|zijn\sstraf|klappen|slaag|bang|next)\b"
    r"|(?:heeft|had|hb|zei|zegt|denkt|wou|wilde|woont|snitcht|gaat|moet|krijgt|komt|zit|wacht|loopt|doet|gaf|stuurde"
    r"|appte|belde)\b"
    r"|(?:na|achter)\sschool\b|in\sde\spauze\b|je\sbent\b)",
    re.IGNORECASE,
)

_HONOURS = (
    r"\b(?:meneer|mijnheer|mevrouw|mevr\.?|mvr\.?|dhr\.?|mw\.?|juf|juffrouw|meester|docente?|mentor|leraar|lerares"
    r"|conci[eë]rge|wijkagent|rector|teamleider|tante|oom|mr\.?|mrs\.?|miss|sir)\s"
)
HONORIFIC_WORD = re.compile(_HONOURS, re.IGNORECASE)
"""A text without this has no `HONORIFIC` anywhere."""

HONORIFIC = re.compile(
    _HONOURS + r"(?P<prefix>(?:(?:van|von|de|den|der|ten|ter|el|al|vd|v\.d\.|ben|'t)\s){0,3})$",
    re.IGNORECASE,
)
HONORIFIC_CLOSE = re.compile(
    r"[^\w\s]|\s*$|\s+(?:is|en|was|van|uit|heeft|gaat|krijgt|wordt|op|in|die|komt|wacht|na|met|zijn|haar|morgen|vandaag"
    r"|straks|moet|zei|zegt|kan|doet|dood|ook|weer)\b",
    re.IGNORECASE,
)
"""What may follow a lower-case surname after an honorific; `meester de les begint` names nobody."""

STREET_SUFFIX = re.compile(
    r"(?:straat|weg|laan|plein|kade|gracht|dijk|singel|hof|steeg|plantsoen|dreef|park|markt|baan|haven|boulevard|college"
    r"|lyceum|gymnasium|school|scholen|scholengemeenschap|mavo|kerk|brug|buurt|wijk|hal|tunnel|sluis|eiland)$"
)

SURNAME = re.compile(
    r"(?i:[ ](?:van|von|vd|v\.d\.|de|den|der|ten|ter|te|da|dos|el|al|ben|bin|ould|in|'t|op|la|le)(?![\w'])){0,3}"
    r"[ \-](?P<last>[^\W\d_](?:\w|['\-](?=\w)){0,40}\.?)"
)
