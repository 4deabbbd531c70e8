"""What people call a neighbourhood, given its official name: plain names out of 'Wijk 03 Vinkhuizen e.o.'.

Only text; which neighbourhood gets which name is for `neighbourhoods` to settle.
"""

import re

_BEFORE = re.compile(r"^(?:wijk\s+[0-9]+\w?\b[\s.:-]*|kern(?:en)?\s+|buurtschap\s+|woonkern\s+)", re.IGNORECASE)
_AFTER = re.compile(
    r"(?:\s*-\s*[Bb]uurt(?:\s+\d[\d ]*)?|\s*\([^)]*\)"
    r"|\s+(?:e\.?\s?o\.?|c\.?\s?a\.?|en omgeving|district)|(?<=\w)district"
    r"|[\s-]+(?:[Ww]oon)?[Kk]ern|-[Dd]orp|\s+(?:[IVX]{1,4}|[A-D]|\d+))\.?$"
)
_NO_NAME = re.compile(
    r"\d|verspr|buitengebied|landelijk|overig|bedrijven|bedrijfst|industrie|\bind\.|business|sportpark|recreatie|ziekenhuis|"
    r"begraaf|bungalow|camping|vakantie|kazerne|vliegbasis|kantoren|volkstuin|glastuin|woonwagen|transport|"
    r"\b(?:gebied|terrein|zone|polders?|buiten|haven|kern|dorp)$|(?:gebied|terrein|gebieden)$|nog te|^wijk$|^sector\b|"
    r"^deelgebied|\bev$|^omgeving|^rond |^tussen ",
    re.IGNORECASE,
)
_QUARTER = (
    r"(?:noord|zuid|oost|west|midden|centrum)(?:[ -]?(?:noord|zuid|oost|west|centrum))?|"
    r"noordoost|noordwest|zuidoost|zuidwest|hoogbouw|laagbouw|[nzow]\."
)
_END = re.compile(rf"(?:\s*[-/]\s*|\s+)(?:{_QUARTER})$", re.IGNORECASE)
_BARE_QUARTER = re.compile(rf"^(?:{_QUARTER}|stadscentrum|binnenstad|stadskern|stadshart|dorp)$", re.IGNORECASE)
_JOINTS = re.compile(r"\s*/\s*|\s+-\s+|\s+(?:&|\+|en)\s+|,\s+")
_HYPHEN = re.compile(r"(?<=[a-zé]{4})-(?=(?:De |Het )?[A-Z])")
_NOT_ALONE = re.compile(
    r"^(?:oud|oude|nieuw|nieuwe|groot|klein|hoog|laag|sint|st\.?|de|het|boven|beneden|over|onder|achter|buiten|park|barger|emmer|"
    rf"{_QUARTER})$",
    re.IGNORECASE,
)
_NO_WHOLE = re.compile(rf"{_NOT_ALONE.pattern}|\b(?:van|het|de|en|rondom|rond)$|[&/,]", re.IGNORECASE)
_STREET = re.compile(r"(?:straat|laan|weg|dijk|singel|kade|plantsoen|plein|markt|gracht)(?: \w)?$", re.IGNORECASE)
_BROKEN = re.compile(rf"-$|^(?:{_QUARTER}) ", re.IGNORECASE)
_SHORTEST = 5


def plain(official: str) -> str:
    """The name without its number, its 'kern' and its 'e.o.'; empty when nobody lives by that name."""
    name = _BEFORE.sub("", official.strip())
    while (shorter := _AFTER.sub("", name).strip(" -,.")) != name:
        name = shorter
    return "" if len(name) < 2 or _NO_NAME.search(name) else name[0].upper() + name[1:]


def whole(name: str) -> str:
    """The neighbourhood that a quarter is part of: 'Vinkhuizen' for 'Vinkhuizen-Noord'; empty when it is none."""
    found = _END.sub("", name).strip()
    while (shorter := _END.sub("", found).strip()) != found:
        found = shorter
    return "" if found == name or _NO_WHOLE.search(found) or is_quarter(found) else found


def shared(name: str) -> str:
    """What stands before the first hyphen, perhaps a neighbourhood of several: 'Vathorst' of 'Vathorst-De Laak'."""
    first, hyphen, _ = name.partition("-")
    first = first.strip()
    return first if hyphen and len(first) >= _SHORTEST and not _NO_WHOLE.search(first) and not whole(first) else ""


def parts(name: str) -> list[str]:
    """The names in a double one: 'Velve' and 'Lindenhof' in 'Velve-Lindenhof'; none in 'Oud-Zuid'."""
    found = [part.strip() for joint in _JOINTS.split(name) for part in _HYPHEN.split(joint)]
    if len(found) < 2 or any(len(part) < _SHORTEST or _NOT_ALONE.match(part) for part in found):
        return []
    return [part for part in found if not is_street(part) and part[0].isupper() and not _BROKEN.search(part)]


def is_street(name: str) -> bool:
    """Whether it is called after a street or square, which is what people mean by the name then."""
    return _STREET.search(name) is not None


def is_quarter(name: str) -> bool:
    """Whether it is only a point of the compass or the middle, which every town has."""
    return _BARE_QUARTER.match(name) is not None
