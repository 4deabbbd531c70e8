"""The Dutch of a reader's own pages that no template holds: languages, and answers of forms."""

from collections.abc import Iterator

from signals.label import Lang

LANGUAGES: dict[Lang, str] = {
    Lang.NL: "Nederlands",
    Lang.MIXED: "Nederlands met straattaal of Engels erdoor",
    Lang.EN: "Engels",
    Lang.OTHER: "een andere taal",
}

KEPT = "Bewaard."
CHOOSE_A_LANGUAGE = "Kies minstens één taal. Er is niets veranderd."


def phrases() -> Iterator[str]:
    """All of them, for the catalogue."""
    yield from LANGUAGES.values()
    yield from (KEPT, CHOOSE_A_LANGUAGE)
