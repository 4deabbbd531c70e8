"""Names that a register writes in capitals, as people write them: CAPELLE AAN DEN IJSSEL is Capelle aan den IJssel."""

import re
from collections.abc import Iterable, Mapping

_SMALL = frozenset(
    {
        "a/d", "aan", "ad", "bij", "de", "den", "der", "d'", "en", "gem", "het", "in", "op", "over", "'s", "'t", "te",
        "ten", "ter", "tot", "van", "voor",
    }
)  # fmt: skip


def spellings(names: Iterable[str]) -> Mapping[str, str]:
    """Known names by their form in capitals."""
    return {name.upper(): name for name in names}


def readable(name: str, known: Mapping[str, str]) -> str:
    """A known name by its capitals; else each word with one capital, small words without. Mixed case stays."""
    name = re.sub(r"\s+", " ", name.replace("’", "'").replace("`", "'")).strip()
    if name.upper() in known:
        return known[name.upper()]
    if not name.isupper():
        return name
    parts = re.split(r"([ \-/(])", name.lower())
    return "".join(_word(part, first=number == 0) for number, part in enumerate(parts))


def _word(word: str, *, first: bool) -> str:
    if word in {"'s", "'t"} or (word in _SMALL and not first):
        return word
    if word.startswith("ij"):
        return "IJ" + word[2:]
    return word[:1].upper() + word[1:]
