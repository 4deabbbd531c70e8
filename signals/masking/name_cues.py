"""The words that announce a personal name, as patterns. Whether what stands there is a name, `names` decides."""

import re

from signals.masking.reading import GAP

_PREFIX = r"(?:(?:van|von|de|den|der|ten|ter|el|al|vd|v\.d\.|ben|'t)\s){0,3}"
HONORIFIC = re.compile(
    rf"\b(?:meneer|mijnheer|mevrouw|mevr\.?|mvr\.?|dhr\.?|mw\.?|juf|juffrouw|meester|docente?|mentor|leraar|lerares"
    rf"|conci[eë]rge|wijkagent|rector|teamleider|tante|oom|mr\.?|mrs\.?|miss|sir)\s(?P<prefix>{_PREFIX})"
    r"(?P<name>[^\W\d_][\w'\-]{1,40})"
    r"(?P<close>(?=[^\w\s]|\s*$|\s+(?:is|en|was|van|uit|heeft|gaat|krijgt|wordt|van|op|in|die|komt|wacht|na|met|zijn|haar"
    r"|morgen|vandaag|straks|moet|zei|zegt|kan|doet|dood|ook|weer)\b)|)",
    re.IGNORECASE,
)

_CLASS = (
    r"(?:(?:me|mijn|mn|m'n|zijn|zn|haar|onze|jouw|je)\s(?:klas|jaar|groep)|klas\s?\w{1,3}|niveau\s\d|leerjaar\s\d|groep\s\d"
    r"|[1-6]\s?(?:e\s?)?(?:klas|havo|vwo|vmbo|mavo|gym|ath|mbo|kader|basis|tl|gt)\w{0,3}|(?:havo|vwo|vmbo|mavo|mbo|[hvmkbtga])"
    r"\s?[1-6][a-z]?\b|[1-6][a-z]{1,3}\d?\b|de\s(?:eerste|tweede|derde|vierde|vijfde|zesde|brugklas|examenklas|parallelklas))"
)
_THEIR = r"(?:z'?n|zijn|haar|d'r|m'?n|mijn|me|je|jouw|hun|de|der|his|her|my)"

BEFORE: tuple[tuple[re.Pattern[str], bool], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), unlisted)
    for pattern, unlisted in (
        (
            rf"\b(?:ik|hij|zij|ze|die|jongen|meisje|gozer|gast|mattie|mannetje|chick|osso|wie|leerling)\sheet(?:te)?{GAP}{{1,2}}",
            True,
        ),
        (r"\bheet(?:te)?\s(?:hij|ze|zij|die|gewoon|trouwens|eigenlijk|echt)\s", True),
        (
            rf"\b{_THEIR}\s(?:(?:voor|achter|echte|volledige|hele|real|full|first)\s?)?(?:naam|name)\s(?:is|was){GAP}{{1,2}}",
            True,
        ),
        (r"\bnaam\s?:\s?", True),
        (
            r"\b(?:genaamd|geheten|bijgenaamd|met\sde\snaam|met\sals\snaam|onder\sde\snaam|bekend\sals|alias|a\.?k\.?a\.?|named|called)\s['\"“]?",
            True,
        ),
        (r"\b(?:noemt\szich(?:zelf)?|noemen\s(?:hem|haar)|(?:hem|haar)\snoemen|ze\snoemen\shem)\s", True),
        (
            r"\b(?:pak|pakken|gepakt|steek|steken|klap|klappen|sla|slaan|schop|prik|prikken|zoek|zoeken|zoekt|ontvoer"
            r"|expose|exposed|bel|vraag|dm|tag|volg|bedreig|drill|rip|beroof|sloop|slopen|vermoord|neuk|kk|fuck|rob|stab|get)\s"
            r"(?:die\s|deze\s|kleine\s|dikke\s|vieze\s)?",
            False,
        ),
        (
            r"\b(?:is|was|waar\sis|wie\sis|ken\sje|kent\siemand|kent\siem|wie\skent|hey|hee|yo|ey|hoi|hallo|sup|tegen|naast|samen\smet)\s",
            False,
        ),
        (
            r"\b(?:ex|vriend(?:in)?|broer(?:tje)?|zus(?:je)?|neef(?:je)?|nicht(?:je)?|maat|matti?e|bestie|dochter|zoon|homie"
            r"|buurjongen|buurmeisje|collega|klasgenoot|leerling|oom|tante)(?:\s(?:van|heet|is))?\s",
            False,
        ),
        (
            r"\b(?:wij|we|ze|iedereen|jullie|ik)\s(?:pakken|zoeken|hebben|wachten\sop|weten\sdat|haten|willen|ga|gaan|ken|haat|zag|zie)\s",
            False,
        ),
        (
            r"\b(?:met|van|voor|door|op|aan|bij|naar|over|dat|als|en|foto'?s\svan|filmpje\svan|leaks\svan|adres\svan|nudes\svan)\s",
            False,
        ),
    )
)
"""A pattern ends where the name starts. True: also a name in no list counts, when it has a capital."""

AFTER: tuple[tuple[re.Pattern[str], bool], ...] = tuple(
    (re.compile(rf"(?<![\w'\-])(?P<name>[^\W\d_][\w'\-]{{1,40}})\s{pattern}", re.IGNORECASE), unlisted)
    for pattern, unlisted in (
        (rf"(?:uit|van|in)\s{_CLASS}", True),
        (r"heet\s(?:hij|ze|zij|die|ie)\b", True),
        (r"heet(?=\s*(?:$|[.,!?\n]))", False),
        (
            r"(?:is|zit|loopt|staat|komt|was)\s(?:(?:nu|ook|altijd|vandaag|morgen|nog|net|weer|niet)\s){0,2}(?:op|naar|bij)\s(?:school|de\skluisjes|het\shek|t\shek)\b",
            False,
        ),
        (
            r"(?:gaat|krijgt|moet|wordt|is)\s(?:er\s?aan|dood|geklapt|gepakt|geprikt|klaar|geweest|een\ssnitch|n\ssnitch|de\sl[ou]l|zn\sstraf|zijn\sstraf|klappen|slaag|bang|next)\b",
            False,
        ),
        (
            r"(?:heeft|had|hb|zei|zegt|denkt|wou|wilde|woont|snitcht|gaat|moet|krijgt|komt|zit|wacht|loopt|doet|gaf|stuurde|appte|belde)\b",
            False,
        ),
        (r"(?:na\sschool|achter\sschool|in\sde\spauze|je\sbent|you)\b", False),
    )
)
"""The name is the word before the pattern."""

STREET_SUFFIX = re.compile(
    r"(?:straat|weg|laan|plein|kade|gracht|dijk|singel|hof|steeg|plantsoen|dreef|park|markt|baan|haven|boulevard|college"
    r"|lyceum|gymnasium|school|scholen|scholengemeenschap|mavo|kerk|brug|buurt|wijk|hal|tunnel|sluis|eiland)$"
)
