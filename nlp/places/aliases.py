"""Other names of a school, made by rule: without its kind, without its list of levels, as initials.

Every alias carries how it was made. Nicknames that no rule gives stand in a curated list.
"""

import re
from collections.abc import Callable

Alias = tuple[str, str]
"""The alias in lower case and how it was made: official, short, core, initials, or primary (needs a school word)."""

_LEVELS = re.compile(
    r"[,(]?\s*\b(?:voor|v\.?)?\s*\b(?:vwo|havo|mavo|vbo|vmbo|lwoo|pro|gymnasium|atheneum|lyceum)\b"
    r"(?:[\s,/&+-]+(?:en|voor|met|vwo|havo|mavo|vbo|vmbo|lwoo|pro|gymnasium|atheneum|lyceum)\b)+.*$",
    re.IGNORECASE,
)
_FOR = re.compile(r"\s+(?:voor|v\.)\s+(?:vwo|havo|mavo|vbo|vmbo|lwoo|praktijk|voortgezet|gymnasium).*$", re.IGNORECASE)
_DENOMINATION = re.compile(
    r"^(?:(?:chr|christ|christelijk|christelijke|openb|openbaar|openbare|rooms|katholiek|katholieke|rk|prot|islamitisch|"
    r"islamitische|interconfessionele|interconf|reformatorische|algemeen|bijzonder|geref|gereformeerde|dalton|sted|stedelijk"
    r")\.?\s+)+",
    re.IGNORECASE,
)
_KIND_BEFORE = re.compile(
    r"^(?:(?:het|de)\s+)?(?:scholengemeenschap|scholengem|sgm|sg|csg|osg|rsg|isg|college|lyceum|gymnasium|school|"
    r"praktijkschool|mavo|vmbo|schgem|regionale scholengemeenschap)\b\.?\s+",
    re.IGNORECASE,
)
_KIND_AFTER = re.compile(
    r"\s*(?:college|lyceum|gymnasium|scholengemeenschap|mavo|vmbo|vwo|havo|atheneum|school|praktijkonderwijs)\s*$",
    re.IGNORECASE,
)
_PART = re.compile(r"\s*(?:\b(?:locatie|loc|vestiging|vest)\b[.,]?|\s-\s|, )\s*", re.IGNORECASE)
_TOO_GENERAL = frozenset({
    "college", "lyceum", "gymnasium", "mavo", "havo", "vwo", "vmbo", "school", "praktijkschool", "praktijkonderwijs",
    "montessori", "stedelijk", "christelijk", "openbaar", "het", "de", "sint", "noord", "zuid", "oost", "west", "groen",
    "centrum", "vakcollege", "techniek", "pro", "vo", "isk", "nieuwe", "nieuw", "locatie", "regio", "gym", "havo-vwo",
    "vestiging", "hoofdvestiging", "hoofdgebouw",
})  # fmt: skip
PRIMARY_WORDS = frozenset({
    "basisschool", "obs", "cbs", "rkbs", "kbs", "bs", "ibs", "montessorischool", "daltonschool",
})  # fmt: skip
"""Words that make a primary school's name a place; without one such a name is too ordinary."""

_PRIMARY_KIND = re.compile(
    r"^(?:(?:r\.?k\.?|prot\.?|chr\.?|o\.?) )?(?:{}|basisschool)\.?\s+".format("|".join(sorted(PRIMARY_WORDS)))
)


def school_aliases(name: str, short_name: str, common: list[str], *, primary: bool) -> list[Alias]:
    """Aliases of one school location, the official name first."""
    if primary:
        return [(_PRIMARY_KIND.sub("", name.lower()), "primary")]
    found: dict[str, str] = {}

    def add(alias: str, kind: str) -> None:
        alias = re.sub(r"\s+", " ", alias.strip(" ,.-()").lower())
        if len(alias) >= 3 and alias not in _TOO_GENERAL:
            found.setdefault(alias, kind)

    for given in (name, short_name, *common):
        whole = _spelled_out(given)
        if not whole:
            continue
        add(given, "official")
        for part in (_PART.split(whole)[0], *_PART.split(whole)[1:]):
            _one_name(part, add)
    return list(found.items())


def _one_name(part: str, add: Callable[[str, str], None]) -> None:
    short = _FOR.sub("", _LEVELS.sub("", part)).strip(" ,-")
    add(short, "short")
    plain = _DENOMINATION.sub("", short)
    add(plain, "short")
    add(re.sub(r"(?<=\w{4})(lyceum|college)$", r" \1", plain, flags=re.IGNORECASE), "short")
    core = _KIND_AFTER.sub("", _KIND_BEFORE.sub("", plain)).strip()
    core = re.sub(r"^(?:het|de)\s+(?=\w{5,}$)", "", core, flags=re.IGNORECASE)
    if core != plain and len(core) >= 4:
        add(core, "core")
        add(re.sub(r"^(?:ir|dr|mr|prof|st|sint|ds)\.?\s+", "", core, flags=re.IGNORECASE), "core")


def _spelled_out(given: str) -> str:
    """A name with the abbreviations of the official files written in full."""
    whole = re.sub(r"\bcoll\b\.?", "college", given, flags=re.IGNORECASE)
    whole = re.sub(r"\b(?:opb|openb)\b\.?", "openbare", whole, flags=re.IGNORECASE)
    return re.sub(r"\bscholengr\b\.?", "scholengroep", whole, flags=re.IGNORECASE).strip()
